import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ownFiles } from "../../base/own-files.js";
import type { AppId } from "../../protocol/ids.js";
import type { ChangesWorld } from "./world.js";

/** What one has to know to tell what is a person's. */
export type OwnDataWorld = Pick<ChangesWorld, "home" | "api" | "programs" | "originOf" | "untouchedVariables">;

/** What of an app a person may have made, by its places below the app's folder; the empty one is all of it. */
export async function ownDataOf(
  app: AppId,
  world: OwnDataWorld,
  signal?: AbortSignal,
  how: { commitsStay?: boolean } = {},
): Promise<string[]> {
  const folder = join(world.api, app);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined || found.isSymbolicLink()) return []; // what a link leads to is not the app's to take
  const path = realpathSync(folder);
  const own = await ownFiles({
    path,
    top: dirname(path),
    programs: world.programs,
    origin: world.originOf(app) ?? undefined,
    linksTo: [join(world.home, "drive")],
    tellsOdd: true,
    signal,
    ...how,
  });
  const places = new Set(own.map((file) => relative(path, file))); // several names may be shown alike
  if (places.has("")) return [...new Set(readdirSync(path))];
  places.delete(world.untouchedVariables(app) ?? "");
  return [...places];
}

/**
 * Whether a place lies in what the app's scripts fetch or make by themselves: a checkout below the app's own, or an
 * environment. Its files cannot be there before those are.
 */
export function isBelowMade(folder: string, place: string): boolean {
  for (let above = dirname(place); above !== "."; above = dirname(above)) {
    if ([".git", "pyvenv.cfg", "conda-meta"].some((mark) => existsSync(join(folder, above, mark)))) return true;
  }
  return false;
}
