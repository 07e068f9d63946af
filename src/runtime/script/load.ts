import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { types } from "node:util";
import { PinokioError } from "../protocol/errors.js";
import { parseJsonc } from "./jsonc.js";
import { explainThrown } from "./source-error.js";

export interface LoadedFile {
  /** What the file exports; for JSON, its value. */
  exported: unknown;
  warnings: string[];
}

/** Reads a `.json` or `.js` file of an author, afresh whatever was loaded before. Loading `.js` executes it. */
export async function loadFile(file: string): Promise<LoadedFile> {
  if (extname(file).toLowerCase() === ".json") {
    const { value, warnings } = parseJsonc(readText(file), file);
    return { exported: value, warnings };
  }
  readText(file); // for the same words when it is missing or unreadable
  try {
    return { exported: await importFresh(file), warnings: [] };
  } catch (error) {
    throw explainThrown(error, file);
  }
}

/** Lets the next load of anything below a folder read it again, helper modules included. */
export function forgetModulesBelow(folder: string): void {
  const { cache } = createRequire(`${folder}/`);
  const real = realPath(folder) + sep;
  for (const file of Object.keys(cache)) {
    if (file.startsWith(real)) Reflect.deleteProperty(cache, file);
  }
}

/** What an ES module is about; anything else is that itself. */
export const moduleValue = (exported: unknown): unknown =>
  types.isModuleNamespaceObject(exported) ? ((exported as { default?: unknown }).default ?? exported) : exported;

/** Calls what is a function and builds what is a class; anything else is the value already. */
export async function resolveExport(exported: unknown, ...args: unknown[]): Promise<unknown> {
  const value = moduleValue(exported);
  if (typeof value !== "function") return value;
  if (isClass(value)) return Reflect.construct(value, []) as unknown;
  // A function written as a constructor fills `this` and returns nothing.
  const made: unknown = Object.create((value.prototype as object | null | undefined) ?? Object.prototype);
  const returned: unknown = await Reflect.apply(value, made, args);
  return returned ?? made;
}

export const isClass = (value: unknown): boolean =>
  typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new PinokioError(
      missing ? "script-missing" : "script-invalid",
      missing ? `${file} does not exist` : `${file} cannot be read: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
}

let imports = 0;
const esModules = new Set<string>();

async function importFresh(file: string): Promise<unknown> {
  if (!esModules.has(file)) {
    const require = createRequire(file);
    const found = require.resolve(file);
    Reflect.deleteProperty(require.cache, found);
    try {
      const exported: unknown = require(found);
      if (!types.isModuleNamespaceObject(exported)) return exported;
      esModules.add(file);
      return exported;
    } catch (error) {
      if (!awaitsAtTop(error)) throw error;
      esModules.add(file);
    }
  }
  // ES modules are kept for good under their address, so each load gets an address of its own.
  return (await import(`${pathToFileURL(file).href}?load=${++imports}`)) as unknown;
}

const awaitsAtTop = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_REQUIRE_ASYNC_MODULE";

function realPath(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}
