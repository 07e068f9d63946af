import { treeSize } from "../base/tree-size.js";
import type { Environment, EnvironmentDetails } from "../protocol/environments.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";
import type { EnvironmentCache, KnownEnvironment } from "./environment-cache.js";
import { environmentUsers, realOf } from "./environment-users.js";
import { findEnvironments, type FoundEnvironment } from "./find-environments.js";

export interface KnownEnvironmentsOptions {
  home: string;
  cache: EnvironmentCache;
  /** Packages of the catalog that were put into an environment, by its id. */
  holds(id: string): string[];
  /** Sizes were added up since the last list. */
  onMeasured(): void;
}

/** The environments of a home, as they lie on its disk. */
export class KnownEnvironments {
  readonly #options: KnownEnvironmentsOptions;
  readonly #ending = new AbortController();
  readonly #toMeasure = new Map<string, FoundEnvironment>();
  #isMeasuring = false;

  constructor(options: KnownEnvironmentsOptions) {
    this.#options = options;
  }

  /** Every one, or those that an app works with. Sizes that are not known are added up behind the caller's back. */
  async list(app?: AppId): Promise<Environment[]> {
    const { home, cache } = this.#options;
    const { all, linked } = await findEnvironments(home);
    cache.keepOnly(new Set(all.map(({ path }) => path)));
    const noted = environmentUsers(home);
    const usersOf = (found: FoundEnvironment): AppId[] => {
      const real = realOf(found.path);
      const byLink = linked.filter(({ target }) => realOf(target) === real).map((link) => link.app);
      return [...new Set([...(found.app === null ? [] : [found.app]), ...byLink, ...(noted[found.id] ?? [])])].sort();
    };
    const listed = all
      .map((found) => ({ found, users: usersOf(found) }))
      .filter(({ users }) => app === undefined || users.includes(app))
      .map(({ found, users }) => this.#describe(found, users));
    this.#measure();
    return listed;
  }

  /** With every package and its size. */
  async show(id: string): Promise<EnvironmentDetails> {
    const found = await this.find(id);
    await this.#measureOne(found);
    const environment = (await this.list()).find((one) => one.id === id);
    if (environment === undefined) throw missing(id);
    return { ...environment, list: found.reader.packages(found.path) };
  }

  async find(id: string): Promise<FoundEnvironment> {
    const found = (await findEnvironments(this.#options.home)).all.find((one) => one.id === id);
    if (found === undefined) throw missing(id);
    return found;
  }

  close(): void {
    this.#ending.abort();
    this.#options.cache.close();
  }

  #describe(found: FoundEnvironment, users: AppId[]): Environment {
    const { id, path, reader, app } = found;
    const { stamp: _, size, ...facts } = this.#known(found);
    return {
      id,
      path,
      kind: reader.kind,
      ...facts,
      bytes: size?.bytes ?? null,
      sharedBytes: size?.sharedBytes ?? null,
      app,
      users,
      holds: this.#options.holds(id),
    };
  }

  #known(found: FoundEnvironment): KnownEnvironment {
    const { cache } = this.#options;
    const { path, reader } = found;
    const stamp = reader.stamp(path);
    const known = cache.get(path, stamp);
    if (known?.size === null || known === null) this.#toMeasure.set(path, found);
    if (known !== null) return known;
    const fresh: KnownEnvironment = { stamp, ...reader.facts(path), size: null };
    cache.set(path, fresh);
    return fresh;
  }

  #measure(): void {
    if (this.#toMeasure.size === 0 || this.#isMeasuring) return;
    this.#isMeasuring = true;
    void this.#measureAll().finally(() => (this.#isMeasuring = false));
  }

  /** One after the other: a disk is not faster for being asked twice at once. */
  async #measureAll(): Promise<void> {
    for (;;) {
      const [next] = this.#toMeasure.values();
      if (next === undefined || this.#ending.signal.aborted) break;
      await this.#measureOne(next);
    }
    if (!this.#ending.signal.aborted) this.#options.onMeasured();
  }

  async #measureOne(found: FoundEnvironment): Promise<void> {
    const { cache } = this.#options;
    const { path, reader } = found;
    const known = this.#known(found);
    this.#toMeasure.delete(path);
    if (known.size !== null) return;
    const size = await this.#sizeOf(path);
    // What was put there meanwhile is measured when somebody looks again.
    if (size !== null && cache.get(path, reader.stamp(path)) !== null) cache.set(path, { ...known, size });
  }

  async #sizeOf(path: string): Promise<KnownEnvironment["size"]> {
    try {
      const { bytes, sharedBytes } = await treeSize([path], this.#ending.signal);
      return { bytes: bytes + sharedBytes, sharedBytes };
    } catch {
      return null; // the sidecar ends, or not all of it is ours to look at
    }
  }
}

const missing = (id: string): PinokioError =>
  new PinokioError("environment-missing", `There is no environment ${id} in this home`, {
    hint: "`pinokiocloud env list` shows those that are here",
  });
