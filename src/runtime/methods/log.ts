import { appendFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { makeFolder } from "../base/make-folder.js";
import { defineMethod, type MethodContext } from "./method.js";

const LEVELS = ["debug", "info", "warn", "error"] as const;

const LogParams = z
  .looseObject({
    raw: z.unknown().optional().describe("Text, printed as it is"),
    text: z.unknown().optional().describe("Text"),
    json: z.unknown().optional().describe("Any value, on one line"),
    json2: z.unknown().optional().describe("Any value, indented"),
    message: z.unknown().optional().describe("A line for the screen and for a file in the home's logs"),
    level: z.enum(LEVELS).optional().catch("info").describe("How much the message matters"),
    category: z.string().optional().describe("The file's name; script by default"),
    timestamp: z.unknown().optional().describe("When it happened, if not now"),
  })
  .nullish()
  .transform((params) => params ?? {})
  .describe("The first of raw, text, json, json2 and message that is present is printed");
type LogParams = z.output<typeof LogParams>;

export const log = defineMethod({
  summary: "Print a line",
  params: LogParams,
  run: (params, context) => {
    const text = textOf(params);
    if (text !== null) context.print(`${text}\r\n`);
    else if (params.message !== undefined) writeDown(params, context);
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

function writeDown({ message, level = "info", category, timestamp }: LogParams, context: MethodContext): void {
  const text = typeof message === "string" ? message : asJson(message, 0);
  context.print(`${level === "info" ? "" : `${level}: `}${text.replace(/\r?\n/g, "\r\n")}\r\n`);
  const at = typeof timestamp === "string" || typeof timestamp === "number" ? timestamp : new Date().toISOString();
  const folder = join(context.home, "logs");
  const name = (category ?? "script").replace(/[^\w-]+/g, "-");
  const line = { timestamp: at, level, category: category ?? "script", script: context.file, message };
  try {
    makeFolder(folder);
    appendFileSync(join(folder, `${name}.log`), `${asJson(line, 0)}\n`);
  } catch (error) {
    context.warn(`The message is not in logs/${name}.log: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function asJson(value: unknown, indent: number): string {
  try {
    return JSON.stringify(value, null, indent) ?? "undefined";
  } catch {
    return String(value); // holds a cycle
  }
}
