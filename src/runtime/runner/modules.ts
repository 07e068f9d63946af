import { statSync } from "node:fs";
import { isObject } from "../script/script.js";
import { loadFile, resolveExport } from "../script/load.js";
import { explainThrown } from "../script/source-error.js";
import { PinokioError } from "../protocol/errors.js";

type Callable = (request: unknown, onData: unknown, kernel: unknown) => unknown;

/** Files of code whose functions are methods of a script. What a module holds lives on until its file changes. */
export class Modules {
  readonly #loaded = new Map<string, { version: string; value: unknown }>();

  /** A function of the module at an absolute path. */
  async find(file: string, name: string, kernel: unknown): Promise<Callable> {
    const value = await this.#load(file, kernel);
    const found = isObject(value) || typeof value === "function" ? (value as Record<string, unknown>)[name] : undefined;
    if (typeof found === "function") return (...args) => Reflect.apply(found, value, args) as unknown;
    throw new PinokioError("method-unknown", `${file} has no function named "${name}"`, {
      hint: hintFor(value),
      context: { method: name },
    });
  }

  async #load(file: string, kernel: unknown): Promise<unknown> {
    const version = versionOf(file);
    const known = this.#loaded.get(file);
    if (known?.version === version) return known.value;
    const { exported } = await loadFile(file);
    const value = await resolveExport(exported, kernel).catch((error: unknown) => {
      throw explainThrown(error, file);
    });
    this.#loaded.set(file, { version, value });
    return value;
  }
}

function hintFor(value: unknown): string {
  const names = new Set<string>();
  for (
    let level: unknown = value;
    isObject(level) && level !== Object.prototype;
    level = Object.getPrototypeOf(level)
  ) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (name !== "constructor" && typeof Reflect.get(level, name, value) === "function") names.add(name);
    }
  }
  if (names.size === 0) return "The module exports no functions; a script in JSON is started with script.start";
  return `Functions of this module: ${[...names].join(", ")}`;
}

function versionOf(file: string): string {
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts === undefined ? "" : `${facts.mtimeMs} ${facts.size} ${facts.ino}`;
}
