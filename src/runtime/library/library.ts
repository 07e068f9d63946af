import { existsSync, readdirSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../base/log.js";
import type { AppSettings } from "../protocol/app-settings.js";
import type { App, Inspection, Installer, Menu } from "../protocol/apps.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import { AppId, type RunId } from "../protocol/ids.js";
import type { LauncherDescription, LauncherFacts, LauncherMenu } from "../protocol/launcher.js";
import { isLive, type Run } from "../protocol/runs.js";
import { commitOf } from "./commit.js";
import { copyApp, removeUnfinished } from "./copy-app.js";
import { defaultItem, itemHref } from "./default-item.js";
import { type AppScripts, hasSameScripts, readScripts, type SeenFiles } from "./fingerprint.js";
import type { InstalledStore } from "./installed-store.js";
import {
  chosenInstaller,
  installersOf,
  isInstallRun,
  menuToInstallBy,
  scriptsIn,
  stateAfter,
  textParams,
} from "./installers.js";
import { pictureOf } from "./picture.js";
import { markRunning, urlOf } from "./running.js";
import { resolveSource } from "./source.js";

/** What the library needs of the rest of the sidecar. */
export interface LibraryWorld {
  /** Evaluates a launcher; `fenced` when nobody has agreed to its code. */
  menu(appDir: string, facts: LauncherFacts, fenced: boolean): Promise<LauncherMenu>;
  describe(appDir: string, scripts: readonly string[]): Promise<LauncherDescription>;
  facts(): Promise<LauncherFacts>;
  runs(): readonly Run[];
  startScript(
    scriptFile: string,
    order: { input: Record<string, string> | undefined; unattended: boolean | undefined },
  ): Promise<Run>;
  now(): Date;
  /** What a person has decided for an app. */
  settingsOf?(id: AppId): AppSettings;
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
    script?: string | undefined;
    unattended?: boolean | undefined;
  }): Promise<{ appId: AppId; runId: RunId | null }>;
  agree(id: AppId, fingerprint: string): Promise<void>;
  /** Whether a person has agreed to the scripts as they are now. */
  hasAgreed(id: AppId): Promise<boolean>;
  /** The script behind the app's default menu item, with its arguments. */
  defaultScript(id: AppId): Promise<{ path: string; params: Record<string, string> }>;
  /** Whether a run installs its app. */
  isInstallRun(run: Run): boolean;
  /** How the app is installed where nobody has to choose, or null. */
  installer(id: AppId): Installer | null;
  /** Keeps the record of an installation true while its run goes on. Returns whether the app's state changed. */
  noteRun(run: Run): boolean;
  /**
   * Puts right what a sidecar that ended in the middle left behind: copies, and installations whose end nobody noted.
   * To be called once, with every run that is known, before anything is installed.
   */
  settleInstalls(runs: readonly Run[]): void;
  /** An app changed so much that it should be shown anew. */
  onChanged(listener: (id: AppId) => void): void;
}

export function createLibrary({ api, userHome, store, world, log }: LibraryOptions): Library {
  const listeners: ((id: AppId) => void)[] = [];
  const installing = new Set<string>();
  const seen: SeenFiles = new Map();

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

  const hasAgreed = async (id: AppId): Promise<boolean> => {
    const record = store.get(id);
    if (record === null || record.agreed === null) return false;
    return hasSameScripts(folderOf(id), record.scripts, seen);
  };

  const evaluate = async (id: AppId): Promise<LauncherMenu> =>
    world.menu(folderOf(id), await world.facts(), !(await hasAgreed(id)));

  const tell = (id: AppId) => {
    for (const listener of listeners) listener(id);
  };

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
      icon: launcher === null || launcher.iconFile === null ? null : await pictureOf(path, launcher.iconFile),
      state: record?.state ?? "not-installed",
      installers: record?.installers ?? [],
      source: record?.source ?? path,
      path,
      menu: launcher === null ? [] : markRunning(launcher.menu, path, runs, api),
      problem,
      ...(launcher?.findings === undefined ? {} : { findings: launcher.findings }),
      runs: runs.map((run) => run.id),
      url: urlOf(runs),
      installedAt: record?.installedAt ?? null,
      ...(world.settingsOf === undefined ? {} : { settings: world.settingsOf(id) }),
    };
  };

  const inspectFolder = async (folder: string, source: string, name: AppId): Promise<Inspection> => {
    const menu = await world.menu(folder, await world.facts(), true).then(
      (launcher) => launcher.menu,
      () => null, // the description says why
    );
    const offered = new Set(scriptsIn(menu ?? []).map(({ script }) => script));
    const described = await world.describe(folder, [...offered]);
    const { fingerprint } = await readScripts(folder);
    return {
      source,
      name,
      title: described.title,
      description: described.description,
      fingerprint,
      commit: await commitOf(folder),
      agreed: folder === join(api, name) ? await hasAgreed(name) : store.get(name)?.agreed === fingerprint,
      installed: existsSync(join(api, name)),
      installers: installersOf(folder, menu),
      scripts: described.scripts,
    };
  };

  const noteRun = (run: Run): boolean => {
    if (run.appId === null) return false;
    const record = store.get(run.appId);
    if (record === null || !isInstallRun(run, record)) return false;
    const state = stateAfter(run, record.state);
    if (record.state === state) return false;
    store.set(run.appId, { ...record, state });
    return true;
  };

  /** Copies and records an app; what cannot be recorded does not stay. Returns the installer to run, if any. */
  const putApp = async (folder: string, id: AppId, agreed: string, wanted?: string): Promise<Installer | null> => {
    requireAgreed(await readScripts(folder), agreed, folder);
    let scripts: AppScripts["files"] = {};
    const path = await copyApp(folder, api, id, async (copy) => {
      // The folder may have changed since it was looked at; only what was copied counts.
      scripts = requireAgreed(await readScripts(copy), agreed, folder).files;
    });
    let installer: Installer | null = null;
    try {
      const facts = await world.facts();
      const installers = installersOf(path, await menuToInstallBy((fenced) => world.menu(path, facts, fenced)));
      installer = chosenInstaller(installers, wanted);
      const state = installer !== null ? "installing" : installers.length > 0 ? "choose" : "installed";
      store.set(id, { source: folder, state, installers, agreed, scripts, installedAt: world.now().toISOString() });
    } catch (error) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined); // why it failed matters more
      throw error;
    }
    log.write("info", "app installed", { app: id, source: folder });
    tell(id);
    return installer;
  };

  const settleInstall = (id: AppId, runs: readonly Run[]) => {
    const record = store.get(id);
    if (record?.state !== "installing") return;
    const latest = runs
      .filter((run) => run.appId === id && isInstallRun(run, record) && run.startedAt >= record.installedAt)
      .reduce<Run | null>((last, run) => (last === null || run.startedAt >= last.startedAt ? run : last), null);
    if (latest === null) markFailed(id);
    else if (noteRun(latest)) tell(id);
  };

  const startInstaller = async (id: AppId, installer: Installer, unattended?: boolean): Promise<RunId> => {
    const { script, params } = installer;
    const input = Object.keys(params).length === 0 ? undefined : params;
    try {
      return (await world.startScript(join(api, id, script), { input, unattended })).id;
    } catch (error) {
      markFailed(id);
      throw error;
    }
  };

  const markFailed = (id: AppId) => {
    const record = store.get(id);
    if (record === null) return;
    try {
      store.set(id, { ...record, state: "install-failed" });
      tell(id);
    } catch (error) {
      log.write("error", "library not written", { app: id, error: String(error) });
    }
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
    install: async ({ source: text, name: chosen, agreed, script, unattended }) => {
      const { folder, name } = resolveSource(text, userHome);
      const id = chosen ?? name;
      if (installing.has(id)) throw new PinokioError("app-exists", `${id} is being installed already`);
      installing.add(id);
      try {
        const installer = await putApp(folder, id, agreed, script);
        return { appId: id, runId: installer === null ? null : await startInstaller(id, installer, unattended) };
      } finally {
        installing.delete(id);
      }
    },
    agree: async (id, fingerprint) => {
      const path = folderOf(id);
      const { files } = requireAgreed(await readScripts(path), fingerprint, path);
      const record = store.get(id);
      store.set(id, {
        source: record?.source ?? path,
        state: record?.state ?? "not-installed",
        installers: record?.installers ?? [],
        installedAt: record?.installedAt ?? world.now().toISOString(),
        agreed: fingerprint,
        scripts: files,
      });
      tell(id);
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
    isInstallRun: (run) => run.appId !== null && isInstallRun(run, store.get(run.appId) ?? { installers: [] }),
    installer: (id) => chosenInstaller(store.get(id)?.installers ?? []),
    noteRun,
    settleInstalls: (runs) => {
      try {
        removeUnfinished(api);
        for (const id of ids()) settleInstall(id, runs);
      } catch (error) {
        log.write("error", "library not put right", { error: String(error) });
      }
    },
    onChanged: (listener) => void listeners.push(listener),
  };
}

function requireAgreed(scripts: AppScripts, agreed: string, folder: string): AppScripts {
  if (scripts.fingerprint === agreed) return scripts;
  throw new PinokioError("agreement-needed", `The scripts in ${folder} are not the ones that were agreed to`, {
    hint: "Look at what they will run, then agree again",
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
