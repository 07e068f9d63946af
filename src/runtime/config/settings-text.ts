import { readFileSync, realpathSync, statSync } from "node:fs";
import { writeFileAtomic } from "../base/atomic-file.js";
import { errnoOf } from "../base/file-errors.js";
import { PinokioError } from "../protocol/errors.js";

export type Json = Record<string, unknown>;

/** Everything in `settings.json`; nothing where there is no such file. Throws when it cannot be read. */
export function readSettings(file: string): Json {
  const text = textOf(file);
  return text === null ? {} : objectIn(text, file);
}

/** Puts another whole in its place, in the file's own indent. What `change` leaves alone stays, known or not. */
export function rewriteSettings(file: string, change: (whole: Json) => Json): void {
  const before = textOf(file);
  const whole = change(before === null ? {} : objectIn(before, file));
  const place = before === null ? { path: file, mode: 0o644 } : placeOf(file);
  writeFileAtomic(place.path, `${JSON.stringify(whole, null, indentOf(before ?? ""))}\n`, place.mode);
}

/** Another text has another one; looked up instead of reading it each time. */
export function versionOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "missing" : `${found.ino} ${found.mtimeMs} ${found.size}`;
}

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const unreadable = (file: string, why: string): PinokioError =>
  new PinokioError("state-unreadable", `${file} cannot be read: ${why}`, {
    hint: "Correct it by hand; nothing was changed",
  });

function objectIn(text: string, file: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
  if (!isObject(value)) throw unreadable(file, "it is not an object");
  return value;
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw unreadable(file, error instanceof Error ? error.message : String(error));
  }
}

/** A link stays one, and who may read the file is not changed. */
function placeOf(file: string): { path: string; mode: number } {
  const path = realpathSync(file);
  return { path, mode: statSync(path).mode & 0o777 };
}

const indentOf = (text: string): string => /^([ \t]+)"/m.exec(text)?.[1] ?? "  ";
