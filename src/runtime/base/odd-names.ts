import { Buffer } from "node:buffer";
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { errnoOf } from "./file-errors.js";
import { makeFolder } from "./make-folder.js";

const LETTER_LOST = "\ufffd";

/**
 * What is shown as this path though its name is no text, by the bytes of the path: several names may look the same. None
 * where the path itself is there.
 */
export function oddPaths(path: string): Buffer[] {
  const shown = path.slice(path.lastIndexOf("/") + 1);
  if (!shown.includes(LETTER_LOST) || isText(path)) return [];
  const folder = dirname(path);
  return bytesIn(folder)
    .filter((name) => name.toString() === shown)
    .map((name) => below(folder, name));
}

export const isOddName = (folder: string, name: string): boolean =>
  name.includes(LETTER_LOST) && !isText(join(folder, name));

/** Moves what `oddPaths` has found, by the last of its name, into a folder. False where something is called so there. */
export function moveOdd(path: Buffer, folder: string): boolean {
  const to = below(folder, path.subarray(path.lastIndexOf("/") + 1));
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return false;
  makeFolder(folder);
  try {
    renameSync(path, to);
  } catch (error) {
    if (errnoOf(error) !== "EXDEV") throw error;
    try {
      copyBytes(path, to);
    } catch (failure) {
      rmSync(to, { recursive: true, force: true });
      throw failure;
    }
    rmSync(path, { recursive: true, force: true });
  }
  return true;
}

function copyBytes(from: Buffer, to: Buffer): void {
  const found = lstatSync(from);
  if (found.isDirectory()) {
    mkdirSync(to);
    for (const name of bytesIn(from)) copyBytes(below(from, name), below(to, name));
  } else if (found.isSymbolicLink()) symlinkSync(readlinkSync(from, { encoding: "buffer" }), to);
  else if (found.isFile()) {
    copyFileSync(from, to);
    utimesSync(to, found.atime, found.mtime);
  }
}

/** A path below a folder, by its bytes. */
export const below = (folder: string | Buffer, name: Buffer): Buffer =>
  Buffer.concat([typeof folder === "string" ? Buffer.from(folder) : folder, Buffer.from("/"), name]);

/** The names in a folder, by their bytes; none when it is not there, or not ours to look at. */
export function bytesIn(folder: string | Buffer): Buffer[] {
  try {
    return readdirSync(folder, { encoding: "buffer" });
  } catch {
    return [];
  }
}

function isText(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (["ENOTDIR", "ENAMETOOLONG"].includes(errnoOf(error) ?? "")) return false;
    throw error;
  }
}
