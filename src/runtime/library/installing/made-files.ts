import { type Dirent, existsSync, lstatSync, type Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errnoOf } from "../../base/file-errors.js";
import { movePath } from "../../base/move-path.js";
import { isOddName, moveOdd, oddPaths } from "../../base/odd-names.js";
import { isResultsFolder } from "../../base/results-folder.js";
import { isTooDeep } from "../../base/too-deep.js";
import { treeSize } from "../../base/tree-size.js";
import type { MadeFile } from "../../protocol/install-requests.js";
import { isMadeByPrograms } from "../environment-folders.js";
import type { KnownFolders } from "./known-folders.js";

/** From when on a file counts as made. */
export interface MadeSince {
  /** The end of its installation: what came with that is no work of a person's. */
  installed: number;
  /** Its begin, for folders of results: nothing that lies there is fetched. */
  begun: number;
  /** What is below a folder that was not there then was brought with it, whatever its dates. */
  known: KnownFolders;
}

/**
 * Files that came or changed after a moment, whatever date they were given. Links are not followed: what they lead to is
 * not the app's. A folder that cannot be looked through is told as one.
 */
export async function filesSince(root: string, when: MadeSince, below = ""): Promise<MadeFile[]> {
  const folder = join(root, below);
  const since = sinceIn(folder, isResultsFolder(basename(below)) ? { ...when, installed: when.begun } : when);
  const inside = { ...when, installed: since };
  const entries = await entriesOf(folder);
  if (entries === null) return [await wholeOf(root, below)];
  const found: MadeFile[] = [];
  const odd = new Set<string>(); // several may be shown alike
  for (const entry of entries) {
    const path = join(below, entry.name);
    if (isOddName(folder, entry.name)) odd.add(path);
    else if (entry.isDirectory()) {
      if (entry.name !== ".git" && !isMadeByPrograms(root, path)) found.push(...(await filesSince(root, inside, path)));
    } else if (entry.isFile()) {
      const stats = await lstat(join(root, path));
      if (isSince(stats, since)) found.push({ path, bytes: stats.size });
    }
  }
  for (const path of odd) {
    const all = oddPaths(join(root, path)).map((one) => lstatSync(one));
    if (all.some((one) => one.isDirectory() || isSince(one, since))) found.push(await wholeOf(root, path));
  }
  return found;
}

/** Everything in a folder that came as a whole counts. */
function sinceIn(folder: string, { installed, known }: MadeSince): number {
  const found = lstatSync(folder, { bigint: true, throwIfNoEntry: false });
  return found === undefined || known.has(folder, found.ino) ? installed : -Infinity;
}

const isSince = ({ mtimeMs, ctimeMs, birthtimeMs }: Stats, since: number): boolean =>
  Math.max(mtimeMs, ctimeMs, birthtimeMs) > since;

async function wholeOf(root: string, path: string): Promise<MadeFile> {
  const { bytes, sharedBytes } = await treeSize([join(root, path)]);
  return { path, bytes: bytes + sharedBytes };
}

/** Null for what cannot be looked through. */
async function entriesOf(folder: string): Promise<Dirent[] | null> {
  if (isTooDeep(folder)) return null;
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    return ["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "") ? [] : null;
  }
}

/** Moves one of those into another folder, by the same path. What is there already is not written over. */
export function keepMade(from: string, place: string): void {
  const odd = oddPaths(from);
  if (odd.length === 0) return movePath(from, freePath(place));
  for (const path of odd) {
    let folder = dirname(place);
    for (let number = 2; !moveOdd(path, folder); number++) folder = join(dirname(place), String(number));
  }
}

function freePath(path: string): string {
  for (let number = 1; ; number++) {
    const tried = number === 1 ? path : path.replace(/(\.[^./]*)?$/, `-${number}$1`);
    if (!existsSync(tried)) return tried;
  }
}
