import { wholePackage } from "../../runtime/catalog/search/compact-package.js";
import { foundPackage, PackageSearch } from "../../runtime/catalog/search/package-search.js";
import type { SidecarClient } from "../../runtime/client/sidecar-client.js";
import type { CompactPackage, FoundPackage } from "../../runtime/protocol/packages.js";
import type { ReplyOf } from "../../runtime/protocol/requests.js";
import type { FoundPackages, Wish } from "./wish.js";

type Here = ReplyOf<"catalog.here">;

/** What a page has of the catalog at one time. */
interface Held {
  edition: string;
  search: PackageSearch;
  here: Here;
  /** Those whose picture the list does not bring. */
  pictured: ReadonlySet<string>;
}

const MOST_PICTURES = 100;

/** All packages, in the page: a key finds what it finds at once, and without a connection too. */
export class CatalogCopy {
  readonly #client: SidecarClient;
  readonly #listeners = new Set<() => void>();
  /** By place: the same object as long as it says the same, so that its card is not drawn anew. */
  readonly #shown = new Map<number, FoundPackage>();
  readonly #pictures = new Map<string, string>();
  readonly #asked = new Set<string>();
  #held: Held | null = null;
  #version = 0;
  #loading: Promise<void> | null = null;
  #isStale = false;

  constructor(client: SidecarClient) {
    this.#client = client;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Another one when the same search may find something else. */
  readonly version = (): number => this.#version;

  /** Asks what is new. What is here is searched meanwhile. */
  refresh(): void {
    if (this.#loading !== null) {
      this.#isStale = true;
      return;
    }
    this.#isStale = false;
    this.#loading = this.#load()
      .catch(() => undefined) // the sidecar is asked at each key then
      .finally(() => {
        this.#loading = null;
        if (this.#isStale) this.refresh();
      });
  }

  /** Null as long as there is no list. */
  find({ text, filters, sort, most }: Wish): FoundPackages | null {
    if (this.#held === null) return null;
    const { search, here } = this.#held;
    const order = { words: text.trim(), filters, sort, most, after: 0, isEmpty: here.isEmpty };
    const { places, ...rest } = search.search(order);
    const packages = places.map((place) => this.#show(place));
    this.#askForPictures(packages);
    return { ...rest, packages, size: search.packages.length, pasted: null };
  }

  async #load(): Promise<void> {
    const here = await this.#client.request("catalog.here", {});
    if (this.#held?.edition === here.edition) return this.#take({ ...this.#held, here });
    const list = await this.#fetch();
    if (list === null) return; // it has changed meanwhile, which is told
    const search = await PackageSearch.of(list.packages.map(wholePackage), nextTurn);
    const pictured = new Set(list.packages.flatMap(({ id, hasIcon }) => (hasIcon === true ? [id] : [])));
    this.#take({ edition: list.edition, search, here, pictured });
  }

  /** In stretches, since other words travel on the same way. */
  async #fetch(): Promise<{ edition: string; packages: CompactPackage[] } | null> {
    const packages: CompactPackage[] = [];
    let edition: string | null = null;
    for (;;) {
      const part = await this.#client.request("catalog.list", { after: packages.length });
      edition ??= part.edition;
      if (part.edition !== edition) return null;
      packages.push(...part.packages);
      if (packages.length >= part.size || part.packages.length === 0) return { edition, packages };
    }
  }

  #take(held: Held): void {
    const before = this.#held;
    if (before?.search === held.search && keyOf(before.here) === keyOf(held.here)) return;
    const { search, here } = held;
    search.judge(here.machine, ({ id }) => here.installed[id] ?? null);
    this.#forgetShown(before, held);
    this.#held = held;
    this.#tell();
  }

  #forgetShown(before: Held | null, { search, here }: Held): void {
    const isSame = before?.search === search && machineKey(before.here) === machineKey(here);
    if (!isSame) return this.#shown.clear();
    for (const [place, { id }] of this.#shown) {
      const [earlier, now] = [before.here.installed[id], here.installed[id]];
      if (JSON.stringify(earlier) !== JSON.stringify(now)) this.#shown.delete(place);
    }
  }

  #show(place: number): FoundPackage {
    const known = this.#shown.get(place);
    if (known !== undefined) return known;
    const { search, here } = this.#held as Held;
    const wanted = search.packages[place];
    if (wanted === undefined) throw new Error(`There is no package at ${place}`);
    const icon = this.#pictures.get(wanted.id) ?? null;
    const shown = { ...foundPackage(wanted, here.machine, here.installed[wanted.id] ?? null), icon };
    this.#shown.set(place, shown);
    return shown;
  }

  #askForPictures(packages: readonly FoundPackage[]): void {
    const ids = packages
      .map(({ id }) => id)
      .filter((id) => this.#held?.pictured.has(id) === true && !this.#asked.has(id))
      .slice(0, MOST_PICTURES);
    if (ids.length === 0) return;
    for (const id of ids) this.#asked.add(id);
    this.#client.request("catalog.pictures", { ids }).then(
      (pictures) => {
        for (const [id, picture] of Object.entries(pictures)) this.#pictures.set(id, picture);
        for (const [place, { id }] of this.#shown) if (pictures[id] !== undefined) this.#shown.delete(place);
        this.#tell();
      },
      () => ids.forEach((id) => this.#asked.delete(id)), // letters stand in its place
    );
  }

  #tell(): void {
    this.#version++;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Free space matters in gigabytes. */
const machineKey = ({ machine, isEmpty }: Here): string =>
  JSON.stringify([{ ...machine, diskFreeBytes: Math.floor(machine.diskFreeBytes / 1024 ** 3) }, isEmpty]);

const keyOf = (here: Here): string => `${machineKey(here)} ${JSON.stringify(here.installed)}`;

const COPIES = new WeakMap<SidecarClient, CatalogCopy>();

/** The views of one connection share one. */
export function catalogCopyOf(client: SidecarClient): CatalogCopy {
  const known = COPIES.get(client);
  if (known !== undefined) return known;
  const copy = new CatalogCopy(client);
  COPIES.set(client, copy);
  return copy;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
