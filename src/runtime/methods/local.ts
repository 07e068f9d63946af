import * as z from "zod";
import { removePath, setPath } from "../base/dotted-path.js";
import { defineMethod, type Method, type MethodContext } from "./method.js";

const Values = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]);
const Keys = z.union([z.array(z.string()), z.string()]).describe('Dotted keys, such as ["url", "servers.0"]');

/** A list counts by its indexes. */
export function setAll(memory: Record<string, unknown>, values: object): void {
  for (const [key, value] of Object.entries(values)) setPath(memory, key, value);
}

export function removeAll(memory: Record<string, unknown>, keys: unknown): void {
  for (const key of [keys].flat()) removePath(memory, String(key));
}

/** Memory of the run; gone when it ends. */
export const local = {
  set: defineMethod({
    summary: "Set local variables; with persist beside params the next run begins with them",
    params: Values.describe('Values by dotted key, such as {"url": "…", "server.port": 1}'),
    run: (params, context) => {
      setAll(context.local, params);
      if (context.step["persist"] === true) context.keep(params);
      context.memoryChanged();
      context.note(`${show(context.local)}\r\n`);
      return Promise.resolve(undefined);
    },
  }),

  rm: removing("local", "Remove local variables"),

  import: defineMethod({
    summary: "Copy the local variables of another running script",
    params: z.record(z.string(), z.string()).describe('By local variable: the script, such as {"other": "start.js"}'),
    run: (params, context) => {
      for (const [key, file] of Object.entries(params)) {
        const found = context.scripts.find(context.resolvePath(file));
        if (found?.running === true) setPath(context.local, key, structuredClone(found.local));
        else context.warn(`${file} does not run, so its variables are unknown`);
      }
      context.memoryChanged();
      return Promise.resolve(undefined);
    },
  }),
};

/** Memory of the script; it outlives the run. */
export const global = {
  set: defineMethod({
    summary: "Set global variables: they outlive the run, not the sidecar",
    params: Values.describe("Values by dotted key"),
    run: (params, context) => {
      setAll(context.global, params);
      context.memoryChanged();
      return Promise.resolve(undefined);
    },
  }),

  rm: removing("global", "Remove global variables"),
};

function removing(memory: "local" | "global", summary: string): Method {
  return defineMethod({
    summary,
    params: Keys,
    run: (params, context: MethodContext) => {
      removeAll(context[memory], params);
      context.memoryChanged();
      return Promise.resolve(undefined);
    },
  });
}

function show(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return String(value);
  }
}
