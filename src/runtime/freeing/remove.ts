import { lstatSync, realpathSync, renameSync } from "node:fs";
import { join, relative } from "node:path";
import { errnoOf, explainFileError } from "../base/file-errors.js";
import { isInside } from "../base/inside-folder.js";
import { makeFolder } from "../base/make-folder.js";
import { removeTree } from "../base/remove-tree.js";
import { newTrashName, trashFolder } from "../base/trash.js";
import { treeSize } from "../base/tree-size.js";
import type { Freed, FreeWatch } from "./freeable.js";

/** As the trash names what is being emptied: whoever is cut off leaves it to the next start. */
const GOING = ".emptying-";

/**
 * Removes files and folders of the home for good. Each is taken out of the way in one rename, so that whoever works
 * there next finds nothing, or all. What lies behind a link is never touched.
 */
export async function removeForGood(home: string, paths: readonly string[], watch: FreeWatch): Promise<Freed> {
  const freed: Freed = { bytes: 0, problems: [] };
  for (const path of paths) {
    watch.signal.throwIfAborted();
    if (!isOwn(home, path)) continue;
    try {
      const { bytes } = await treeSize([path], watch.signal);
      await removeOne(home, path);
      freed.bytes += bytes;
      watch.tell("remove", freed.bytes);
    } catch (error) {
      watch.signal.throwIfAborted();
      freed.problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return freed;
}

async function removeOne(home: string, path: string): Promise<void> {
  const going = join(trashFolder(home), `${GOING}${newTrashName()}`);
  try {
    makeFolder(trashFolder(home));
    renameSync(path, going);
    await removeTree(going);
  } catch (error) {
    if (errnoOf(error) !== "EXDEV") throw explainFileError(error, path);
    await removeTree(path);
  }
}

/** Whether something is there and really lies where its path says, below the home. */
export function isOwn(home: string, path: string): boolean {
  if (!isInside(home, path) || path === home) return false;
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return false;
  const place = relative(home, path).split("/");
  const above = join(realpathSync(home), ...place.slice(0, -1));
  try {
    return realpathSync(join(home, ...place.slice(0, -1))) === above && !lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
