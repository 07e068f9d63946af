import { basename } from "node:path";
import { PinokioError } from "../protocol/errors.js";

/** Whatever a program prints is its own affair: how it ends is told by its exit code. */
const NO_ERROR_WORDS = { event: "/.+/", break: false };

/** What a script of two steps would hold: a program runs, and its exit code says whether that went well. */
export const scriptOfProgram = (file: string, interpreter: string): Record<string, unknown> => ({
  title: basename(file),
  command: (args: unknown) => ({ ...flagsOf(args), _: [interpreter, file, ...wordsOf(args)] }),
  run: [
    { method: "shell.run", params: { message: "{{self.command(args)}}", path: ".", on: [NO_ERROR_WORDS] } },
    { method: (request: { input?: { exitCode?: unknown } }) => requireSuccess(file, request.input?.exitCode) },
  ],
});

/** A list is words, an object flags; anything else is one word. */
function wordsOf(args: unknown): unknown[] {
  if (Array.isArray(args)) return args;
  if (typeof args !== "object" || args === null) return args === undefined || args === null ? [] : [args];
  return "_" in args && Array.isArray(args._) ? args._ : [];
}

const flagsOf = (args: unknown): object =>
  typeof args === "object" && args !== null && !Array.isArray(args) ? args : {};

function requireSuccess(file: string, exitCode: unknown): { exitCode: unknown } {
  if (exitCode === 0) return { exitCode };
  const how = typeof exitCode === "number" ? `ended with exit code ${exitCode}` : "was ended";
  throw new PinokioError("step-failed", `${file} ${how}`, { hint: "Its output says why" });
}
