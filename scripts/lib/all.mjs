import { SetupError } from "./errors.mjs";

/** Lets every one come to its end before a failure is thrown, so that nothing goes on behind our back. */
export async function all(promises) {
  const results = await Promise.allSettled(promises);
  const failures = results.filter((result) => result.status === "rejected").map((result) => result.reason);
  if (failures.length === 0) return;
  throw failures.find((failure) => !(failure instanceof SetupError)) ?? failures[0];
}
