import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type * as z from "zod";
import { PinokioError } from "../protocol/errors.js";
import { errnoOf, explainFileError } from "./file-errors.js";
import { makeFolder } from "./make-folder.js";

/** Replaces a file so that a reader, a crash or a full disk sees the old text or the new one, never a part. */
export function writeFileAtomic(path: string, text: string, mode = 0o644): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    makeFolder(dirname(path));
    const file = openSync(temporary, "wx", mode);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explainFileError(error, path);
  }
}

export const writeJsonAtomic = (path: string, value: unknown, mode?: number): void =>
  writeFileAtomic(path, JSON.stringify(value, null, 2) + "\n", mode);

/** What became of a state file that was read: its value, its absence, or where the unreadable one was put. */
export type ReadState<Value> =
  { kind: "read"; value: Value } | { kind: "missing" } | { kind: "set-aside"; at: string; error: PinokioError };

/** Reads a state file. One that does not fit its schema is renamed, with the reason, and never overwritten. */
export function readState<Schema extends z.ZodType>(path: string, schema: Schema): ReadState<z.output<Schema>> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return { kind: "missing" };
    throw explainFileError(error, path);
  }
  const checked = parse(text, schema);
  if (checked.ok) return { kind: "read", value: checked.value };
  const at = `${path}.unreadable-${new Date().toISOString().replace(/[:.]/g, "-")}`;
  renameSync(path, at);
  return {
    kind: "set-aside",
    at,
    error: new PinokioError("state-unreadable", `${path} cannot be read: ${checked.why}`, {
      hint: `It was kept as ${at}; correct it and move it back, or go on without it`,
    }),
  };
}

function parse<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
): { ok: true; value: z.output<Schema> } | { ok: false; why: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const [issue] = result.error.issues;
  return {
    ok: false,
    why: issue === undefined ? "it has the wrong form" : `${issue.path.join(".")}: ${issue.message}`,
  };
}
