/**
 * Node's own `fetch` throws where nobody can catch it when a server ends its connection while the last of an answer has
 * not been read yet (nodejs/undici#5360). The answer arrives whole all the same.
 */
export const isLateAssertion = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  error.code === "ERR_ASSERTION" &&
  /Parser\.finish|onHttpSocketEnd/.test(error.stack ?? "") &&
  /undici/.test(error.stack ?? "");
