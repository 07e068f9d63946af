import { setImmediate as nextTurn } from "node:timers/promises";
import { type Contents, readSources } from "./contents.js";
import { type FitMachine, fitOf } from "./fit.js";
import { type InstalledPackage, InstalledPackages } from "./installed-packages.js";
import { fieldsOf } from "./package-fields.js";
import { Ranking } from "./ranking.js";
import { IndexBuilder } from "./search/index-builder.js";
import type { SearchIndex } from "./search/search-index.js";
import type { CatalogSource } from "./sources/source.js";

/** Everything that was read, made ready to be searched. */
export interface Loaded {
  contents: Contents;
  index: SearchIndex;
  ranking: Ranking;
  /** For which machine and which installed apps the ranking holds. */
  judgedFor: string;
}

/** A sidecar that indexes a long list answers others meanwhile. */
const AT_ONCE = 250;

export async function makeReady(sources: readonly CatalogSource[]): Promise<Loaded> {
  const contents = await readSources(sources);
  const builder = new IndexBuilder();
  for (const [at, wanted] of contents.packages.entries()) {
    builder.add(fieldsOf(wanted));
    if (at % AT_ONCE === AT_ONCE - 1) await nextTurn();
  }
  return { contents, index: builder.finish(), ranking: new Ranking(contents.packages), judgedFor: "" };
}

/** Says of each package how it stands here, unless that is what the ranking knows already. */
export function judgeFor(loaded: Loaded, machine: FitMachine, list: readonly InstalledPackage[]): InstalledPackages {
  const installed = new InstalledPackages(list);
  const key = JSON.stringify([machineKey(machine), list]);
  if (loaded.judgedFor === key) return installed;
  for (const [place, wanted] of loaded.contents.packages.entries()) {
    const known = installed.of(wanted);
    loaded.ranking.setStanding(place, {
      verdict: fitOf(wanted, machine, known?.history).verdict,
      isInstalled: known !== null,
      isFavorite: known?.favorite ?? false,
      lastUsed: known?.lastUsedAt == null ? 0 : Date.parse(known.lastUsedAt),
      isSample: wanted.source === "examples",
    });
  }
  loaded.judgedFor = key;
  return installed;
}

/** Free space matters in gigabytes; a ranking is not made anew for less. */
const machineKey = ({ diskFreeBytes, programs, ...machine }: FitMachine) => [
  machine,
  Math.floor(diskFreeBytes / 1024 ** 3),
  [...programs],
];
