import { join } from "node:path";
import * as z from "zod";
import { writeJsonAtomic } from "../base/atomic-file.js";
import { setPath } from "../base/dotted-path.js";
import { readLeniently, removeInFiles, setInFiles } from "./json.js";
import { removeAll, setAll } from "./local.js";
import { defineMethod, type MethodContext } from "./method.js";

const Part = z.record(z.string(), z.unknown()).nullish();
const Keys = z.union([z.array(z.string()), z.string()]).nullish();

/** The methods of the first engine that change several memories at once, and those that read files. */
export const memory = {
  set: defineMethod({
    summary: "Set variables and values in JSON files in one step",
    params: z.looseObject({
      local: Part.describe("Local variables by dotted key"),
      global: Part.describe("Global variables by dotted key"),
      self: Part.describe("By JSON file: values by dotted key"),
      json: Part.describe("The same as self"),
      key: Part.describe("By host: values of the home's key.json"),
    }),
    run: (params, context) => {
      setAll(context.local, params.local ?? {});
      setAll(context.global, params.global ?? {});
      setInFiles({ ...params.self, ...params.json }, context);
      if (params.key) setKeys(params.key, context);
      context.memoryChanged();
      return Promise.resolve(undefined);
    },
  }),

  rm: defineMethod({
    summary: "Remove variables and values in JSON files in one step",
    params: z.looseObject({
      local: Keys.describe("Dotted keys of local variables"),
      global: Keys.describe("Dotted keys of global variables"),
      self: Part.describe("By JSON file: dotted keys"),
      json: Part.describe("The same as self"),
    }),
    run: (params, context) => {
      removeAll(context.local, params.local ?? []);
      removeAll(context.global, params.global ?? []);
      removeInFiles({ ...params.self, ...params.json }, context);
      context.memoryChanged();
      return Promise.resolve(undefined);
    },
  }),

  import: defineMethod({
    summary: "Read JSON files and modules into local variables",
    params: z.record(z.string(), z.string()).describe('By local variable: the file, such as {"config": "config.json"}'),
    run: async (params, context) => {
      for (const [key, file] of Object.entries(params)) {
        setPath(context.local, key, await context.load(context.resolvePath(file)));
      }
      context.memoryChanged();
    },
  }),

  load: defineMethod({
    summary: "Read JSON files and modules; the result has one value each",
    params: z.record(z.string(), z.string()).describe('By name: the file, such as {"config": "config.json"}'),
    run: async (params, context) => {
      const loaded: Record<string, unknown> = {};
      for (const [name, file] of Object.entries(params)) loaded[name] = await context.load(context.resolvePath(file));
      return loaded;
    },
  }),
};

/** Secrets, so nobody else may read the file. */
function setKeys(values: Record<string, unknown>, { home }: MethodContext): void {
  const file = join(home, "key.json");
  const found = readLeniently(file);
  const keys = typeof found === "object" && found !== null ? found : {};
  for (const [key, value] of Object.entries(values)) setPath(keys, key, value);
  writeJsonAtomic(file, keys, 0o600);
}

const refused = (name: string, hint: string) =>
  defineMethod({
    summary: `Accepted for old scripts; does nothing, as in Pinokio`,
    params: z.unknown(),
    run: (_, context) => {
      context.warn(`${name} does nothing: ${hint}`);
      return Promise.resolve(undefined);
    },
  });

/** In Pinokio these throw or never return. */
export const key = {
  get: refused("key.get", 'read "key.json" of the home with json.get'),
  set: refused("key.set", 'write it with {"method": "set", "params": {"key": …}}'),
};
