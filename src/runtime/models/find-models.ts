import { type Dir, type Dirent, existsSync, lstatSync, opendirSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { setImmediate as afterOthers } from "node:timers/promises";
import { isInside } from "../base/inside-folder.js";
import { namesIn } from "../base/names-in.js";
import { AppId } from "../protocol/ids.js";
import { isModel, isModelName } from "./families.js";
import { type HubRepository, isHubRepository, readHubRepository } from "./hub-repository.js";
import { type ModelFile, modelFile } from "./model-file.js";

/** A link in an app or on the drive to what lies elsewhere in the home. */
export interface FoundLink {
  path: string;
  app: AppId | null;
  /** As it really lies. */
  target: string;
}

export interface FoundModels {
  /** As it really lies; every path is below it. */
  home: string;
  files: ModelFile[];
  repositories: HubRepository[];
  links: FoundLink[];
  /** Below the home: what was not loaded to its end. */
  partial: string[];
  /** There is more than was looked at. */
  isCut: boolean;
  /** Entries of folders that were met. */
  looked: number;
}

/** Whoever looks serves others too. */
const AT_ONCE_MS = 8;
const MOST_FILES = 20_000;
const MOST_LINKS = 5_000;
const MOST_ENTRIES = 5_000_000;

/** Where no model of a person or an app is; what packages bring belongs to their environment. */
const NEVER_LOOKED_INTO = new Set([".git", "node_modules", "site-packages", "__pycache__"]);
const OF_PACKAGE_MANAGERS = new Set([
  ...["PIP_CACHE_DIR", "UV_CACHE_DIR", "npm_config_cache", "HOMEBREW_CACHE", "PIP_TMPDIR", "TMPDIR", "TEMP", "TMP"],
  ...["pip", "uv", "lfs", "catalog"],
]);
const OF_ENVIRONMENT = new Set(["bin", "lib", "lib64", "include", "share", "conda-meta", "pkgs", "etc", "envs"]);

/** Every model below a home: in apps, on the drive and in caches. Links are noted and not followed. */
export async function findModels(home: string, signal?: AbortSignal): Promise<FoundModels> {
  const search = new Search(realpathSync(home), signal);
  await search.run();
  return search.found;
}

interface Place {
  folder: string;
  app: AppId | null;
  /** The folder of a pipeline around it: all of it is one model. */
  pipeline: string | null;
}

class Search {
  readonly found: FoundModels;
  readonly #signal: AbortSignal | undefined;
  #until = performance.now() + AT_ONCE_MS;

  constructor(home: string, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.found = { home, files: [], repositories: [], links: [], partial: [], isCut: false, looked: 0 };
  }

  async run(): Promise<void> {
    const { home } = this.found;
    await this.#below({ folder: join(home, "drive"), app: null, pipeline: null });
    const cache = join(home, "cache");
    for (const name of namesIn(cache).filter((one) => !OF_PACKAGE_MANAGERS.has(one)))
      await this.#below({ folder: join(cache, name), app: null, pipeline: null });
    for (const name of namesIn(join(home, "api")).filter((one) => !one.startsWith("."))) {
      const app = AppId.safeParse(name).data ?? null;
      await this.#below({ folder: join(home, "api", name), app, pipeline: null });
    }
  }

  async #below(root: Place): Promise<void> {
    if (lstatSync(root.folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
    const waiting = [root];
    for (let next = waiting.pop(); next !== undefined && !this.found.isCut; next = waiting.pop()) {
      if (isHubRepository(next.folder)) {
        const repository = readHubRepository(next.folder, next.app);
        this.found.repositories.push(repository);
        for (const path of repository.partial) this.#addPartial(path);
        await this.#letOthers();
      } else waiting.push(...(await this.#look(next, next.folder === root.folder)));
    }
  }

  /** Notes what a folder holds; returns the folders in it that are to be looked into. */
  async #look(place: Place, isRoot: boolean): Promise<Place[]> {
    const { found } = this;
    const opened = open(place.folder);
    if (opened === null) return [];
    const folders: string[] = [];
    const models: string[] = [];
    const marks = new Set<string>();
    try {
      for (let entry = next(opened); entry !== null; entry = next(opened)) {
        if (++found.looked > MOST_ENTRIES) found.isCut = true;
        const { name } = entry;
        if (entry.isSymbolicLink()) this.#noteLink(join(place.folder, name), place.app);
        else if (entry.isDirectory()) folders.push(name);
        else if (isModelName(name)) models.push(name);
        else if (isPartialName(join(place.folder, name))) this.#addPartial(join(place.folder, name));
        if (MARKS.has(name)) marks.add(name);
        if (performance.now() > this.#until) await this.#letOthers();
      }
    } finally {
      opened.closeSync();
    }
    const isEnvironment = marks.has("pyvenv.cfg") || marks.has("conda-meta");
    if (isEnvironment && !isRoot && !marks.has("pinokio.js")) return [];
    const pipeline = place.pipeline ?? (marks.has("model_index.json") ? place.folder : null);
    for (const name of models) this.#addFile(join(place.folder, name), { ...place, pipeline });
    return folders
      .filter((name) => !NEVER_LOOKED_INTO.has(name) && !(isEnvironment && OF_ENVIRONMENT.has(name)))
      .map((name) => ({ folder: join(place.folder, name), app: place.app, pipeline }));
  }

  #addFile(path: string, { app, pipeline }: Place): void {
    const { home, files } = this.found;
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isFile() !== true) return;
    const folders = relative(home, dirname(path)).split("/");
    if (!isModel({ folders, name: basename(path), bytes: found.size })) return;
    if (files.length >= MOST_FILES) this.found.isCut = true;
    else files.push(modelFile({ path, name: basename(path), app, model: pipeline ?? wholeOf(path) }, found));
  }

  #addPartial(path: string): void {
    this.found.partial.push(relative(this.found.home, path));
  }

  /** Only what leads to another place of the home says who uses what. */
  #noteLink(path: string, app: AppId | null): void {
    const { home, links } = this.found;
    if (links.length >= MOST_LINKS) return;
    try {
      const target = realpathSync(resolve(dirname(path), readlinkSync(path)));
      const own = app === null ? null : join(home, "api", app);
      if (isInside(home, target) && target !== home && (own === null || !isInside(own, target)))
        links.push({ path, app, target });
    } catch {
      // it leads nowhere
    }
  }

  async #letOthers(): Promise<void> {
    await afterOthers();
    this.#signal?.throwIfAborted();
    this.#until = performance.now() + AT_ONCE_MS;
  }
}

const MARKS = new Set(["pyvenv.cfg", "conda-meta", "pinokio.js", "model_index.json"]);

/** Our own downloads keep a note beside the part; those of the hub lie in a folder of their own. */
const isPartialName = (path: string): boolean =>
  (path.endsWith(".part") && existsSync(`${path}.json`)) ||
  (path.endsWith(".incomplete") && /\/\.cache\/huggingface\/download(?:\/.*)?$/.test(dirname(path)));

/** Parts such as `model-00001-of-00004.safetensors` are one model. */
const wholeOf = (path: string): string =>
  join(dirname(path), basename(path).replace(/[-_.]?\d{2,}-of-\d{2,}(?=\.[a-z0-9]+$)/i, ""));

/** Streamed: a folder may hold any number. */
function open(folder: string): Dir | null {
  try {
    return opendirSync(folder, { bufferSize: 256 });
  } catch {
    return null; // gone, or not ours to read
  }
}

function next(opened: Dir): Dirent | null {
  try {
    return opened.readSync();
  } catch {
    return null;
  }
}
