import { accessSync, readFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import { parseJsonc } from "./jsonc.js";
import { isClass, loadFile, moduleValue } from "./load.js";

/** What code that loads a file gets of it. */
export interface LoadedForCode {
  /** Null for what is no module or not there, nothing for a module that cannot be read. */
  resolved: unknown;
  extension?: string;
  dirname: string;
}

/** Loads JSON and JavaScript as Pinokio does for the code of apps: classes are built, functions are left as they are. */
export async function loadForCode(path: string): Promise<LoadedForCode> {
  if (!isThere(path)) return { resolved: null, dirname: dirname(path) };
  const place = { extension: extname(path), dirname: dirname(path) };
  if (!/\.js(?:on)?$/i.test(path)) return { resolved: null, ...place };
  try {
    const value = moduleValue((await loadFile(path)).exported);
    return { resolved: isClass(value) ? (Reflect.construct(value as () => void, []) as unknown) : value, ...place };
  } catch {
    return { resolved: undefined, ...place };
  }
}

export function isThere(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false; // not there, or not ours to know
  }
}

export function readJson(path: string): unknown {
  try {
    return parseJsonc(readFileSync(path, "utf8"), path).value;
  } catch {
    return undefined;
  }
}
