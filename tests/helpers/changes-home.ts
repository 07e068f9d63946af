import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { machinePrograms } from "../../src/runtime/base/machine-programs.js";
import { newRunId } from "../../src/runtime/base/run-id.js";
import { secretPaths } from "../../src/runtime/base/secret-store.js";
import { AppSettingsFile } from "../../src/runtime/config/app-settings.js";
import { EnvironmentFiles } from "../../src/runtime/environments/environment-files.js";
import { environmentsOnlyOf } from "../../src/runtime/environments/only-used-by.js";
import { createChanges } from "../../src/runtime/library/changes/index.js";
import type { ChangesWorld } from "../../src/runtime/library/changes/world.js";
import { readScripts } from "../../src/runtime/library/fingerprint.js";
import { InstalledApp, openInstalledStore } from "../../src/runtime/library/installed-store.js";
import { createJobs } from "../../src/runtime/library/jobs.js";
import { AppSettings } from "../../src/runtime/protocol/app-settings.js";
import { AppId, type RunId } from "../../src/runtime/protocol/ids.js";
import type { Job } from "../../src/runtime/protocol/jobs.js";
import { openFiles } from "../../src/runtime/recovery/in-use.js";
import { createRepositories } from "../../src/runtime/repositories/index.js";
import { keptTokenOf } from "../../src/runtime/sidecar/git-tokens.js";

interface ChangesHomeOptions {
  /** The folder an app was copied from. */
  origin?: (app: AppId) => string | null;
  /** What its install script would do. */
  install?: (app: AppId) => Promise<void>;
  /** What its update script would do. */
  updateScript?: (app: AppId) => Promise<void>;
  /** What git inherits. */
  env?: Readonly<Record<string, string | undefined>>;
  programs?: ChangesWorld["programs"];
  launcherProblem?: ChangesWorld["launcherProblem"];
  /** Environments that something else than an app needs. */
  needed?: readonly string[];
}

const NEEDED_BY: Readonly<Record<string, readonly string[]>> = { app: ["tools/agent"], needed: ["needer"] };

/** The changes of a home's apps on real files, with no sidecar around them. */
export function openChangesHome(
  home: string,
  { origin, install, updateScript, env = process.env, programs, launcherProblem, needed = [] }: ChangesHomeOptions = {},
) {
  const api = join(home, "api");
  mkdirSync(api, { recursive: true });
  const store = openInstalledStore(join(home, "library", "installed.json"));
  const settings = new AppSettingsFile({
    file: join(home, "settings.json"),
    stopGraceMs: () => 1_000,
    onProblem: () => undefined,
  });
  const jobs = createJobs();
  const offered = new Set<string>();
  const told: string[] = [];
  const stopped: string[] = [];
  const running: RunId[] = [];
  const takenBack: RunId[] = [];
  const runsOf = (app: AppId): string[] => {
    const runs = join(home, "runs");
    if (!existsSync(runs)) return [];
    const own = readdirSync(runs).filter((name) => name.startsWith(`run_${app}`));
    return own.map((name) => join(runs, name));
  };
  const objectsOf = (folder: string): string => join(home, "cache", "lfs", basename(folder));
  const apps = (): AppId[] => readdirSync(api).flatMap((name) => AppId.safeParse(name).data ?? []);
  const repositories = createRepositories({
    env: { ...env, GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" },
    home,
    objectsOf,
    loginFor: () => null,
  });
  const world: ChangesWorld = {
    home,
    api,
    programs: programs ?? machinePrograms(process.env),
    repositories,
    describe: (_, scripts) => Promise.resolve(scripts.map((path) => ({ path, commands: [], problem: null }))),
    runScript: (app, _, { onRun }) => {
      onRun(newRunId(Date.now()));
      return updateScript?.(app) ?? Promise.resolve();
    },
    outcomeOf: () => Promise.resolve("failed"),
    noteTakenBack: (run) => void takenBack.push(run),
    agree: async (app) => {
      const { fingerprint, files } = await readScripts(join(api, app));
      const record = store.get(app);
      if (record !== null) store.set(app, { ...record, agreed: fingerprint, scripts: files });
    },
    now: () => new Date(),
    titleOf: (app) => Promise.resolve(app),
    liveRuns: () => running,
    stopRuns: (app) => {
      stopped.push(app);
      running.length = 0;
      return Promise.resolve();
    },
    takeRuns: runsOf,
    filesFor: (app) => [secretPaths.of(home, app)].filter((file) => existsSync(file)),
    neededBy: (app) => Promise.resolve(NEEDED_BY[app] ?? []),
    usedOnlyBy: async (app) => ({
      caches: [objectsOf(app)],
      environments: await environmentsOnlyOf(app, { home, apps: apps(), isNeeded: (id) => needed.includes(id) }),
    }),
    returnRuns: () => undefined,
    isHeld: (_, files) => files.some((file) => openFiles().has(file)),
    launcherProblem: launcherProblem ?? (() => Promise.resolve(null)),
    isInstalled: (app) => store.get(app)?.state === "installed",
    record: (app) => store.get(app),
    setRecord: (app, record) => (record === null ? store.remove(app) : store.set(app, InstalledApp.parse(record))),
    settings: (app) => z.json().parse(settings.written(app)),
    setSettings: (app, written) => {
      const nothing = Object.fromEntries(Object.keys(AppSettings.shape).map((name) => [name, null]));
      settings.change(app, { ...nothing, ...(written as object | null) });
    },
    tokenOf: (app) =>
      keptTokenOf(home, join(api, app), () => apps().flatMap((other) => (other === app ? [] : [join(api, other)]))),
    originOf: (app) => origin?.(app) ?? null,
    untouchedVariables: (app) => new EnvironmentFiles(home, join(api, app)).untouchedName,
    installerOf: () => (install === undefined ? null : "install.js"),
    changed: () => undefined,
    offer: (app, text) => {
      if (text === null) offered.delete(app);
      else offered.add(app);
      told.push(text ?? `nothing of ${app}`);
    },
    hasOffer: (app) => offered.has(app),
    tell: (_, message) => void told.push(message),
  };
  const changes = createChanges({
    world,
    onLooked: () => undefined,
    jobs,
    install: async (app) => {
      await install?.(app);
      await changes.noteInstalled(app);
    },
    runFolders: runsOf,
  });
  return {
    home,
    api,
    store,
    settings,
    jobs,
    changes,
    repositories,
    told,
    stopped,
    running,
    takenBack,
    world,
    done: (job: Job) => jobs.done(job.id),
  };
}

/** Puts files of this text below a folder. */
export function putFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Every file below a folder with its text, links with where they lead; git's own files are left out. */
export function filesIn(folder: string, read: (path: string) => string): Record<string, string> {
  const found: Record<string, string> = {};
  if (!existsSync(folder)) return found;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (entry.isDirectory() || /(?:^|\/)\.git\//.test(path)) continue;
    found[path] = read(join(folder, path));
  }
  return found;
}
