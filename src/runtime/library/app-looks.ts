import { basename } from "node:path";
import { pictureIn } from "../base/picture.js";
import type { AppSettings } from "../protocol/app-settings.js";
import type { App } from "../protocol/apps.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";
import type { LauncherFacts, LauncherMenu } from "../protocol/launcher.js";
import { LAUNCHER } from "../protocol/limits.js";
import type { Run } from "../protocol/runs.js";
import type { InstalledApp, InstalledStore } from "./installed-store.js";
import { type Moment, momentOf } from "./moment.js";
import { markRunning, urlOf } from "./running.js";
import { seenLaunchers } from "./seen-launchers.js";
import { lacksLauncher } from "./source.js";

/** Apps as they stand now: folder, record, launcher and runs together. */
export interface AppLooks {
  list(): Promise<App[]>;
  /** `anew`: its launcher is evaluated whatever is known of it. */
  get(id: AppId, how?: { anew?: boolean }): Promise<App>;
  /** When its launcher was last evaluated, in ms of a clock that only goes on; null for never. */
  lookedAt(id: AppId): number | null;
}

interface AppLooksOptions {
  api: string;
  store: InstalledStore;
  world: {
    facts(): Promise<Pick<LauncherFacts, "scripts">>;
    runs(): readonly Run[];
    settingsOf?(id: AppId): AppSettings;
    more?(id: AppId, known: Pick<App, "state" | "problem">, runs: readonly Run[]): Partial<App>;
  };
  ids(): AppId[];
  /** Throws for an app that is not there. */
  folderOf(id: AppId): string;
  evaluate(id: AppId): Promise<LauncherMenu>;
}

/** How long files are asked for their dates in one go. */
const SLICE_MS = 15;

export function createAppLooks({ api, store, world, ids, folderOf, evaluate }: AppLooksOptions): AppLooks {
  const picture = (folder: string, file: string): Promise<string | null> => pictureIn(folder, file, LAUNCHER.iconBytes);
  const launchers = seenLaunchers({ evaluate, picture });

  /** What a launcher sees besides files: what runs of its app, what its scripts have left, and whether it was agreed to. */
  const toldTo = (id: AppId, { live, scripts }: Moment): string =>
    JSON.stringify([
      store.get(id)?.agreed ?? null,
      (live.get(id) ?? []).map((run) => [run.script, run.state, run.local]),
      scripts.get(id) ?? [],
    ]);

  const now = async (): Promise<Moment> => momentOf(world.runs(), (await world.facts()).scripts, api);

  const look = async (id: AppId, how: { anew?: boolean }, moment: Moment | null): Promise<App> => {
    const path = folderOf(id);
    const at = moment ?? (await now());
    const { launcher, icon, ...seen } = await launchers.of({ id, folder: path }, toldTo(id, at), how);
    const record = store.get(id);
    const problem = seen.problem ?? (record === null ? null : lostLauncher(path, record));
    const runs = at.live.get(id) ?? [];
    const state = record?.state ?? "not-installed";
    return {
      id,
      title: launcher?.title ?? id,
      description: launcher?.description ?? "",
      icon,
      state,
      installers: record?.installers ?? [],
      source: record?.source ?? path,
      ...(record === null ? {} : originOf(record)),
      path,
      menu: launcher === null ? [] : markRunning(launcher.menu, path, runs, api),
      problem,
      ...(launcher?.findings === undefined ? {} : { findings: launcher.findings }),
      runs: runs.map((run) => run.id),
      url: urlOf(runs),
      installedAt: record?.installedAt ?? null,
      ...(world.settingsOf === undefined ? {} : { settings: world.settingsOf(id) }),
      ...world.more?.(id, { state, problem }, at.runs.get(id) ?? []),
    };
  };

  return {
    list: async () => {
      const moment = await now();
      const found: Promise<App | null>[] = [];
      let began = performance.now();
      for (const id of ids()) {
        found.push(look(id, {}, moment).catch(orGone));
        if (performance.now() - began < SLICE_MS) continue;
        await new Promise(setImmediate); // a slow disk holds up nobody else
        began = performance.now();
      }
      return (await Promise.all(found)).filter((app) => app !== null);
    },
    get: (id, how = {}) => look(id, how, null),
    lookedAt: (id) => launchers.lookedAt(id),
  };
}

/** Whatever was installed had a launcher then; what somebody has put here need not have one. */
function lostLauncher(path: string, { state }: InstalledApp): WireError | null {
  const lack = state === "not-installed" ? null : lacksLauncher(path, basename(path));
  return lack === null ? null : toWireError(lack);
}

/** An app that is removed while the others are looked at is not in the list. */
function orGone(error: unknown): null {
  if (error instanceof PinokioError && error.code === "app-missing") return null;
  throw error;
}

const originOf = ({ repository, branch, package: name, studio }: InstalledApp): Partial<App> => ({
  repository,
  branch,
  package: name,
  ...(studio === null ? {} : { studio: true }),
});
