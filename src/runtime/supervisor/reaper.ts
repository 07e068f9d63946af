import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { findProgram } from "../base/find-program.js";

/** How a runner is started so that nothing it starts can get away; see `reaper.py`. */
export interface Reaper {
  /** The command in front of the program, which runs with this variable in its environment, in this control group. */
  command(variable: string, value: string, group: string | null): string[];
}

export interface ReaperPlace {
  /** Path of `reaper.py`. */
  script: string;
  /** The Python that somebody named, which is asked first. */
  python: string | undefined;
  path: string | undefined;
}

const PROBE_LIMIT_MS = 3_000;

/** Null where there is none: what a run started is then found by its mark, its session and its parents alone. */
export async function findReaper({ script, python, path }: ReaperPlace): Promise<Reaper | null> {
  if (process.platform !== "linux" || !existsSync(script)) return null;
  const candidates = [python, "/usr/bin/python3", findProgram("python3", path)];
  for (const candidate of new Set(candidates)) {
    if (candidate === undefined || candidate === null || !(await works(candidate))) continue;
    const start = [candidate, ...FLAGS, script];
    return { command: (variable, value, group) => [...start, `${variable}=${value}`, group ?? "-"] };
  }
  return null;
}

/** Nothing of the machine's own Python set-up: neither its variables nor its packages. */
const FLAGS = ["-I", "-S"];

async function works(python: string): Promise<boolean> {
  try {
    await promisify(execFile)(python, [...FLAGS, "-c", "import ctypes"], { timeout: PROBE_LIMIT_MS });
    return true;
  } catch {
    return false;
  }
}
