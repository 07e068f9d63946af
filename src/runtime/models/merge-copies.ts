import { Buffer } from "node:buffer";
import { linkSync, lstatSync, renameSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { explainFileError } from "../base/file-errors.js";
import { newTrashName } from "../base/trash.js";
import { bytesOnDisk } from "../base/tree-size.js";
import type { Copy, Duplicates } from "./duplicates.js";
import { type ModelFile, versionOf } from "./model-file.js";

export interface MergeWatch {
  signal: AbortSignal;
  /** How much more was compared. */
  onBytes?: (more: number) => void;
  /** Why a copy is left as it is, or null. */
  refusal?: (path: string) => string | null;
}

export interface Merged {
  /** What came back. */
  bytes: number;
  /** Why some were left as they are. */
  problems: string[];
}

const PIECE = 4 * 1024 ** 2;

/**
 * Makes copies names of one file. Every byte of each is compared first; a name is replaced in one rename, and leads to
 * the same content at every moment. What has changed since it was found is left as it is.
 */
export async function mergeCopies({ copies }: Duplicates, watch: MergeWatch): Promise<Merged> {
  const merged: Merged = { bytes: 0, problems: [] };
  const [kept, ...others] = copies;
  const [stays] = kept?.files ?? [];
  if (stays === undefined) return merged;
  for (const copy of others) {
    watch.signal.throwIfAborted();
    const problem = await mergeOne(stays, copy, watch).then(
      (bytes) => {
        merged.bytes += bytes;
        return null;
      },
      (error: unknown) => {
        watch.signal.throwIfAborted();
        return error instanceof Error ? error.message : String(error);
      },
    );
    if (problem !== null) merged.problems.push(problem);
  }
  return merged;
}

async function mergeOne(stays: ModelFile, { files }: Copy, watch: MergeWatch): Promise<number> {
  const [first] = files;
  if (first === undefined) return 0;
  const refused = files.map(({ path }) => watch.refusal?.(path) ?? null).find((why) => why !== null);
  if (refused != null) throw new Error(refused);
  const before = lstatSync(first.path);
  if (before.dev !== lstatSync(stays.path).dev) throw new Error(`${first.path} is on another disk than ${stays.path}`);
  if (!(await isSame(stays, first, watch))) throw new Error(`${first.path} is not the same as ${stays.path}`);
  for (const file of files) {
    if (isUnchanged(stays) && isUnchanged(file)) replace(stays.path, file.path);
    else throw new Error(`${file.path} has changed meanwhile`);
  }
  return files.length < before.nlink ? 0 : bytesOnDisk(before);
}

function replace(stays: string, path: string): void {
  const arriving = `${path}.${newTrashName()}`;
  try {
    linkSync(stays, arriving);
    renameSync(arriving, path);
  } catch (error) {
    rmSync(arriving, { force: true });
    throw explainFileError(error, path);
  }
}

const isUnchanged = ({ path, version }: ModelFile): boolean => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && versionOf(found) === version;
};

async function isSame(one: ModelFile, other: ModelFile, { signal, onBytes }: MergeWatch): Promise<boolean> {
  const files: FileHandle[] = [];
  try {
    for (const { path } of [one, other]) files.push(await open(path, "r"));
    const pieces = files.map((file) => ({ file, bytes: Buffer.allocUnsafe(PIECE) }));
    for (;;) {
      signal.throwIfAborted();
      const [a, b] = await Promise.all(pieces.map(({ file, bytes }) => readFull(file, bytes)));
      if (a === undefined || b === undefined || !a.equals(b)) return false;
      if (a.length === 0) return true;
      onBytes?.(a.length);
    }
  } finally {
    for (const file of files) await file.close();
  }
}

async function readFull(file: FileHandle, room: Buffer): Promise<Buffer> {
  let length = 0;
  while (length < room.length) {
    const { bytesRead } = await file.read(room, length, room.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return room.subarray(0, length);
}
