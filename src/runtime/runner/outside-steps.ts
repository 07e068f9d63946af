import { isLateAssertion } from "../base/late-assertion.js";
import { PinokioError } from "../protocol/errors.js";

/** Rejects when code of the script fails outside of any step, such as in a timer it has set. */
export function failureOutsideSteps(script: string): Promise<never> {
  const failure = new Promise<never>((_, reject) => {
    const fail = (error: unknown): void => {
      if (isLateAssertion(error)) return;
      const message = error instanceof Error ? error.message : String(error);
      const stack = error instanceof Error ? error.stack : undefined;
      reject(
        new PinokioError("step-failed", `Code of ${script} failed outside of its steps: ${message}`, {
          cause: error,
          context: stack === undefined ? undefined : { stack },
        }),
      );
    };
    process.on("uncaughtException", fail);
    process.on("unhandledRejection", fail);
  });
  failure.catch(() => undefined); // it may come when nobody waits for it any more
  return failure;
}

/** Calls back when code of the script ends this process itself; only what needs no waiting can be done then. */
export function onOwnProcessEnded(callback: (error: PinokioError) => void): void {
  process.on("exit", (code) => {
    callback(
      new PinokioError("step-failed", `Code of the script ended its own process with exit code ${code}`, {
        hint: "The script calls process.exit() where it should return",
      }),
    );
  });
}
