import { homedir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../base/find-program.js";
import { namesIn } from "../base/names-in.js";

type Variables = Readonly<Record<string, string | undefined>>;

/** Folders besides PATH in which machines keep Pythons, those of a version manager first, the newest of them in front. */
export function usualPythonPlaces(env: Variables): string[] {
  const pyenv = join(env["PYENV_ROOT"] || join(env["HOME"] || homedir(), ".pyenv"), "versions");
  const managed = namesIn(pyenv).sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return [
    ...managed.map((name) => join(pyenv, name, "bin")),
    ...namesIn("/opt").map((name) => join("/opt", name, "bin")),
    "/usr/local/bin",
    "/usr/bin",
  ];
}

interface Wish {
  /** Such as "3.10". */
  version: string;
  /** Where to look, in this order. */
  folders: readonly string[];
  /** Whether a program is a Python: a version manager has a name for every one it knows, also for those that do not start. */
  starts(program: string): Promise<boolean>;
}

/** The Python 3 whose version is the nearest of those that start. */
export async function nearestPython({ version, folders, starts }: Wish): Promise<FoundPython | null> {
  const found = folders.flatMap(pythonsIn);
  for (const python of found.sort((a, b) => distance(a.version, version) - distance(b.version, version))) {
    if (await starts(python.program)) return python;
  }
  return null;
}

interface FoundPython {
  program: string;
  version: string;
}

function pythonsIn(folder: string): FoundPython[] {
  return namesIn(folder).flatMap((name) => {
    const version = /^python(3\.\d+)$/.exec(name)?.[1];
    const program = version === undefined ? null : findProgram(name, folder);
    return version === undefined || program === null ? [] : [{ program, version }];
  });
}

function distance(version: string, wanted: string): number {
  const minorOf = (text: string): number => Number(text.split(".")[1] ?? 0);
  return Math.abs(minorOf(version) - minorOf(wanted));
}
