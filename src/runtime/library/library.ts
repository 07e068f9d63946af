import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative } from "node:path";
import type { Log } from "../base/log.js";
import type { App, Inspection, Menu, MenuItem } from "../protocol/apps.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import { AppId, type RunId } from "../protocol/ids.js";
import type { LauncherDescription, LauncherFacts, LauncherMenu } from "../protocol/launcher.js";
import { isLive, type Run } from "../protocol/runs.js";
import { copyApp, removeUnfinished } from "./copy-app.js";
import { defaultItem, itemHref } from "./default-item.js";
import { fingerprintOf } from "./fingerprint.js";
import type { InstalledStore } from "./installed-store.js";
import { resolveSource } from "./source.js";

/** What the library needs of the rest of the sidecar. */
export interface LibraryWorld {
  /** Evaluates a launcher; `fenced` when nobody has agreed to its code. */
  menu(appDir: string, facts: LauncherFacts, fenced: boolean): Promise<LauncherMenu>;
  describe(appDir: string): Promise<LauncherDescription>;
  facts(): LauncherFacts;
  runs(): readonly Run[];
  startScript(scriptFile: string): Promise<Run>;
  now(): Date;
}

export interface LibraryOptions {
  api: string;
  userHome: string;
  store: InstalledStore;
  world: LibraryWorld;
  log: Log;
}

/** The apps of a home. */
export interface Library {
  ids(): AppId[];
  list(): Promise<App[]>;
  get(id: AppId): Promise<App>;
  menu(id: AppId): Promise<Menu>;
  inspect(source: string): Promise<Inspection>;
  install(order: {
    source: string;
    name?: AppId | undefined;
    agreed: string;
  }): Promise<{ appId: AppId; runId: RunId | null }>;
  agree(id: AppId, fingerprint: string): void;
  hasAgreed(id: AppId): boolean;
  /** The script behind the app's default menu item, with its arguments. */
  defaultScript(id: AppId): Promise<{ path: string; params: Record<string, string> }>;
  /** Keeps the record of an installation true while its run goes on. Returns whether the app's state changed. */
  noteRun(run: Run): boolean;
  /** An app changed so much that it should be shown anew. */
  onChanged(listener: (id: AppId) => void): void;
}

const INSTALL_SCRIPTS = ["install.js", "install.json"];
const ICON_LIMIT_BYTES = 200_000;
const ICON_TYPES: Readonly<Record<string, string>> = {
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
};

export function createLibrary({ api, userHome, store, world, log }: LibraryOptions): Library {
  const listeners: ((id: AppId) => void)[] = [];
  const installing = new Set<string>();
  removeUnfinished(api);

  const folderOf = (id: AppId): string => {
    const folder = join(api, id);
    if (!existsSync(folder)) {
      throw new PinokioError("app-missing", `No app named ${id} is installed`, {
        hint: `Installed: ${ids().join(", ") || "none"}`,
      });
    }
    return folder;
  };

  const ids = (): AppId[] => {
    if (!existsSync(api)) return [];
    return readdirSync(api)
      .filter((name) => !name.startsWith(".") && isFolder(join(api, name)))
      .sort()
      .flatMap((name) => AppId.safeParse(name).data ?? []);
  };

  const hasAgreed = (id: AppId): boolean => (store.get(id)?.agreed ?? null) !== null;

  const evaluate = async (id: AppId): Promise<LauncherMenu> => world.menu(folderOf(id), world.facts(), !hasAgreed(id));

  const get = async (id: AppId): Promise<App> => {
    const path = folderOf(id);
    const record = store.get(id);
    let launcher: LauncherMenu | null = null;
    let problem: WireError | null = null;
    try {
      launcher = await evaluate(id);
    } catch (error) {
      problem = toWireError(error);
    }
    const runs = world.runs().filter((run) => run.appId === id && isLive(run));
    return {
      id,
      title: launcher?.title ?? id,
      description: launcher?.description ?? "",
      icon: launcher === null || launcher.iconFile === null ? null : pictureOf(launcher.iconFile),
      state: record?.state ?? "not-installed",
      source: record?.source ?? path,
      path,
      menu: launcher === null ? [] : markRunning(launcher.menu, path, runs, api),
      problem,
      runs: runs.map((run) => run.id),
      url: urlOf(runs),
      installedAt: record?.installedAt ?? null,
    };
  };

  const inspectFolder = async (folder: string, source: string, name: AppId): Promise<Inspection> => {
    const described = await world.describe(folder);
    const fingerprint = fingerprintOf(folder);
    return {
      source,
      name,
      title: described.title,
      description: described.description,
      fingerprint,
      commit: commitOf(folder),
      agreed: store.get(name)?.agreed === fingerprint,
      installed: existsSync(join(api, name)),
      scripts: described.scripts,
    };
  };

  return {
    ids,
    list: () => Promise.all(ids().map(get)),
    get,
    menu: async (id) => {
      const { title, menu } = await evaluate(id);
      const runs = world.runs().filter((run) => run.appId === id && isLive(run));
      return { title, menu: markRunning(menu, folderOf(id), runs, api) };
    },
    inspect: async (text) => {
      const { folder, name } = resolveSource(text, userHome);
      return inspectFolder(folder, folder, name);
    },
    install: async ({ source: text, name: chosen, agreed }) => {
      const { folder, name } = resolveSource(text, userHome);
      const id = chosen ?? name;
      if (installing.has(id)) throw new PinokioError("app-exists", `${id} is being installed already`);
      installing.add(id);
      try {
        if (fingerprintOf(folder) !== agreed) {
          throw new PinokioError("agreement-needed", `The scripts in ${folder} are not the ones that were agreed to`, {
            hint: "Look at what they will run, then agree again",
          });
        }
        const path = copyApp(folder, api, id);
        const script = installScriptOf(path);
        store.set(id, {
          source: folder,
          state: script === null ? "installed" : "installing",
          agreed,
          installedAt: world.now().toISOString(),
        });
        log.write("info", "app installed", { app: id, source: folder });
        for (const listener of listeners) listener(id);
        if (script === null) return { appId: id, runId: null };
        const run = await world.startScript(script);
        return { appId: id, runId: run.id };
      } finally {
        installing.delete(id);
      }
    },
    agree: (id, fingerprint) => {
      const path = folderOf(id);
      if (fingerprintOf(path) !== fingerprint) {
        throw new PinokioError("agreement-needed", `The scripts of ${id} have changed since they were looked at`, {
          hint: "Look at what they will run, then agree again",
        });
      }
      const record = store.get(id);
      store.set(id, {
        source: record?.source ?? path,
        state: record?.state ?? "not-installed",
        installedAt: record?.installedAt ?? world.now().toISOString(),
        agreed: fingerprint,
      });
      for (const listener of listeners) listener(id);
    },
    hasAgreed,
    defaultScript: async (id) => {
      const { menu, title } = await evaluate(id);
      const item = defaultItem(menu);
      const href = item === null ? null : itemHref(item);
      if (item === null || href === null) {
        throw new PinokioError("script-missing", `${title} names no script to start by default`, {
          hint: `Name one: pinokiocloud run ${id} start.js`,
        });
      }
      return { path: join(folderOf(id), href.path), params: { ...href.query, ...textParams(item.params) } };
    },
    noteRun: (run) => {
      if (run.appId === null || isLive(run)) return false;
      const record = store.get(run.appId);
      if (record === null || !isInstallScript(run)) return false;
      const state = run.end?.outcome === "finished" ? "installed" : "install-failed";
      if (record.state === state) return false;
      store.set(run.appId, { ...record, state });
      return true;
    },
    onChanged: (listener) => void listeners.push(listener),
  };
}

const isInstallScript = ({ script, appId }: Run): boolean =>
  INSTALL_SCRIPTS.some((name) => script === `${appId}/${name}` || script === `${appId}/pinokio/${name}`);

function installScriptOf(path: string): string | null {
  const places = ["pinokio", ""].flatMap((root) => INSTALL_SCRIPTS.map((name) => join(path, root, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

/** The engine tells which items' scripts run; only it knows. */
function markRunning(menu: readonly MenuItem[], path: string, runs: readonly Run[], api: string): MenuItem[] {
  const live = new Set(runs.map((run) => run.script));
  return menu.map((item) => {
    const href = itemHref(item);
    const script = href === null ? null : relative(api, join(path, href.path));
    return {
      ...item,
      ...(item.menu === undefined ? {} : { menu: markRunning(item.menu, path, runs, api) }),
      ...(script !== null && live.has(script) ? { running: true } : {}),
    };
  });
}

/** Menu arguments arrive as text, as they do from a page's address. */
const textParams = (params: Record<string, unknown> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(params ?? {}).map(([key, value]) => [key, String(value)]));

function urlOf(runs: readonly Run[]): string | null {
  for (const { local } of runs) if (typeof local["url"] === "string") return local["url"];
  return null;
}

function pictureOf(file: string): string | null {
  const type = ICON_TYPES[extname(file).toLowerCase()];
  if (type === undefined) return null;
  try {
    if (statSync(file).size > ICON_LIMIT_BYTES) return null;
    return `data:${type};base64,${readFileSync(file).toString("base64")}`;
  } catch {
    return null;
  }
}

/** The commit a checkout stands at, read from its files: no git is needed for that. */
function commitOf(folder: string): string | null {
  try {
    const head = readFileSync(join(folder, ".git", "HEAD"), "utf8").trim();
    const reference = /^ref: (\S+)$/.exec(head)?.[1];
    return reference === undefined ? head : readFileSync(join(folder, ".git", reference), "utf8").trim();
  } catch {
    return null;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
