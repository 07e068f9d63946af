import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { appMissing } from "../base/app-missing.js";
import { quotedWord } from "../base/command-words.js";
import type { Log } from "../base/log.js";
import type { AppSettings } from "../protocol/app-settings.js";
import type { App, Inspection, Installer, Menu, MenuItem } from "../protocol/apps.js";
import { PinokioError } from "../protocol/errors.js";
import { AppId } from "../protocol/ids.js";
import type { LauncherDescription, LauncherFacts, LauncherMenu } from "../protocol/launcher.js";
import type { Job } from "../protocol/jobs.js";
import { isLive, type Run } from "../protocol/runs.js";
import type { MissingApp } from "../protocol/shelf.js";
import { createAgreements } from "./agreements.js";
import { createAppLooks } from "./app-looks.js";
import { commitOf } from "./commit.js";
import { removeUnfinished } from "./copy-app.js";
import { defaultItem, itemHref } from "./default-item.js";
import { readScripts } from "./fingerprint.js";
import type { InstalledApp, InstalledStore } from "./installed-store.js";
import {
  chosenInstaller,
  installersOf,
  isInstallRun,
  menuToInstallBy,
  scriptsIn,
  stateAfter,
  textParams,
} from "./installers.js";
import { markRunning } from "./running.js";
import { foldersOnly } from "./installing/folders-only.js";
import { type Begun, createInstalling, type InstallingOptions } from "./installing/installing.js";
import type { InstallOrder } from "./installing/put-app.js";
import type { InstallWorld } from "./installing/world.js";

/** What the library needs of the rest of the sidecar. */
export interface LibraryWorld {
  /** Evaluates a launcher; `fenced` when nobody has agreed to its code. */
  menu(appDir: string, facts: LauncherFacts, fenced: boolean): Promise<LauncherMenu>;
  /** Both behind the fence: the menu, null where it fails, and what the app and `offered` of its menu would run. */
  look(
    appDir: string,
    facts: LauncherFacts,
    offered: (menu: readonly MenuItem[]) => readonly string[],
  ): Promise<{ menu: LauncherMenu | null; description: LauncherDescription }>;
  /** Something will be there soon that is to be looked at. */
  prepare?(appDir: string): void;
  facts(): Promise<LauncherFacts>;
  runs(): readonly Run[];
  startScript(
    scriptFile: string,
    order: { input: Record<string, string> | undefined; unattended: boolean | undefined },
  ): Promise<Run>;
  now(): Date;
  /** What a person has decided for an app. */
  settingsOf?(id: AppId): AppSettings;
  /** What others know of an app that its folder and its record do not say. */
  more?(id: AppId, known: Pick<App, "state" | "problem">, runs: readonly Run[]): Partial<App>;
}

export interface LibraryOptions {
  api: string;
  userHome: string;
  store: InstalledStore;
  world: LibraryWorld;
  /** Without it only folders of this machine can be installed. */
  installs?: InstallWorld;
  log: Log;
}

/** The apps of a home. */
export interface Library {
  ids(): AppId[];
  /** Apps that were installed and whose folders are gone: nobody removed them here. */
  missing(): MissingApp[];
  /** What is written down about an app, or null. */
  record(id: AppId): InstalledApp | null;
  /** Null where nothing is to be known of it any more. */
  setRecord(id: AppId, record: InstalledApp | null): void;
  /** Drops what is known of an app whose folder is gone. */
  forget(id: AppId): void;
  /** Launchers are evaluated where something tells that they may say something else than before. */
  list(): Promise<App[]>;
  /** `anew`: its launcher is evaluated whatever is known of it. */
  get(id: AppId, how?: { anew?: boolean }): Promise<App>;
  /** When its launcher was last evaluated, in ms of a clock that only goes on; null for never. */
  lookedAt(id: AppId): number | null;
  menu(id: AppId): Promise<Menu>;
  /** Begins to fetch what lies elsewhere, with a token where it wants one; null when it is here. */
  fetch(source: string, token?: string): Promise<Job | null>;
  /** What it would do here; fetches it first where it lies elsewhere. */
  inspect(source: string): Promise<Inspection>;
  /** The app of that name or from there whose installation has begun and is not over, or null. */
  unfinished(source: string): Promise<AppId | null>;
  /** Nobody wants what was fetched from there. */
  refuse(source: string): Promise<void>;
  install(order: InstallOrder): Promise<Begun>;
  /** Runs the install script of an app whose installation was cut off or failed. */
  resume(id: AppId, how: { script?: string | undefined; unattended?: boolean | undefined }): Promise<Begun>;
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

export function createLibrary(options: LibraryOptions): Library {
  const { api, userHome, store, world, installs = foldersOnly(world), log } = options;
  const listeners: ((id: AppId) => void)[] = [];
  const agreements = createAgreements({ store, folderOf: (id) => folderOf(id), now: () => world.now() });

  const folderOf = (id: AppId): string => {
    const folder = join(api, id);
    if (!existsSync(folder)) {
      throw appMissing(id);
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

  const evaluate = async (id: AppId): Promise<LauncherMenu> =>
    world.menu(folderOf(id), await world.facts(), !(await agreements.holds(id)));

  const tell = (id: AppId) => {
    for (const listener of listeners) listener(id);
  };

  const looks = createAppLooks({ api, store, world, ids, folderOf, evaluate });

  /** What menus offered while a person looked: the same scripts offer the same right afterwards. */
  const offers = new Map<string, MenuItem[]>();
  const noteOffer = (fingerprint: string, menu: MenuItem[]): void => {
    offers.set(fingerprint, menu);
    for (const old of [...offers.keys()].slice(0, -MOST_OFFERS)) offers.delete(old);
  };

  const describe: InstallingOptions["describe"] = async (folder, name) => {
    const looking = world.facts().then((facts) => world.look(folder, facts, scriptsOffered));
    const [look, { fingerprint }, commit] = await Promise.all([looking, readScripts(folder), commitOf(folder)]);
    const menu = look.menu?.menu ?? null;
    const { title, description, scripts } = look.description;
    if (menu !== null) noteOffer(fingerprint, menu);
    return { name, title, description, fingerprint, commit, installers: installersOf(folder, menu), scripts };
  };

  const noteRun = (run: Run): boolean => {
    if (run.appId === null) return false;
    const record = store.get(run.appId);
    if (record === null || !isInstallRun(run, record)) return false;
    const state = stateAfter(run, record.state);
    if (record.state === state) return false;
    store.noteState(run.appId, state);
    return true;
  };

  const installing = createInstalling({
    api,
    userHome,
    store,
    world: installs,
    log,
    now: () => world.now(),
    menuToInstallBy: async (folder, fingerprint) => {
      const shown = offers.get(fingerprint);
      if (shown !== undefined) return shown;
      const facts = await world.facts();
      return menuToInstallBy((fenced) => world.menu(folder, facts, fenced));
    },
    describe,
    prepare: (folder) => world.prepare?.(folder),
    hasAgreed: (id) => agreements.holds(id),
    startScript: (file, order) => world.startScript(file, order),
    tell,
  });

  const missing = (): MissingApp[] => {
    const present = new Set(ids());
    return store
      .all()
      .filter(([id, { state }]) => !present.has(id) && state !== "installing")
      .map(([appId, { source, installedAt }]) => ({ appId, source, installedAt }));
  };

  return {
    ids,
    missing,
    record: (id) => store.get(id),
    setRecord: (id, record) => {
      if (record === null) store.remove(id);
      else store.set(id, record);
    },
    forget: (id) => {
      if (!missing().some(({ appId }) => appId === id)) {
        throw new PinokioError("app-missing", `The library misses no app named ${id}`, {
          hint: "Only what is gone from the disk can be forgotten",
        });
      }
      store.remove(id);
      tell(id);
    },
    list: () => looks.list(),
    get: (id, how) => looks.get(id, how),
    lookedAt: (id) => looks.lookedAt(id),
    menu: async (id) => {
      const { title, menu } = await evaluate(id);
      const runs = world.runs().filter((run) => run.appId === id && isLive(run));
      return { title, menu: markRunning(menu, folderOf(id), runs, api) };
    },
    fetch: (text, token) => installing.fetch(text, token),
    inspect: (text) => installing.inspect(text),
    unfinished: (text) => installing.unfinished(text),
    refuse: (text) => installing.refuse(text),
    install: (order) => installing.install(order),
    resume: (id, how) => installing.resume(id, how),
    agree: async (id, fingerprint) => {
      await agreements.agree(id, fingerprint);
      tell(id);
    },
    hasAgreed: (id) => agreements.holds(id),
    defaultScript: async (id) => {
      const { menu, title } = await evaluate(id);
      const item = defaultItem(menu);
      const href = item === null ? null : itemHref(item);
      if (item === null || href === null) {
        throw new PinokioError("script-missing", `${title} names no script to start by default`, {
          hint: namesText(id, menu),
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
        installing.settle(runs, noteRun);
      } catch (error) {
        log.write("error", "library not put right", { error: String(error) });
      }
    },
    onChanged: (listener) => void listeners.push(listener),
  };
}

const scriptsOffered = (menu: readonly MenuItem[]): string[] => [
  ...new Set(scriptsIn(menu).map(({ script }) => script)),
];

const MOST_OFFERS = 10;

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function namesText(id: AppId, menu: readonly MenuItem[]): string {
  const offered = scriptsOffered(menu);
  if (offered.length === 0) return `Name one: pinokiocloud run ${quotedWord(id)} start.js`;
  return `Name one: pinokiocloud run ${quotedWord(id)} <script>; its menu has ${offered.slice(0, 8).join(", ")}`;
}
