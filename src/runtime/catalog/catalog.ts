import { isAddress } from "../base/git-address.js";
import { comparableRemote } from "../base/git-uri.js";
import type { CatalogFilters, CatalogSort } from "../protocol/catalog-requests.js";
import { PinokioError } from "../protocol/errors.js";
import type {
  CatalogSourceState,
  CompactPackage,
  FitMachine,
  FoundPackage,
  Package,
  PackageHere,
  SourceKindName,
} from "../protocol/packages.js";
import { onlyPasted, PASTED, pastedPackage, type SearchAnswer } from "./answers.js";
import { type InstalledPackage, originOf } from "./installed-packages.js";
import { editionOf, hereIn, judgeFor, type Loaded, makeReady } from "./loaded.js";
import { compactPackage } from "./search/compact-package.js";
import { foundPackage } from "./search/package-search.js";
import { createSourceList, type SourceListWorld } from "./source-list.js";
import { isRepository, packageAt } from "./sources/repository.js";

/** What the catalog needs of the rest of the sidecar. */
export interface CatalogWorld extends SourceListWorld {
  machine(): Promise<FitMachine>;
  installed(): Promise<readonly InstalledPackage[]>;
  /** Something was added, removed or fetched. */
  onChanged(): void;
  /** Nobody has asked for a while, and what was read is forgotten. */
  onDropped?(): void;
}

export interface Catalog {
  search(query: CatalogOrder): Promise<SearchAnswer>;
  /** A stretch of all packages; none of them for who has that edition. */
  list(order: ListOrder): Promise<{ edition: string; size: number; packages: CompactPackage[] }>;
  /** What decides how packages fit and stand here. */
  here(): Promise<{ edition: string; machine: FitMachine; installed: Record<string, PackageHere>; isEmpty: boolean }>;
  pictures(ids: readonly string[]): Promise<Record<string, string>>;
  info(id: string): Promise<FoundPackage & { similar: { id: string; name: string }[] }>;
  /** The package behind an id, or null; what installs it has to heed its warning. */
  find(id: string): Promise<Package | null>;
  /** Ids that are nearly so. */
  near(id: string): Promise<string[]>;
  /** As `find`, of apps, by the address of their repository. */
  at(repository: string): Promise<Package | null>;
  /** Whether a text such as `name/other` begins with a source of the catalog, also one that was removed: no owner on GitHub is meant. */
  isOfSource(text: string): boolean;
  sources(): Promise<CatalogSourceState[]>;
  addSource(address: string, kind?: SourceKindName): Promise<CatalogSourceState>;
  removeSource(id: string): void;
  refresh(id?: string): Promise<CatalogSourceState[]>;
  close(): void;
}

export interface CatalogOrder {
  text: string;
  filters: CatalogFilters;
  sort: CatalogSort;
  most: number;
  after: number;
}

export interface ListOrder {
  edition?: string | undefined;
  most: number;
  after: number;
}

/** What nobody has asked for so long is dropped; it is read again in milliseconds. */
const KEPT_MS = 2 * 60_000;
const SIMILAR = 6;

export function createCatalog(world: CatalogWorld): Catalog {
  let loading: Promise<Loaded> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const drop = (): void => {
    loading = null;
  };

  const forget = (): void => {
    drop();
    world.onDropped?.();
  };

  const changed = (): void => {
    drop();
    world.onChanged();
  };

  const sources = createSourceList(world, { onContents: changed, onErrors: () => world.onChanged() });

  const load = (): Promise<Loaded> => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(forget, KEPT_MS).unref();
    if (loading === null) {
      const began = (loading = makeReady(sources.all()));
      began.then(sources.refreshStale, () => {
        if (loading === began) drop();
      });
    }
    return loading;
  };

  const judge = async (loaded: Loaded) => {
    const [machine, here] = await Promise.all([world.machine(), world.installed()]);
    return { machine, installed: judgeFor(loaded, machine, here), isEmpty: here.length === 0 };
  };

  const isOfSource = (text: string): boolean =>
    !isAddress(text) && text.includes("/") && sources.knows(text.slice(0, text.indexOf("/")));

  const states = async (): Promise<CatalogSourceState[]> => sources.states((await load()).contents);
  const only = async (id: string | undefined): Promise<CatalogSourceState[]> =>
    (await states()).filter((state) => id === undefined || state.id === id);

  const find = async (id: string): Promise<Package | null> => {
    const { byId } = (await load()).contents;
    const place = byId.get(id) ?? byId.get(id.toLowerCase());
    return place === undefined ? null : ((await load()).contents.packages[place] ?? null);
  };

  return {
    search: async ({ text: written, filters, sort, most, after }) => {
      const loaded = await load();
      const { machine, installed, isEmpty } = await judge(loaded);
      const { contents, search } = loaded;
      const shown = (wanted: Package): FoundPackage => foundPackage(wanted, machine, installed.of(wanted));
      const text = written.trim();
      const pasted = isOfSource(text) ? null : pastedPackage(text, world);
      const words = pasted === null ? text : (pasted.name.split("/").pop() ?? "");
      const known = pasted === null ? undefined : contents.byOrigin.get(originOf(pasted.install));
      if (pasted !== null && known === undefined) return onlyPasted(shown(pasted), contents);
      const { places: ranked, ...rest } = search.search({ words, filters, sort, most, after, isEmpty });
      const places = known === undefined || after > 0 ? ranked : [known, ...ranked.filter((at) => at !== known)];
      return {
        ...rest,
        packages: places
          .slice(0, most)
          .flatMap((at) => contents.packages[at] ?? [])
          .map(shown),
        total: known === undefined || ranked.includes(known) ? rest.total : rest.total + 1,
        size: contents.packages.length,
        pasted: null,
      };
    },
    list: async ({ edition, most, after }) => {
      const loaded = await load();
      const { packages } = loaded.contents;
      const now = editionOf(loaded);
      const wanted = edition === now ? [] : packages.slice(after, after + most);
      return { edition: now, size: packages.length, packages: wanted.map(compactPackage) };
    },
    here: async () => {
      const loaded = await load();
      const { machine, installed, isEmpty } = await judge(loaded);
      return { edition: editionOf(loaded), machine, installed: hereIn(loaded, installed), isEmpty };
    },
    pictures: async (ids) => {
      const { byId, packages } = (await load()).contents;
      const pictures: Record<string, string> = {};
      for (const id of ids) {
        const icon = packages[byId.get(id) ?? -1]?.icon ?? null;
        if (icon !== null) pictures[id] = icon;
      }
      return pictures;
    },
    info: async (id) => {
      const loaded = await load();
      const { machine, installed } = await judge(loaded);
      const { byId, byOrigin, packages } = loaded.contents;
      const isPlace = isRepository(id) && !isOfSource(id);
      const place = byId.get(id) ?? byId.get(id.toLowerCase()) ?? (isPlace ? byOrigin.get(originOf(id)) : undefined);
      const wanted = place === undefined ? undefined : packages[place];
      if (place === undefined || wanted === undefined) {
        if (isPlace && !id.startsWith(APP_PREFIX)) {
          const pasted = packageAt(id, id, PASTED);
          return { ...foundPackage(pasted, machine, installed.of(pasted)), similar: [] };
        }
        throw missing(id, loaded.search.nearest(id));
      }
      return {
        ...foundPackage(wanted, machine, installed.of(wanted)),
        similar: loaded.search.similar(place, SIMILAR).map(({ id: other, name }) => ({ id: other, name })),
      };
    },
    find,
    near: async (id) => (await load()).search.nearest(id).map((one) => one.id),
    at: async (repository) => {
      const wanted = comparableRemote(repository);
      const apps = (await load()).contents.packages.filter(({ type }) => type === "app");
      return apps.find((one) => one.repository !== null && comparableRemote(one.repository) === wanted) ?? null;
    },
    isOfSource,
    sources: states,
    addSource: async (address, kind) => {
      const { id } = await sources.add(address, kind);
      const [state] = await only(id);
      if (state === undefined) throw new Error(`The source ${id} was added and is not there`);
      return state;
    },
    removeSource: (id) => sources.remove(id),
    refresh: async (id) => {
      await sources.refresh(id);
      return only(id);
    },
    close: () => {
      sources.close();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** In front of an installed app's name: no host of an ssh address. */
const APP_PREFIX = "app:";

const missing = (id: string, near: readonly Package[]): PinokioError =>
  new PinokioError("package-missing", `The catalog has no package called ${JSON.stringify(id)}`, {
    hint:
      near.length === 0
        ? "Search for it: pinokiocloud search <words>"
        : `Near to it: ${near.map((one) => one.id).join(", ")}`,
  });
