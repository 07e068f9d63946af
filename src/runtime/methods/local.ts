import * as z from "zod";
import { removePath, setPath } from "../base/dotted-path.js";
import { defineMethod } from "./method.js";

/** Memory of the run; gone when it ends. */
export const local = {
  set: defineMethod({
    summary: "Set local variables",
    params: z.record(z.string(), z.unknown()).describe('Values by dotted key, such as {"url": "…", "server.port": 1}'),
    run: (params, context) => {
      for (const [key, value] of Object.entries(params)) setPath(context.local, key, value);
      context.memoryChanged();
      context.note(`${show(context.local)}\r\n`);
      return Promise.resolve(undefined);
    },
  }),

  rm: defineMethod({
    summary: "Remove local variables",
    params: z.array(z.string()).describe('Dotted keys, such as ["url", "servers.0"]'),
    run: (params, context) => {
      for (const key of params) removePath(context.local, key);
      context.memoryChanged();
      return Promise.resolve(undefined);
    },
  }),
};

function show(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return String(value);
  }
}
