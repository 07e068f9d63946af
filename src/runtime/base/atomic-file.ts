import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { closeSync, fchmodSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type * as z from "zod";
import { PinokioError } from "../protocol/errors.js";
import { errnoOf, explainFileError } from "./file-errors.js";
import { makeFolder } from "./make-folder.js";

/**
 * Replaces a file so that a reader, a crash or a full disk sees the old text or the new one, never a part. A mode that is
 * given is the file's, whatever the session takes away from new files.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array, mode?: number): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    makeFolder(dirname(path));
    const file = openSync(temporary, "wx", mode ?? 0o644);
    try {
      if (mode !== undefined) setMode(file, mode);
      writeAll(file, typeof content === "string" ? Buffer.from(content) : content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    throw explainFileError(error, path);
  }
}

function setMode(file: number, mode: number): void {
  try {
    fchmodSync(file, mode);
  } catch {
    // some network disks know no modes
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // where it should have been is no folder
  }
}

/** The system may take less than it is given, above all when the disk is nearly full. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}

export const writeJsonAtomic = (path: string, value: unknown, mode?: number): void =>
  writeFileAtomic(path, JSON.stringify(value, null, 2) + "\n", mode);

/**
 * What became of a state file that was read: its value, its absence, or where the unreadable one was put. One that is
 * `unreadable` is still there, and must not be written.
 */
export type ReadState<Value> =
  | { kind: "read"; value: Value }
  | { kind: "missing" }
  | { kind: "set-aside"; at: string; error: PinokioError }
  | { kind: "unreadable"; error: PinokioError };

type SetAsideListener = (path: string, error: PinokioError) => void;
const setAsideListeners: SetAsideListener[] = [];

/** Tells, in this process, of each state file that is set aside, whoever has read it. */
export const onSetAside = (listener: SetAsideListener): void => void setAsideListeners.push(listener);

/** Reads a state file. One that does not fit its schema is renamed, with the reason, and never overwritten. */
export function readState<Schema extends z.ZodType>(path: string, schema: Schema): ReadState<z.output<Schema>> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return { kind: "missing" };
    return { kind: "unreadable", error: unreadable(path, wordsOf(error), "Correct that, then start again", error) };
  }
  const checked = parse(text, schema);
  if (checked.ok) return { kind: "read", value: checked.value };
  const at = `${path}.unreadable-${new Date().toISOString().replace(/[:.]/g, "-")}`;
  try {
    renameSync(path, at);
  } catch (error) {
    const hint = `It could not be set aside (${wordsOf(error)}); correct or remove it, then start again`;
    return { kind: "unreadable", error: unreadable(path, checked.why, hint, error) };
  }
  const hint = `It was kept as ${at}; correct it and move it back, or go on without it`;
  const error = unreadable(path, checked.why, hint);
  for (const listener of setAsideListeners) listener(path, error);
  return { kind: "set-aside", at, error };
}

const unreadable = (path: string, why: string, hint: string, cause?: unknown): PinokioError =>
  new PinokioError("state-unreadable", `${path} cannot be read: ${why}`, { hint, cause });

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "its permissions do not let us",
  EPERM: "its permissions do not let us",
  EROFS: "the disk is read-only",
  EISDIR: "it is a folder",
  ENOTDIR: "a file is where its folder should be",
};

const wordsOf = (error: unknown): string =>
  REASONS[errnoOf(error) ?? ""] ?? (error instanceof Error ? error.message : String(error));

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
