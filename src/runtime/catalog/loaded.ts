import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { FitMachine, PackageHere } from "../protocol/packages.js";
import { type Contents, readSources } from "./contents.js";
import { type InstalledPackage, InstalledPackages } from "./installed-packages.js";
import { PackageSearch } from "./search/package-search.js";
import type { CatalogSource } from "./sources/source.js";

/** Everything that was read, made ready to be searched. */
export interface Loaded {
  contents: Contents;
  search: PackageSearch;
  /** For which machine and which installed apps the search holds. */
  judgedFor: string;
  /** What `editionOf` has worked out. */
  edition: string | null;
}

export async function makeReady(sources: readonly CatalogSource[]): Promise<Loaded> {
  const contents = await readSources(sources);
  // A sidecar that indexes a long list answers others meanwhile.
  const search = await PackageSearch.of(contents.packages, () => nextTurn());
  return { contents, search, judgedFor: "", edition: null };
}

/** Says of each package how it stands here, unless that is what the search knows already. */
export function judgeFor(loaded: Loaded, machine: FitMachine, list: readonly InstalledPackage[]): InstalledPackages {
  const installed = new InstalledPackages(list);
  const key = JSON.stringify([machineKey(machine), list]);
  if (loaded.judgedFor === key) return installed;
  loaded.search.judge(machine, (wanted) => installed.of(wanted));
  loaded.judgedFor = key;
  return installed;
}

/** Which of its packages are installed, by their ids. */
export function hereIn({ contents }: Loaded, installed: InstalledPackages): Record<string, PackageHere> {
  const here: Record<string, PackageHere> = {};
  for (const wanted of installed.isEmpty ? [] : contents.packages) {
    const known = installed.of(wanted);
    if (known === null) continue;
    const { app, favorite, lastUsedAt, history } = known;
    here[wanted.id] = { app, favorite, lastUsedAt, history };
  }
  return here;
}

/** The same as long as the same packages were read. */
export function editionOf(loaded: Loaded): string {
  if (loaded.edition === null) {
    const hash = createHash("sha256");
    for (const wanted of loaded.contents.packages) hash.update(JSON.stringify(wanted));
    loaded.edition = hash.digest("hex").slice(0, 16);
  }
  return loaded.edition;
}

/** Free space matters in gigabytes; a ranking is not made anew for less. */
const machineKey = ({ diskFreeBytes, ...machine }: FitMachine) => [machine, Math.floor(diskFreeBytes / 1024 ** 3)];
