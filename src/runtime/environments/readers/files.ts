import { closeSync, existsSync, lstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { errnoOf } from "../../base/file-errors.js";

export const isLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;

export const isThere = (path: string): boolean => existsSync(path);

/** Whether something is there; what we may not look at may be. */
export function presenceOf(path: string): "there" | "gone" | "closed" {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined ? "gone" : "there";
  } catch (error) {
    return ["EACCES", "EPERM"].includes(errnoOf(error) ?? "") ? "closed" : "gone";
  }
}

/** A file's text, or null. What programs write into environments is small; the rest is no business of ours. */
export function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** The beginning of a file's text, or null. */
export function startOf(file: string, bytes: number): string | null {
  let handle: number | null = null;
  try {
    handle = openSync(file, "r");
    const room = Buffer.allocUnsafe(bytes);
    return room.toString("utf8", 0, readSync(handle, room, 0, bytes, 0));
  } catch {
    return null;
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

/** A JSON file's object, or null. */
export function jsonOf(file: string): Record<string, unknown> | null {
  const text = textOf(file);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** When a file or folder was changed, as a part of a stamp. */
export function changeOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? "-" : `${found.ino}.${found.mtimeMs}.${found.size}`;
}

export const textIn = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
