import type { CatalogFilters, CatalogSort } from "../../protocol/catalog-requests.js";
import { CATEGORIES, type Category, FIT_VERDICTS, type FitVerdict, type Package } from "../../protocol/packages.js";
import type { Found } from "./search-index.js";
import { TopList } from "./top-list.js";
import { wordsOf } from "./words.js";

/** What is known of a package here and decides about its place in a list. */
export interface Standing {
  verdict: FitVerdict;
  isInstalled: boolean;
  isFavorite: boolean;
  /** Milliseconds, 0 for never. */
  lastUsed: number;
  /** A sample: shown first to a person who has nothing yet. */
  isSample: boolean;
}

export interface Ranked {
  /** Places in the list of packages, the first one first. */
  places: number[];
  total: number;
  counts: Partial<Record<Category, number>>;
  tags: { tag: string; count: number }[];
}

export interface RankOrder {
  /** What was typed, and what it found; null for everything. */
  words: string;
  found: Found | null;
  filters: CatalogFilters;
  sort: CatalogSort;
  most: number;
  after: number;
  /** Whether samples come first. */
  samplesFirst: boolean;
}

/** A match below this share of the best one is taken for a weak one: fit does not lift it over a good match. */
const GOOD_MATCH = 0.55;
const MOST_TAGS = 40;

/**
 * Puts packages into order: what is called exactly so, then those that match about equally well by how they fit this
 * machine, then by match, installed, favorite. Everything that is compared stands in arrays of numbers, so that a hundred thousand are looked through in
 * milliseconds.
 */
export class Ranking {
  readonly #packages: readonly Package[];
  readonly #category: Uint8Array;
  readonly #tags: string[] = [];
  /** For each package a stretch of `#tagNumbers`. */
  readonly #tagStarts: Uint32Array;
  readonly #tagNumbers: Uint16Array;
  readonly #nameRank: Uint32Array;
  readonly #popularity: Float64Array;
  readonly #fit: Uint8Array;
  readonly #marks: Uint8Array;
  readonly #lastUsed: Float64Array;

  constructor(packages: readonly Package[]) {
    const { length } = packages;
    this.#packages = packages;
    this.#category = Uint8Array.from(packages, ({ category }) => CATEGORIES.indexOf(category));
    this.#popularity = Float64Array.from(packages, ({ popularity }) => popularity ?? -1);
    this.#fit = new Uint8Array(length);
    this.#marks = new Uint8Array(length);
    this.#lastUsed = new Float64Array(length);
    this.#nameRank = rankNames(packages);
    this.#tagStarts = new Uint32Array(length + 1);
    this.#tagNumbers = this.#indexTags();
  }

  setStanding(place: number, { verdict, isInstalled, isFavorite, lastUsed, isSample }: Standing): void {
    this.#fit[place] = FIT_VERDICTS.indexOf(verdict);
    this.#marks[place] = (isInstalled ? INSTALLED : 0) | (isFavorite ? FAVORITE : 0) | (isSample ? SAMPLE : 0);
    this.#lastUsed[place] = lastUsed;
  }

  rank({ words, found, filters, sort, most, after, samplesFirst }: RankOrder): Ranked {
    const isWanted = this.#filter(filters);
    const category = filters.category === undefined ? -1 : CATEGORIES.indexOf(filters.category);
    const counts = new Uint32Array(CATEGORIES.length);
    const tags = new Uint32Array(this.#tags.length);
    const top = new TopList(most + after, this.#order(found, words, sort, samplesFirst));
    let total = 0;
    const length = found === null ? this.#packages.length : found.count;
    for (let at = 0; at < length; at++) {
      const place = found === null ? at : (found.documents[at] as number);
      if (!isWanted(place)) continue;
      const own = this.#category[place] as number;
      counts[own] = (counts[own] as number) + 1;
      if (category >= 0 && own !== category) continue;
      total++;
      const end = this.#tagStarts[place + 1] as number;
      for (let tag = this.#tagStarts[place] as number; tag < end; tag++) {
        const number = this.#tagNumbers[tag] as number;
        tags[number] = (tags[number] as number) + 1;
      }
      top.add(place);
    }
    return {
      places: top.sorted().slice(after),
      total,
      counts: Object.fromEntries(CATEGORIES.map((name, at) => [name, counts[at]]).filter(([, count]) => count !== 0)),
      tags: this.#commonest(tags),
    };
  }

  /** Places of packages that have most tags in common with one. */
  similar(place: number, most: number): number[] {
    const own = new Set(this.#tagsOf(place));
    const shared = (other: number): number => {
      let count = this.#category[other] === this.#category[place] ? 0.5 : 0;
      for (const tag of this.#tagsOf(other)) if (own.has(tag)) count++;
      return count - (this.#fit[other] as number) / 10;
    };
    const scores = Float32Array.from(this.#packages, (_, other) => (other === place ? -1 : shared(other)));
    const top = new TopList(most, (one, other) => (scores[other] as number) - (scores[one] as number));
    for (let other = 0; other < scores.length; other++) if ((scores[other] as number) >= 1) top.add(other);
    return top.sorted();
  }

  #order(found: Found | null, words: string, sort: CatalogSort, samplesFirst: boolean): Order {
    const byName = (one: number, other: number) => (this.#nameRank[one] as number) - (this.#nameRank[other] as number);
    const falling = (values: Float64Array | Float32Array) => (one: number, other: number) =>
      (values[other] as number) - (values[one] as number);
    if (sort === "name") return byName;
    if (sort === "popularity") return inTurn(falling(this.#popularity), byName);
    if (sort === "used") return inTurn(falling(this.#lastUsed), byName);
    const byFit = (one: number, other: number) => (this.#fit[one] as number) - (this.#fit[other] as number);
    const marked = (mark: number) => (one: number, other: number) =>
      ((this.#marks[other] as number) & mark) - ((this.#marks[one] as number) & mark);
    const rest = [marked(INSTALLED), marked(FAVORITE), falling(this.#popularity), byName];
    const isSample = (place: number) => ((this.#marks[place] as number) & SAMPLE) !== 0;
    const asListed = (one: number, other: number) => (isSample(one) && isSample(other) ? one - other : 0);
    if (found === null) return inTurn(...(samplesFirst ? [marked(SAMPLE), asListed] : []), byFit, ...rest);
    const { scores, missing, best } = found;
    const isWeak = (place: number) =>
      (missing[place] as number) * 2 + ((scores[place] as number) < best * GOOD_MATCH ? 1 : 0);
    const isOther = (place: number) => (this.#isCalled(place, words) ? 0 : 1);
    return inTurn(by(isOther), by(isWeak), byFit, falling(scores), ...rest);
  }

  #isCalled(place: number, words: string): boolean {
    const { name } = this.#packages[place] as Package;
    return Math.abs(name.length - words.length) < OTHER_MARKS && spelt(name) === spelt(words);
  }

  #filter(filters: CatalogFilters): (place: number) => boolean {
    const { type, tag, source, fits, vramAtMost, linux, cpu, noToken, installed } = filters;
    const tests: ((place: number) => boolean)[] = [];
    const wants = (test: (wanted: Package) => boolean) => tests.push((at) => test(this.#packages[at] as Package));
    if (fits === true) tests.push((at) => (this.#fit[at] as number) <= FIT_VERDICTS.indexOf("tight"));
    if (installed === true) tests.push((at) => ((this.#marks[at] as number) & INSTALLED) !== 0);
    if (type !== undefined) wants((one) => one.type === type);
    if (source !== undefined) wants((one) => one.source === source);
    if (linux === true) wants((one) => one.linux === "works" || one.linux === "partial");
    if (cpu === true) wants(runsOnProcessor);
    if (noToken === true) wants((one) => one.requires.credentials.length === 0);
    if (vramAtMost !== undefined) wants((one) => needsAtMost(one, vramAtMost));
    if (tag !== undefined) wants((one) => one.tags.includes(tag.toLowerCase()));
    const [first, ...others] = tests;
    if (first === undefined) return () => true;
    return others.length === 0 ? first : (at) => tests.every((test) => test(at));
  }

  #tagsOf(place: number): Uint16Array {
    return this.#tagNumbers.subarray(this.#tagStarts[place], this.#tagStarts[place + 1]);
  }

  #indexTags(): Uint16Array {
    const numbers = new Map<string, number>();
    const all: number[] = [];
    this.#packages.forEach(({ tags }, place) => {
      this.#tagStarts[place] = all.length;
      for (const tag of tags) {
        let number = numbers.get(tag);
        if (number === undefined && numbers.size < MOST_KNOWN_TAGS) {
          number = this.#tags.push(tag) - 1;
          numbers.set(tag, number);
        }
        if (number !== undefined) all.push(number);
      }
    });
    this.#tagStarts[this.#packages.length] = all.length;
    return Uint16Array.from(all);
  }

  #commonest(counts: Uint32Array): Ranked["tags"] {
    const top = new TopList(
      MOST_TAGS,
      (one, other) => (counts[other] as number) - (counts[one] as number) || one - other,
    );
    for (let number = 0; number < counts.length; number++) if ((counts[number] as number) > 0) top.add(number);
    return top.sorted().map((number) => ({ tag: this.#tags[number] ?? "", count: counts[number] ?? 0 }));
  }
}

type Order = (one: number, other: number) => number;

const by =
  (value: (place: number) => number): Order =>
  (one, other) =>
    value(one) - value(other);

/** "Stable-Diffusion" is "stable diffusion". */
const spelt = (name: string): string => wordsOf(name).join("");
const OTHER_MARKS = 4;

const INSTALLED = 1;
const FAVORITE = 2;
const SAMPLE = 4;

/** What a number of two bytes can name. */
const MOST_KNOWN_TAGS = 65_536;

const runsOnProcessor = ({ cpu, requires }: Package): boolean =>
  requires.gpu === "none" || cpu === "yes" || cpu === "slow";

const needsAtMost = (wanted: Package, gigabytes: number): boolean =>
  wanted.requires.vramGB === null ? runsOnProcessor(wanted) : wanted.requires.vramGB <= gigabytes;

function inTurn(...orders: Order[]): Order {
  return (one, other) => {
    for (const order of orders) {
      const difference = order(one, other);
      if (difference !== 0) return difference;
    }
    return one - other;
  };
}

function rankNames(packages: readonly Package[]): Uint32Array {
  const names = packages.map(({ name }) => name.toLowerCase());
  const order = Uint32Array.from(packages, (_, at) => at).sort((one, other) => {
    const [a, b] = [names[one] ?? "", names[other] ?? ""];
    return a < b ? -1 : a > b ? 1 : one - other;
  });
  const rank = new Uint32Array(packages.length);
  order.forEach((place, at) => (rank[place] = at));
  return rank;
}
