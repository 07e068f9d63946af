import { environmentFinder, type EnvironmentWorld } from "./environment-file.js";
import type { AppPlace, Source } from "./finder.js";
import { flagFinder, type FlagWorld } from "./flags.js";
import { settingsFileFinder } from "./settings-files.js";

export type FinderWorld = EnvironmentWorld & FlagWorld;

/** Every way to find settings, in the order in which they are shown. */
const finders = [environmentFinder, flagFinder, settingsFileFinder] as const;

export async function findSources(app: AppPlace, world: FinderWorld): Promise<Source[]> {
  const found: Source[] = [];
  for (const finder of finders) found.push(...(await finder(world).find(app)));
  return found;
}
