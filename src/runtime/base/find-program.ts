import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Where the shell would find a program, or null. `path` is the text of a PATH variable. */
export function findProgram(name: string, path: string | undefined): string | null {
  if (name === "") return null;
  if (name.includes("/")) return isAbsolute(name) && isProgram(name) ? name : null;
  for (const folder of (path ?? "").split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const candidate = join(folder, name);
    if (isProgram(candidate)) return candidate;
  }
  return null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
