import type { CatalogFilters, CatalogSort } from "../../protocol/catalog-requests.js";
import type { FitMachine, FoundPackage, Package, PackageHere } from "../../protocol/packages.js";
import { fitOf } from "./fit.js";
import { IndexBuilder } from "./index-builder.js";
import { fieldsOf } from "./package-fields.js";
import { type Ranked, Ranking } from "./ranking.js";
import type { SearchIndex } from "./search-index.js";

export interface SearchOrder {
  /** Empty for everything. */
  words: string;
  filters: CatalogFilters;
  sort: CatalogSort;
  most: number;
  after: number;
  /** Nothing is installed yet. */
  isEmpty: boolean;
}

export interface PlacesFound extends Ranked {
  /** When nothing meets words and filters: how many meet the words alone, and names that are near to them. */
  withoutFilters: number;
  near: string[];
}

/** So many are taken in before others get their turn. */
const AT_ONCE = 250;
const NEAR = 3;

/** A list of packages, made ready to be searched: in the sidecar, and in a page that holds the list. */
export class PackageSearch {
  readonly packages: readonly Package[];
  readonly #index: SearchIndex;
  readonly #ranking: Ranking;

  static async of(packages: readonly Package[], pause: () => Promise<unknown>): Promise<PackageSearch> {
    const builder = new IndexBuilder();
    for (const [at, wanted] of packages.entries()) {
      builder.add(fieldsOf(wanted));
      if (at % AT_ONCE === AT_ONCE - 1) await pause();
    }
    return new PackageSearch(packages, builder.finish());
  }

  private constructor(packages: readonly Package[], index: SearchIndex) {
    this.packages = packages;
    this.#index = index;
    this.#ranking = new Ranking(packages);
  }

  /** Says of each package how it stands here. */
  judge(machine: FitMachine, hereOf: (wanted: Package) => PackageHere | null): void {
    for (const [place, wanted] of this.packages.entries()) {
      const known = hereOf(wanted);
      this.#ranking.setStanding(place, {
        verdict: fitOf(wanted, machine, known?.history).verdict,
        isInstalled: known !== null,
        isFavorite: known?.favorite ?? false,
        lastUsed: known?.lastUsedAt == null ? 0 : Date.parse(known.lastUsedAt),
        isSample: wanted.source === "examples",
      });
    }
  }

  search({ words, filters, sort, most, after, isEmpty }: SearchOrder): PlacesFound {
    const found = words === "" ? null : this.#index.search(words);
    const samplesFirst = isEmpty && words === "";
    const ranked = this.#ranking.rank({ words, found, filters, sort, most, after, samplesFirst });
    if (ranked.total > 0) return { ...ranked, withoutFilters: ranked.total, near: [] };
    if (words === "") return { ...ranked, withoutFilters: this.packages.length, near: [] };
    const withoutFilters = this.#index.search(words).count;
    return { ...ranked, withoutFilters, near: withoutFilters > 0 ? [] : this.nearest(words).map(({ name }) => name) };
  }

  /** What somebody may have meant. */
  nearest(words: string): Package[] {
    const order = { words, filters: {}, sort: "best", after: 0, samplesFirst: false } as const;
    const found = this.#index.search(words);
    const places =
      found.count > 0
        ? this.#ranking.rank({ ...order, found, most: NEAR }).places
        : this.#index
            .near(words, NEAR)
            .flatMap((word) => this.#ranking.rank({ ...order, found: this.#index.search(word), most: 1 }).places);
    return [...new Set(places)].flatMap((at) => this.packages[at] ?? []);
  }

  /** Those that have most tags in common with one. */
  similar(place: number, most: number): Package[] {
    return this.#ranking.similar(place, most).flatMap((at) => this.packages[at] ?? []);
  }
}

/** A package with what is known of it here. */
export const foundPackage = (wanted: Package, machine: FitMachine, known: PackageHere | null): FoundPackage => ({
  ...wanted,
  fit: fitOf(wanted, machine, known?.history),
  installed: known?.app ?? null,
  favorite: known?.favorite ?? false,
  lastUsedAt: known?.lastUsedAt ?? null,
});
