import { type Dirent, readdirSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { setImmediate as afterOthers } from "node:timers/promises";
import { AppId } from "../protocol/ids.js";
import { isInside } from "../base/inside-folder.js";
import { realOf } from "./environment-users.js";
import { environmentReaders } from "./readers/index.js";
import type { EnvironmentReader } from "./readers/reader.js";

/** An environment's folder, and who knows how to read it. */
export interface FoundEnvironment {
  /** Below the home. */
  id: string;
  path: string;
  reader: EnvironmentReader;
  /** Whose folder it lies in, or null. */
  app: AppId | null;
}

export interface FoundEnvironments {
  all: FoundEnvironment[];
  /** Folders of environments outside of an app that the app has a link to, by their real paths. */
  linked: { app: AppId; target: string }[];
  /** How many folders were looked into. */
  looked: number;
}

/** Whoever looks serves others too. */
const AT_ONCE = 200;

/** How deep below an app environments are looked for. */
const DEEPEST = 3;

/** Where none is, and much else may be. */
const NEVER_LOOKED_INTO = new Set([
  ".git",
  ".cache",
  "__pycache__",
  "cache",
  "checkpoints",
  "drive",
  "models",
  "outputs",
  "site-packages",
]);

/** Every environment below a home. Links are not followed. */
export async function findEnvironments(home: string): Promise<FoundEnvironments> {
  const found: FoundEnvironments = { all: [], linked: [], looked: 0 };
  const owner = (app: string | null) =>
    new Search(home, app === null ? null : (AppId.safeParse(app).data ?? null), found);
  for (const { name } of foldersIn(join(home, "api"))) await owner(name).look(join(home, "api", name), DEEPEST);
  await owner(null).look(join(home, "plugin"), DEEPEST + 1);
  await owner(null).look(join(home, "envs"), 2);
  for (const root of ["miniforge", "miniconda"].map((name) => join(home, "bin", name))) {
    await owner(null).look(root, 0);
    await owner(null).look(join(root, "envs"), 1);
  }
  return found;
}

class Search {
  readonly #home: string;
  readonly #app: AppId | null;
  readonly #found: FoundEnvironments;

  constructor(home: string, app: AppId | null, found: FoundEnvironments) {
    this.#home = home;
    this.#app = app;
    this.#found = found;
  }

  /** An environment may be made of an app's own folder, and may hold others. */
  async look(folder: string, depth: number): Promise<void> {
    if (++this.#found.looked % AT_ONCE === 0) await afterOthers();
    const entries = entriesIn(folder);
    const names = new Set(entries.map(({ name }) => name));
    const reader = environmentReaders.find((one) => one.isOne(folder, names));
    if (reader !== undefined) {
      this.#found.all.push({ id: relative(this.#home, folder), path: folder, reader, app: this.#app });
      if (folder.endsWith("/node_modules")) return;
    }
    for (const entry of entries) {
      if (entry.isSymbolicLink()) this.#noteLink(join(folder, entry.name));
      if (!entry.isDirectory() || NEVER_LOOKED_INTO.has(entry.name)) continue;
      if (reader !== undefined && PARTS.has(entry.name)) continue;
      if (depth > 0) await this.look(join(folder, entry.name), depth - 1);
    }
  }

  #noteLink(link: string): void {
    if (this.#app === null) return;
    try {
      const target = resolve(realpathSync(dirname(link)), readlinkSync(link));
      const places = ["envs", join("bin", "miniforge", "envs")].map((below) => join(realpathSync(this.#home), below));
      const ways = [target, realOf(target)];
      if (places.some((place) => ways.some((way) => isInside(place, way))))
        this.#found.linked.push({ app: this.#app, target });
    } catch {
      // it leads nowhere
    }
  }
}

/** What an environment consists of. */
const PARTS = new Set(["bin", "lib", "lib64", "include", "share", "conda-meta", "pkgs", "etc", "ssl", "man", "envs"]);

const foldersIn = (folder: string): Dirent[] => entriesIn(folder).filter((entry) => entry.isDirectory());

function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // missing, or not ours to read
  }
}
