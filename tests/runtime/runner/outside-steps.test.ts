import { expect, test } from "@jest/globals";
import { outsideJest } from "../../helpers/outside-jest.js";

const MODULE = "src/runtime/runner/outside-steps.ts";

test("what code throws later, or rejects unseen, is a failure of its script", () => {
  const told = outsideJest(
    MODULE,
    `async ({ failureOutsideSteps }, tell) => {
      for (const fail of [
        () => setTimeout(() => { throw new Error("late") }, 1),
        () => void Promise.reject("just words"),
      ]) {
        const failure = failureOutsideSteps("a/start.js");
        fail();
        await failure.catch(({ code, message, context }) => tell([code, message, typeof context?.stack]));
        process.removeAllListeners("uncaughtException").removeAllListeners("unhandledRejection");
      }
    }`,
  );
  expect(told).toEqual([
    ["step-failed", "Code of a/start.js failed outside of its steps: late", "string"],
    ["step-failed", "Code of a/start.js failed outside of its steps: just words", "undefined"],
  ]);
});

test("only the first failure counts, and one that nobody waits for ends nothing", () => {
  const told = outsideJest(
    MODULE,
    `async ({ failureOutsideSteps }, tell) => {
      const failure = failureOutsideSteps("a/start.js");
      for (const word of ["first", "second"]) setTimeout(() => { throw new Error(word) }, 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await failure.catch(({ message }) => tell(message));
    }`,
  );
  expect(told).toEqual(["Code of a/start.js failed outside of its steps: first"]);
});

test("code that ends its process is said to have done so, with its exit code", () => {
  const told = outsideJest(
    MODULE,
    `async ({ onOwnProcessEnded }, tell) => {
      onOwnProcessEnded(({ message, hint }) => console.log(JSON.stringify([message, hint])));
      process.exit(0);
    }`,
  );
  expect(told).toEqual([
    "Code of the script ended its own process with exit code 0",
    "The script calls process.exit() where it should return",
  ]);
});
