import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import type { CatalogSourceState, SourceKindName } from "../protocol/packages.js";
import type { Contents } from "./contents.js";
import { openSourcesFile, withoutSource, withSource } from "./sources-file.js";
import { OWN_SOURCES, openSource, sourceAt } from "./sources/index.js";
import type { CatalogSource, SourceWorld } from "./sources/source.js";

export interface SourceListWorld extends SourceWorld {
  /** Says which sources a person has added. */
  sourcesFile: string;
}

/** What becomes known to whoever reads the sources. */
interface SourceListeners {
  /** There is something else to read. */
  onContents(): void;
  /** Why one could not be asked is another than before. */
  onErrors(): void;
}

/** Which sources the catalog has: those that come with us, and those that a person has added. */
export interface SourceList {
  all(): CatalogSource[];
  /** How each stands, with what came of reading it. */
  states(contents: Contents): CatalogSourceState[];
  /** Reads it first: a slip in an address is noticed while it is on the screen. */
  add(address: string, kind: SourceKindName | undefined): Promise<CatalogSource>;
  remove(id: string): void;
  /** Whether one is called so, or was until a person removed it. */
  knows(id: string): boolean;
  /** Asks one, or all that can be asked, for what is new. */
  refresh(id?: string): Promise<void>;
  /** Asks those that were asked long ago, behind everybody's back: what was kept is shown meanwhile. */
  refreshStale(): void;
  close(): void;
}

export function createSourceList(world: SourceListWorld, { onContents, onErrors }: SourceListeners): SourceList {
  const file = openSourcesFile({
    path: world.sourcesFile,
    mayWrite: world.mayWrite,
    onProblem: (why) => world.warn(why),
  });
  const opened = new Map<string, CatalogSource>();
  /** Why a source could not be asked last. */
  const errors = new Map<string, WireError>();
  const ending = new AbortController();

  const all = (): CatalogSource[] => {
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

  const ask = async (source: CatalogSource): Promise<void> => {
    if (source.refresh === null) return;
    try {
      const { changed: isNew } = await source.refresh(ending.signal);
      const failedBefore = errors.delete(source.id);
      if (isNew || failedBefore) onContents();
    } catch (error) {
      if (ending.signal.aborted) return;
      errors.set(source.id, toWireError(error));
      onErrors();
    }
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

  return {
    all,
    states: (contents) => all().map((source) => stateOf(source, contents)),
    add: async (address, kind) => {
      const wanted = sourceAt(address, kind, world);
      const before = all().find((source) => source.kind === wanted.kind && source.address === wanted.address);
      if (before !== undefined) {
        throw new PinokioError("source-exists", `${wanted.address} is a source of the catalog already`, {
          hint: `It is called ${before.id}; refresh it to read it anew`,
        });
      }
      const next = withSource(file.value, wanted);
      const record = next.sources.at(-1);
      const source = record === undefined ? null : openSource(record, world);
      if (source === null || record === undefined) throw new Error(`No source of kind ${wanted.kind} can be opened`);
      await source.refresh?.(ending.signal);
      await source.read();
      file.change((now) => ({ ...now, sources: [...now.sources.filter(({ id }) => id !== record.id), record] }));
      opened.set(record.id, source);
      onContents();
      return source;
    },
    remove: (id) => {
      const source = all().find((one) => one.id === id);
      if (source === undefined) throw noSource(id, all());
      if (source.address === null) {
        throw new PinokioError("request-invalid", `${source.label} comes with PinokioCloud and cannot be removed`);
      }
      file.change((now) => withoutSource(now, id));
      opened.delete(id);
      errors.delete(id);
      source.forget?.();
      onContents();
    },
    knows: (id) => {
      const name = id.toLowerCase();
      return all().some((source) => source.id === name) || file.value.removed.includes(name);
    },
    refresh: async (id) => {
      const wanted = all().filter((source) => (id === undefined ? source.refresh !== null : source.id === id));
      if (id !== undefined && wanted.length === 0) throw noSource(id, all());
      await Promise.all(wanted.map(ask));
    },
    refreshStale: () => {
      for (const source of all()) if (world.mayWrite && source.isStale?.() === true) void ask(source);
    },
    close: () => ending.abort(),
  };
}

const noSource = (id: string, sources: readonly CatalogSource[]): PinokioError =>
  new PinokioError("request-invalid", `The catalog has no source called ${JSON.stringify(id)}`, {
    hint: `There are: ${sources.map((source) => source.id).join(", ")}`,
  });
