import { existsSync, lstatSync, realpathSync, rmSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { isInside } from "../base/inside-folder.js";
import { isMadeAgain, ownFiles } from "../base/own-files.js";
import { moveToTrash, type TrashReason } from "../base/trash.js";
import type { MethodContext } from "./method.js";

type Context = Pick<MethodContext, "home" | "note" | "programs">;

/**
 * Removes a file or folder. Below `<home>/api`, as it is written or as it really lies, what a person may have made is
 * kept in `<home>/trash`: whatever git cannot bring back, unless an environment or a cache of code owns it.
 */
export async function removeKeeping(path: string, context: Context): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  const place = placeInApps(path, context.home);
  if (place !== null && !found.isSymbolicLink() && !belongsToEnvironment(place)) {
    const kept = await ownFiles({ path: place.real, top: place.top, programs: context.programs });
    const named = kept.map((file) => join(place.named, relative(place.real, file)));
    if (named.length > 0) keepInTrash(named, place.from, "script", context);
  }
  rmSync(path, { recursive: true, force: true });
}

/** Keeps files that a script would lose; `from` is the folder their places in the trash are told by. */
export function keepInTrash(
  files: readonly string[],
  from: string,
  why: TrashReason,
  { home, note }: Pick<MethodContext, "home" | "note">,
): void {
  const folder = moveToTrash(home, files, { from, why });
  note(`${files.length === 1 ? "1 item was" : `${files.length} items were`} kept in ${folder}\r\n`);
}

interface Place {
  /** The path by which the trash tells its place, below `from`. */
  named: string;
  from: string;
  real: string;
  /** Nothing from here upwards, as the path really lies, is the app's. */
  top: string;
}

/** Null when neither the path as written nor where it really lies is below `<home>/api`. */
function placeInApps(path: string, home: string): Place | null {
  const api = join(home, "api");
  const realApi = existsSync(api) ? realpathSync(api) : api;
  const real = join(realpathSync(dirname(path)), basename(path));
  const isBelow = (folder: string, one: string): boolean => one !== folder && isInside(folder, one);
  if (isBelow(realApi, real)) return { named: real, from: realApi, real, top: realApi };
  const from = [api, realApi].find((folder) => isBelow(folder, path));
  return from === undefined ? null : { named: path, from, real, top: aboveLastLink(path, from) };
}

function aboveLastLink(path: string, api: string): string {
  for (let above = dirname(path); above !== api; above = dirname(above)) {
    if (lstatSync(above).isSymbolicLink()) return dirname(realpathSync(above));
  }
  return realpathSync(api);
}

const belongsToEnvironment = ({ named, from, real, top }: Place): boolean =>
  isMadeAgain(named, from) || isMadeAgain(real, top);
