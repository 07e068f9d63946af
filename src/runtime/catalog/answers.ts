import { basename } from "node:path";
import type { FoundPackage, Package } from "../protocol/packages.js";
import type { Contents } from "./contents.js";
import { barePackage } from "./entry.js";
import type { PlacesFound } from "./search/package-search.js";
import { folder } from "./sources/folder.js";
import { isRepository, mayBeRepository, packageAt } from "./sources/repository.js";
import type { SourceWorld } from "./sources/source.js";

/** Of packages that no source has. */
export const PASTED = "pasted";

export type SearchAnswer = Omit<PlacesFound, "places"> & {
  packages: FoundPackage[];
  size: number;
  pasted: FoundPackage | null;
};

/** What a text names by itself: a repository, or a folder of this machine. */
export function pastedPackage(text: string, world: SourceWorld): Package | null {
  if (isRepository(text) || mayBeRepository(text)) {
    return { ...packageAt(text, text, PASTED), summary: "A git repository that no source of the catalog lists" };
  }
  const place = folder.addressOf(text, world, false);
  if (place === null || place === "/") return null;
  const summary = "A folder of this machine";
  return barePackage({ id: place, source: PASTED, name: basename(place), summary, install: place, repository: null });
}

export const onlyPasted = (pasted: FoundPackage, { packages }: Contents): SearchAnswer => ({
  packages: [],
  total: 0,
  size: packages.length,
  counts: {},
  tags: [],
  pasted,
  withoutFilters: 0,
  near: [],
});
