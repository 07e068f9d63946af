import { lstatSync, readdirSync, realpathSync, rmdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { setImmediate as afterOthers } from "node:timers/promises";
import { errnoOf } from "../../base/file-errors.js";
import { isInside } from "../../base/inside-folder.js";
import { type MoveWatch, moveTree } from "../../base/move-path.js";
import { moveOdd, oddPaths } from "../../base/odd-names.js";
import { sameContent } from "../../base/same-content.js";

export interface PutBackOrder {
  /** What lies in it goes to the same places below `to`. */
  from: string;
  to: string;
  /** Links to folders in here are followed, others are in the way. */
  home: string;
  /** What becomes of something in whose place another thing is: it stays where it is, or goes beside that. */
  taken: "stays" | "beside";
}

export interface PutBackResult {
  /** What was put back, folders as one. */
  moved: number;
  /** Where something else is, and where this went instead; null where it stayed. */
  taken: { place: string; now: string | null }[];
}

/**
 * Puts files back where they were. Nothing is overwritten. When it was cut off in the middle, it is called again: what
 * was put back is not there to be put back any more.
 */
export async function putBack(order: PutBackOrder): Promise<PutBackResult> {
  const result: PutBackResult = { moved: 0, taken: [] };
  const merge = async (source: string, place: string): Promise<void> => {
    await afterOthers();
    const odd = oddPaths(source);
    for (const path of odd) {
      if (moveOdd(path, dirname(place))) result.moved++;
      else result.taken.push({ place, now: null });
    }
    if (odd.length > 0) return;
    if (!isThere(place)) {
      await moveTree(source, place);
      result.moved++;
      return;
    }
    const isFolder = lstatSync(source).isDirectory();
    if (isFolder && isFolderFor(place, order.home)) {
      for (const name of new Set(readdirSync(source))) await merge(join(source, name), join(place, name));
      removeEmpty(source);
    } else if (!isFolder && isSame(source, place)) rmSync(source);
    else {
      const now = order.taken === "beside" ? freeBeside(place) : null;
      if (now !== null) await moveTree(source, now);
      result.taken.push({ place, now });
    }
  };
  if (isThere(order.from)) await merge(order.from, order.to);
  return result;
}

/** As `moveTree`, for one that may have been cut off: across disks both places may be there then. */
export async function moveWhole(from: string, to: string, home: string, watch: MoveWatch = {}): Promise<void> {
  const odd = oddPaths(from);
  for (const path of odd) moveOdd(path, dirname(to));
  if (odd.length > 0 || !isThere(from)) return;
  if (isThere(to)) await putBack({ from, to, home, taken: "beside" });
  else await moveTree(from, to, watch);
}

/** Also where a file is in the place of a folder above it, it is not there. */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (errnoOf(error) === "ENOTDIR") return false;
    throw error;
  }
}

/** A folder, or a link to one that may be followed: into the home, or of an app that lies elsewhere. */
function isFolderFor(place: string, home: string): boolean {
  const found = lstatSync(place);
  if (found.isDirectory()) return true;
  if (!found.isSymbolicLink() || statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  return dirname(place) === join(home, "api") || isInside(realpathSync(home), realpathSync(place));
}

function isSame(one: string, other: string): boolean {
  try {
    return sameContent(one, other);
  } catch {
    return false;
  }
}

/** `picture (restored).png`, or with a number that is free. */
function freeBeside(place: string): string {
  const extension = extname(place);
  const name = basename(place, extension);
  for (let number = 1; ; number++) {
    const words = number === 1 ? "restored" : `restored ${number}`;
    const beside = join(dirname(place), `${name} (${words})${extension}`);
    if (!isThere(beside)) return beside;
  }
}

function removeEmpty(folder: string): void {
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
