import { cpSync, lstatSync, renameSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type CopyWatch, copyTree, verifyCopy } from "./copy-tree.js";
import { errnoOf } from "./file-errors.js";
import { makeFolder } from "./make-folder.js";

const ARRIVING = ".arriving";

/** Renames; across devices it copies whole, then removes. */
export function movePath(from: string, to: string): void {
  makeFolder(dirname(to));
  try {
    renameSync(from, to);
  } catch (error) {
    if (errnoOf(error) !== "EXDEV") throw error;
    const arriving = `${to}${ARRIVING}`;
    try {
      cpSync(from, arriving, {
        recursive: true,
        preserveTimestamps: true,
        verbatimSymlinks: true,
        filter: holdsSomething,
      });
    } catch (failure) {
      rmSync(arriving, { recursive: true, force: true });
      throw failure;
    }
    renameSync(arriving, to);
    rmSync(from, { recursive: true, force: true });
  }
}

/** Sockets and pipes belong to programs that run. */
function holdsSomething(path: string): boolean {
  const found = lstatSync(path);
  return found.isFile() || found.isDirectory() || found.isSymbolicLink();
}

export interface MoveWatch extends CopyWatch {
  /** From here on it can only go on to its end. */
  onSettled?: (() => void) | undefined;
}

/** Removes what a move across devices has copied so far, where that was cut off. */
export async function dropArriving(to: string): Promise<void> {
  try {
    await rm(`${to}${ARRIVING}`, { recursive: true, force: true });
  } catch (error) {
    if (errnoOf(error) !== "ENOTDIR") throw error; // a file is in the place of a folder above it: nothing has arrived
  }
}

/**
 * As `movePath`, for what may be large. Across devices the copy is compared with the original before that is removed.
 * When it was ended in the middle, `from` is still whole or `to` is; called again it goes on.
 */
export async function moveTree(from: string, to: string, watch: MoveWatch = {}): Promise<void> {
  makeFolder(dirname(to));
  try {
    renameSync(from, to);
    return;
  } catch (error) {
    if (errnoOf(error) !== "EXDEV") throw error;
  }
  const arriving = `${to}${ARRIVING}`;
  await dropArriving(to);
  try {
    await copyTree(from, arriving, watch);
    await verifyCopy(from, arriving, watch);
    watch.onSettled?.();
    renameSync(arriving, to);
  } catch (error) {
    await rm(arriving, { recursive: true, force: true }).catch(() => undefined); // why it failed matters more
    throw error;
  }
  await rm(from, { recursive: true, force: true });
}
