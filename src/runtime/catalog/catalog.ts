import { comparableRemote } from "../base/git-uri.js";
import type { CatalogFilters, CatalogSort } from "../protocol/catalog-requests.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
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
import type { Contents } from "./contents.js";
import { type InstalledPackage, originOf } from "./installed-packages.js";
import { editionOf, hereIn, judgeFor, type Loaded, makeReady } from "./loaded.js";
import { compactPackage } from "./search/compact-package.js";
import { foundPackage } from "./search/package-search.js";
import { openSourcesFile, withSource } from "./sources-file.js";
import { OWN_SOURCES, openSource, sourceAt } from "./sources/index.js";
import { isRepository, packageAt } from "./sources/repository.js";
import type { CatalogSource, SourceWorld } from "./sources/source.js";

/** What the catalog needs of the rest of the sidecar. */
export interface CatalogWorld extends SourceWorld {
  /** Says which sources a person has added. */
  sourcesFile: string;
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
  /** As `find`, by the address of its repository. */
  at(repository: string): Promise<Package | null>;
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
  const file = openSourcesFile({
    path: world.sourcesFile,
    mayWrite: world.mayWrite,
    onProblem: (why) => world.warn(why),
  });
  const opened = new Map<string, CatalogSource>();
  /** Why a source could not be asked last. */
  const errors = new Map<string, WireError>();
  const ending = new AbortController();
  let loading: Promise<Loaded> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const sources = (): CatalogSource[] => {
    file.look();
    const own = OWN_SOURCES.map((open) => open(world));
    const added = file.value.sources.flatMap((record) => {
      const source = opened.get(record.id) ?? openSource(record, world);
      if (source === null) return [];
      opened.set(record.id, source);
      return [source];
    });
    return [...own, ...added];
  };

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

  const load = (): Promise<Loaded> => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(forget, KEPT_MS).unref();
    if (loading === null) {
      const began = (loading = makeReady(sources()));
      began.then(refreshStale, () => {
        if (loading === began) drop();
      });
    }
    return loading;
  };

  /** Asked behind everybody's back: what was kept is shown meanwhile. */
  const refreshStale = (): void => {
    for (const source of sources()) if (world.mayWrite && source.isStale?.() === true) void ask(source);
  };

  const ask = async (source: CatalogSource): Promise<void> => {
    if (source.refresh === null) return;
    try {
      const { changed: isNew } = await source.refresh(ending.signal);
      const failedBefore = errors.delete(source.id);
      if (isNew || failedBefore) changed();
    } catch (error) {
      if (ending.signal.aborted) return;
      errors.set(source.id, toWireError(error));
      world.onChanged();
    }
  };

  const judge = async (loaded: Loaded) => {
    const [machine, list] = await Promise.all([world.machine(), world.installed()]);
    return { machine, installed: judgeFor(loaded, machine, list), isEmpty: list.length === 0 };
  };

  const stateOf = (source: CatalogSource, contents: Contents): CatalogSourceState => {
    const { id, kind, label, address, refresh } = source;
    const read = contents.bySource.get(id);
    return {
      id,
      kind,
      label,
      address,
      packages: read?.packages ?? 0,
      skipped: read?.skipped ?? 0,
      problems: read?.problems ?? [],
      date: read?.date ?? null,
      error: errors.get(id) ?? read?.error ?? null,
      canRemove: kind !== "built-in" && kind !== "examples",
      canRefresh: refresh !== null,
    };
  };

  const states = async (): Promise<CatalogSourceState[]> => {
    const { contents } = await load();
    return sources().map((source) => stateOf(source, contents));
  };

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
      const pasted = pastedPackage(text, world);
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
      const place =
        byId.get(id) ?? byId.get(id.toLowerCase()) ?? (isRepository(id) ? byOrigin.get(originOf(id)) : undefined);
      const wanted = place === undefined ? undefined : packages[place];
      if (place === undefined || wanted === undefined) {
        if (isRepository(id) && !id.startsWith(APP_PREFIX)) {
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
      const { packages } = (await load()).contents;
      return packages.find((one) => one.repository !== null && comparableRemote(one.repository) === wanted) ?? null;
    },
    sources: states,
    addSource: async (address, kind) => {
      const wanted = sourceAt(address, kind, world);
      const before = sources().find((source) => source.kind === wanted.kind && source.address === wanted.address);
      if (before !== undefined) {
        throw new PinokioError("source-exists", `${wanted.address} is a source of the catalog already`, {
          hint: `It is called ${before.id}; refresh it to read it anew`,
        });
      }
      const next = withSource(file.value, wanted);
      const record = next.sources.at(-1);
      const source = record === undefined ? null : openSource(record, world);
      if (source === null || record === undefined) throw new Error(`No source of kind ${wanted.kind} can be opened`);
      // One that cannot be read is not added: a slip in an address is noticed while it is on the screen.
      await source.refresh?.(ending.signal);
      await source.read();
      file.change((now) => ({ ...now, sources: [...now.sources.filter(({ id }) => id !== record.id), record] }));
      opened.set(record.id, source);
      changed();
      return stateOf(source, (await load()).contents);
    },
    removeSource: (id) => {
      const source = sources().find((one) => one.id === id);
      if (source === undefined) throw noSource(id, sources());
      if (source.address === null) {
        throw new PinokioError("request-invalid", `${source.label} comes with PinokioCloud and cannot be removed`);
      }
      file.change((now) => ({ ...now, sources: now.sources.filter((record) => record.id !== id) }));
      opened.delete(id);
      errors.delete(id);
      source.forget?.();
      changed();
    },
    refresh: async (id) => {
      const wanted = sources().filter((source) => (id === undefined ? source.refresh !== null : source.id === id));
      if (id !== undefined && wanted.length === 0) throw noSource(id, sources());
      await Promise.all(wanted.map(ask));
      return (await states()).filter((state) => id === undefined || state.id === id);
    },
    close: () => {
      ending.abort();
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

const noSource = (id: string, sources: readonly CatalogSource[]): PinokioError =>
  new PinokioError("request-invalid", `The catalog has no source called ${JSON.stringify(id)}`, {
    hint: `There are: ${sources.map((source) => source.id).join(", ")}`,
  });
