import { interpreterOf } from "../base/program-file.js";
import { PinokioError } from "../protocol/errors.js";
import { loadFile, resolveExport } from "./load.js";
import { scriptOfProgram } from "./program.js";
import { explainThrown } from "./source-error.js";

/** One entry of a script's list, as written. Authors put anything in it; what we read of it is decided where it is read. */
export type Step = Record<string, unknown>;

/** A loaded script: what its file exports, after functions were called and classes built. */
export interface Script {
  readonly file: string;
  /** What templates see as `self`. */
  readonly value: Record<string, unknown>;
  readonly warnings: readonly string[];
}

/** Loads a script, or makes one of a program. A file that exports a function is called with the kernel; see `resolveExport`. */
export async function loadScript(file: string, kernel: unknown, { isProgram = false } = {}): Promise<Script> {
  const interpreter = interpreterOf(file, { orJavaScript: isProgram });
  if (interpreter !== null) return { file, value: scriptOfProgram(file, interpreter), warnings: [] };
  const { exported, warnings } = await loadFile(file);
  const value = await resolveExport(exported, kernel).catch((error: unknown) => {
    throw explainThrown(error, file);
  });
  if (!isObject(value)) {
    throw new PinokioError("script-invalid", `${file} exports ${nameOf(value)} where an object belongs`, {
      hint: 'A script is an object with a list named "run"',
      context: { file },
    });
  }
  return { file, value, warnings };
}

export const isDaemon = ({ value }: Script): boolean => Boolean(value["daemon"]);

/** The steps of one of a script's lists. A list may be a function that makes them; it is called once per run. */
export async function resolveSteps(
  script: Script,
  action: string,
  ...args: readonly unknown[]
): Promise<(Step | null)[]> {
  const list = Object.hasOwn(script.value, action) || action in script.value ? script.value[action] : undefined;
  const steps: unknown = typeof list === "function" ? await Reflect.apply(list, script.value, args) : list;
  if (!Array.isArray(steps) || steps.length === 0) {
    throw new PinokioError("script-invalid", `${script.file} has no list of steps named "${action}"`, {
      hint: listsOf(script).length === 0 ? undefined : `Lists in this script: ${listsOf(script).join(", ")}`,
      context: { file: script.file, action },
    });
  }
  return steps.map((step: unknown, index) => {
    if (step === null || step === undefined) return null;
    if (isObject(step)) return step;
    throw new PinokioError("script-invalid", `Step ${index + 1} of ${script.file} is ${nameOf(step)}, not an object`, {
      context: { file: script.file, action, step: String(index) },
    });
  });
}

const listsOf = ({ value }: Script): string[] =>
  Object.keys(value).filter((key) => Array.isArray(value[key]) || typeof value[key] === "function");

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "undefined" ? "nothing" : `a ${typeof value}`;
}
