import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { sep } from "node:path";
import { writeFileAtomic } from "../base/atomic-file.js";
import { errnoOf } from "../base/file-errors.js";
import { PinokioError } from "../protocol/errors.js";

/** Settings that a person writes are small; what is larger is data. */
export const MOST_BYTES = 256 * 1024;

type Encoding = "utf8" | "utf16le" | "utf16be";

/** A small text of an app, as it was read. */
export interface TextFile {
  /** Where it really lies: a link leads here. */
  path: string;
  /** Without its mark of encoding. */
  text: string;
  encoding: Encoding;
  hasMark: boolean;
  mode: number;
  /** Stands for its bytes. */
  version: string;
}

/** Reads a text below an app's folder. Null where there is none; throws, in words, for one that is not ours to touch. */
export function readTextFile(app: string, path: string, name: string): TextFile | null {
  const real = placeOf(app, path, name);
  if (real === null) return null;
  const found = readBytes(real, name);
  const { bytes, mode } = found;
  const { encoding, hasMark } = encodingOf(bytes);
  return {
    path: real,
    text: decoded(bytes, { encoding, hasMark }, name),
    encoding,
    hasMark,
    mode,
    version: versionOf(bytes),
  };
}

/** Puts another text in its place, in the same encoding, for the same people. Throws when it has changed since. */
export function replaceText(before: TextFile, text: string, name: string): string {
  const bytes = encoded(text, before);
  if (readBytes(before.path, name).bytes.length > MOST_BYTES || bytes.length > MOST_BYTES) throw tooLarge(name);
  if (versionOf(readBytes(before.path, name).bytes) !== before.version) throw changedMeanwhile(name);
  writeFileAtomic(before.path, bytes, before.mode);
  return versionOf(bytes);
}

export const changedMeanwhile = (name: string): PinokioError =>
  new PinokioError("file-changed", `${name} has changed since it was read`, {
    hint: "Look at it as it is now, then change it again; nothing was written",
  });

const tooLarge = (name: string): PinokioError =>
  new PinokioError("request-invalid", `${name} is larger than ${MOST_BYTES / 1024} KB`, {
    hint: "What is so large is changed by the app itself, or with an editor",
  });

/** Null where nothing is. */
function placeOf(app: string, path: string, name: string): string | null {
  let real: string;
  try {
    real = realpathSync(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ELOOP"].includes(errnoOf(error) ?? "")) return null;
    throw error;
  }
  if (real.startsWith(realpathSync(app) + sep)) return real;
  throw new PinokioError("request-invalid", `${name} is a link that leads out of the app's folder`, {
    hint: "What lies elsewhere may belong to others, so it is not changed from here",
  });
}

function opened(path: string, name: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    if (!["EACCES", "EPERM"].includes(errnoOf(error) ?? "")) throw error;
    throw new PinokioError("request-invalid", `${name} cannot be read: its permissions do not let us`, {
      hint: "Whoever it belongs to can change that",
      cause: error,
    });
  }
}

function readBytes(path: string, name: string): { bytes: Buffer; mode: number } {
  // A pipe or a device never keeps us waiting.
  const file = opened(path, name);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new PinokioError("request-invalid", `${name} is not a file`);
    if (stat.size > MOST_BYTES) throw tooLarge(name);
    const bytes = Buffer.alloc(stat.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, length);
      if (read === 0) break;
      length += read;
    }
    return { bytes: bytes.subarray(0, length), mode: stat.mode & 0o777 };
  } finally {
    closeSync(file);
  }
}

const versionOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex").slice(0, 24);

function encodingOf(bytes: Buffer): { encoding: Encoding; hasMark: boolean } {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return { encoding: "utf16le", hasMark: true };
  if (first === 0xfe && second === 0xff) return { encoding: "utf16be", hasMark: true };
  return { encoding: "utf8", hasMark: first === 0xef && second === 0xbb && third === 0xbf };
}

function decoded(bytes: Buffer, { encoding, hasMark }: Pick<TextFile, "encoding" | "hasMark">, name: string): string {
  try {
    const label = { utf8: "utf-8", utf16le: "utf-16le", utf16be: "utf-16be" }[encoding];
    const text = new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
    const plain = hasMark ? text.slice(1) : text;
    if (!plain.includes("\0")) return plain;
  } catch {
    // no text of that encoding
  }
  throw new PinokioError("request-invalid", `${name} is not text`, { hint: "It is left as it is" });
}

function encoded(text: string, { encoding, hasMark }: Pick<TextFile, "encoding" | "hasMark">): Buffer {
  const whole = hasMark ? `\uFEFF${text}` : text;
  return encoding === "utf8"
    ? Buffer.from(whole, "utf8")
    : encoding === "utf16le"
      ? Buffer.from(whole, "utf16le")
      : Buffer.from(whole, "utf16le").swap16();
}
