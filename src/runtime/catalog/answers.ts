import { basename } from "node:path";
import type { FoundPackage, Package } from "../protocol/packages.js";
import type { Contents } from "./contents.js";
import { barePackage } from "./entry.js";
import { type FitMachine, fitOf } from "./fit.js";
import type { InstalledPackages } from "./installed-packages.js";
import type { Loaded } from "./loaded.js";
import type { Ranked } from "./ranking.js";
import { folder } from "./sources/folder.js";
import { isRepository, packageAt } from "./sources/repository.js";
import type { SourceWorld } from "./sources/source.js";

/** Of packages that no source has. */
export const PASTED = "pasted";
const NEAR = 3;

export type SearchAnswer = Omit<Ranked, "places"> & {
  packages: FoundPackage[];
  size: number;
  pasted: FoundPackage | null;
  withoutFilters: number;
  near: string[];
};

/** What a text names by itself: a repository, or a folder of this machine. */
export function pastedPackage(text: string, world: SourceWorld): Package | null {
  if (isRepository(text)) {
    return { ...packageAt(text, text, PASTED), summary: "A git repository that no source of the catalog lists" };
  }
  const place = folder.addressOf(text, world, false);
  if (place === null || place === "/") return null;
  const summary = "A folder of this machine";
  return barePackage({ id: place, source: PASTED, name: basename(place), summary, install: place, repository: null });
}

/** A package with what is known of it here. */
export function found(wanted: Package, machine: FitMachine, installed: InstalledPackages): FoundPackage {
  const known = installed.of(wanted);
  return {
    ...wanted,
    fit: fitOf(wanted, machine, known?.history),
    installed: known?.app ?? null,
    favorite: known?.favorite ?? false,
    lastUsedAt: known?.lastUsedAt ?? null,
  };
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

/** What can be said to who found nothing. */
export function nothingFound(loaded: Loaded, words: string): { withoutFilters: number; near: string[] } {
  if (words === "") return { withoutFilters: loaded.contents.packages.length, near: [] };
  const withoutFilters = loaded.index.search(words).count;
  return { withoutFilters, near: withoutFilters > 0 ? [] : nearest(loaded, words).map(({ name }) => name) };
}

/** What somebody may have meant. */
export function nearest({ index, ranking, contents }: Loaded, words: string): Package[] {
  const order = { filters: {}, sort: "best", after: 0, samplesFirst: false } as const;
  const found = index.search(words);
  const places =
    found.count > 0
      ? ranking.rank({ ...order, found, most: NEAR }).places
      : index
          .near(words, NEAR)
          .flatMap((word) => ranking.rank({ ...order, found: index.search(word), most: 1 }).places);
  return [...new Set(places)].flatMap((at) => contents.packages[at] ?? []);
}
