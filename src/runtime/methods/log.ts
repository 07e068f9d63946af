import * as z from "zod";
import { defineMethod } from "./method.js";

export const log = defineMethod({
  summary: "Print a line",
  params: z
    .looseObject({
      raw: z.unknown().optional().describe("Text, printed as it is"),
      text: z.unknown().optional().describe("Text"),
      json: z.unknown().optional().describe("Any value, on one line"),
      json2: z.unknown().optional().describe("Any value, indented"),
    })
    .nullish()
    .describe("The first of them that is present is printed"),
  run: (params, context) => {
    const text = textOf(params ?? {});
    if (text !== null) context.print(`${text}\r\n`);
    return Promise.resolve(undefined);
  },
});

/** Null when there is nothing to print. */
function textOf(params: Record<string, unknown>): string | null {
  const kind = ["raw", "text", "json", "json2"].find(
    (name) => Object.hasOwn(params, name) && params[name] !== undefined,
  );
  if (kind === undefined) return null;
  const value = params[kind];
  if (kind === "raw" || kind === "text") return String(value);
  return asJson(value, kind === "json2" ? 2 : 0).replaceAll("\n", "\r\n");
}

function asJson(value: unknown, indent: number): string {
  try {
    return JSON.stringify(value, null, indent) ?? "undefined";
  } catch {
    return String(value); // holds a cycle
  }
}
