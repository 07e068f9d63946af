import { Buffer } from "node:buffer";
import { chmodSync, linkSync, lstatSync, renameSync, rmSync, utimesSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { explainFileError } from "../base/file-errors.js";
import { shareContents } from "../base/share-contents.js";
import { newTrashName } from "../base/trash.js";
import { bytesOnDisk } from "../base/tree-size.js";
import type { Copy, Duplicates } from "./duplicates.js";
import { type ModelFile, versionOf } from "./model-file.js";

export interface MergeWatch {
  signal: AbortSignal;
  /** They share their contents and stay files of their own, or become names of one file. */
  by: "contents" | "names";
  /** Hears which versions of files share their contents from now on. */
  onShared?: (one: string, other: string) => void;
  share?: typeof shareContents;
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
 * Makes copies take room once. Every byte of each is compared first; a name is replaced in one rename, and leads to the
 * same content at every moment. What has changed since it was found is left as it is.
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
  if (watch.by === "names")
    for (const file of files) replace(stays, file, (arriving) => linkSync(stays.path, arriving));
  else shareAmong(stays, files, watch);
  return files.length < before.nlink ? 0 : bytesOnDisk(before);
}

/** Names of one file stay names of one file; every file looks as it did. */
function shareAmong(stays: ModelFile, files: readonly ModelFile[], watch: MergeWatch): void {
  const { share = shareContents, onShared } = watch;
  const replaced = new Map<string, string>();
  for (const file of files) {
    const name = replaced.get(file.version);
    if (name !== undefined) {
      replace(stays, file, (arriving) => linkSync(name, arriving));
      continue;
    }
    const { mode, atime, mtime } = lstatSync(file.path);
    replace(stays, file, (arriving) => {
      share(stays.path, arriving);
      chmodSync(arriving, mode & 0o7777);
      utimesSync(arriving, atime, mtime);
    });
    replaced.set(file.version, file.path);
    onShared?.(stays.version, versionOf(lstatSync(file.path)));
  }
}

function replace(stays: ModelFile, file: ModelFile, put: (arriving: string) => void): void {
  const arriving = `${file.path}.${newTrashName()}`;
  try {
    put(arriving);
    if (!isUnchanged(stays) || !isUnchanged(file)) throw new Error(`${file.path} has changed meanwhile`);
    renameSync(arriving, file.path);
  } catch (error) {
    rmSync(arriving, { force: true });
    throw explainFileError(error, file.path);
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
