import { readFileSync } from "node:fs";
import { extname } from "node:path";
import * as z from "zod";
import { writeJsonAtomic } from "../base/atomic-file.js";
import { removePath, setPath, splitPath } from "../base/dotted-path.js";
import { errnoOf } from "../base/file-errors.js";
import { PinokioError } from "../protocol/errors.js";
import { defineMethod, type MethodContext } from "./method.js";

type Context = Pick<MethodContext, "resolvePath" | "local" | "memoryChanged">;

const isJson = (file: string): boolean => extname(file).toLowerCase() === ".json";

/** Undefined when the file is missing. Scripts build on files that may be broken, so those count as empty. */
export function readLeniently(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return errnoOf(error) === "ENOENT" ? undefined : {};
  }
}

const asObject = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});

/** `{"file.json": {"a.b": 1}}`: a list instead of an object replaces the whole value. */
export function setInFiles(files: Record<string, unknown>, context: Context): void {
  for (const [file, values] of Object.entries(files)) {
    if (!isJson(file)) continue;
    const path = context.resolvePath(file);
    const before = asObject(readLeniently(path));
    if (Array.isArray(values)) {
      writeJsonAtomic(path, values);
      continue;
    }
    for (const [key, value] of Object.entries(asObject(values))) setPath(before, key, value);
    writeJsonAtomic(path, before);
  }
}

/** `{"file.json": ["a.b"]}` */
export function removeInFiles(files: Record<string, unknown>, context: Context): void {
  for (const [file, keys] of Object.entries(files)) {
    if (!isJson(file)) continue;
    const path = context.resolvePath(file);
    const value = asObject(readLeniently(path));
    for (const key of [keys].flat()) removePath(value, String(key));
    writeJsonAtomic(path, value);
  }
}

/** Our own form beside Pinokio's: one file and one key in it. */
const isSingle = (params: Record<string, unknown>): params is { path: string; key: string; value?: unknown } =>
  typeof params["path"] === "string" && typeof params["key"] === "string";

function readStrictly(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    throw new PinokioError("step-failed", `${path} is not there`, { cause: error });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new PinokioError("step-failed", `${path} is no JSON: ${error instanceof Error ? error.message : ""}`, {
      cause: error,
    });
  }
}

function valueAt(root: unknown, key: string): unknown {
  return splitPath(key).reduce<unknown>((value, part) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    return (value as Record<string, unknown>)[part];
  }, root);
}

/** Objects are merged into each other; anything else is replaced. */
function merged(before: unknown, more: unknown): unknown {
  if (!isPlain(before) || !isPlain(more)) return more;
  const result: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(more)) {
    const own = Object.hasOwn(before, key) ? before[key] : undefined;
    Object.defineProperty(result, key, {
      value: merged(own, value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return result;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const set = defineMethod({
  summary: "Set values in JSON files; files and folders are made",
  params: z
    .record(z.string(), z.unknown())
    .describe('By file: values by dotted key, such as {"a.json": {"b.c": 1}}; or {path, key, value} for one'),
  run: (params, context) => {
    if (isSingle(params)) {
      const path = context.resolvePath(params.path);
      const value = asObject(readLeniently(path));
      setPath(value, params.key, params.value);
      writeJsonAtomic(path, value);
    } else {
      setInFiles(params, context);
    }
    return Promise.resolve(undefined);
  },
});

const remove = defineMethod({
  summary: "Remove values from JSON files",
  params: z.record(z.string(), z.unknown()).describe('By file: dotted keys, such as {"a.json": ["b.c", "list.0"]}'),
  run: (params, context) => {
    removeInFiles(params, context);
    return Promise.resolve(undefined);
  },
});

const PathAndJson = z.looseObject({
  path: z.string().min(1).describe("File, relative to the script"),
  json: z.unknown().describe("The value"),
});

/** JSON files. */
export const json = {
  get: defineMethod({
    summary: "Read JSON files into local variables, or one value of one file",
    params: z
      .record(z.string(), z.unknown())
      .describe('By local variable: the file, such as {"config": "config.json"}; or {path, key} for one value'),
    run: (params, context) => {
      if (isSingle(params))
        return Promise.resolve(valueAt(readLeniently(context.resolvePath(params.path)), params.key));
      for (const [key, file] of Object.entries(params)) {
        if (typeof file !== "string" || !isJson(file)) continue;
        setPath(context.local, key, readLeniently(context.resolvePath(file)) ?? null);
      }
      context.memoryChanged();
      return Promise.resolve(undefined);
    },
  }),

  set,
  rm: remove,

  read: defineMethod({
    summary: "Read a JSON file",
    params: z.looseObject({ path: z.string().min(1).describe("File, relative to the script") }),
    run: ({ path }, context) => Promise.resolve(readStrictly(context.resolvePath(path))),
  }),

  write: defineMethod({
    summary: "Write a JSON file; its folder is made",
    params: PathAndJson,
    run: (params, context) => {
      writeJsonAtomic(context.resolvePath(params.path), params.json ?? null);
      return Promise.resolve(undefined);
    },
  }),

  merge: defineMethod({
    summary: "Merge a value into a JSON file",
    params: PathAndJson,
    run: (params, context) => {
      const path = context.resolvePath(params.path);
      const before = readLeniently(path);
      const value = before === undefined ? params.json : merged(before, params.json);
      writeJsonAtomic(path, value ?? null);
      return Promise.resolve(value);
    },
  }),
};

/** The names of the first engine for the same. */
export const self = { set, rm: remove };
