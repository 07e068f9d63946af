import { lstatSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { isInside } from "../../base/inside-folder.js";
import { isMadeAgain, ownFiles } from "../../base/own-files.js";
import type { AppId } from "../../protocol/ids.js";
import type { ChangesWorld } from "./world.js";

/** What goes with an app besides its folder, by places below the home. All of it can be made or fetched again. */
export interface Freed {
  caches: string[];
  environments: string[];
  /** Environments that only it uses and that stay: a person has put files into them. */
  stay: string[];
}

/** The rooms of a home that it may lie in. */
const ROOMS = ["cache", "envs"];

export async function freedWith(app: AppId, world: ChangesWorld, signal?: AbortSignal): Promise<Freed> {
  const { home, programs } = world;
  const { caches, environments } = await world.usedOnlyBy(app);
  const freed: Freed = { caches: placesOf(caches, home), environments: [], stay: [] };
  for (const place of placesOf(environments, home)) {
    const path = realpathSync(join(home, place));
    const top = dirname(path);
    const isOnlyMade = isMadeAgain(path, top) || (await ownFiles({ path, top, programs, signal })).length === 0;
    freed[isOnlyMade ? "environments" : "stay"].push(place);
  }
  return freed;
}

/** Folders that are there, in one of the rooms, without a link on the way. */
function placesOf(paths: readonly string[], home: string): string[] {
  return paths
    .map((path) => relative(home, path))
    .filter((place) => ROOMS.some((room) => place !== room && isInside(room, place)) && isOwnFolder(home, place));
}

function isOwnFolder(home: string, place: string): boolean {
  const path = join(home, place);
  const isFolder = lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder && realpathSync(path) === join(realpathSync(home), place);
}
