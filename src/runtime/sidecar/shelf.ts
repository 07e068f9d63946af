import { statSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { createDiskUse, type DiskUse } from "../library/disk-use.js";
import type { Jobs } from "../library/jobs.js";
import type { LibraryWorld } from "../library/library.js";
import { openShelf, type ShelfStore } from "../library/shelf.js";
import { openStatistics, type StatisticsStore } from "../library/statistics.js";
import { statusOf, whyUnfinished } from "../library/status.js";
import type { AppId } from "../protocol/ids.js";
import { isUnderWay } from "../protocol/jobs.js";
import { isLive, type Run } from "../protocol/runs.js";
import type { AppUpdate, Shelf } from "../protocol/shelf.js";
import type { Usage } from "../protocol/usage.js";
import { measureFolder, stampOfFolder } from "../storage/folder-size.js";
import { runPaths } from "../storage/paths.js";
import type { Apps } from "./apps.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";

/** What the library knows of apps beyond their folders: what was written about them, and how they were used. */
export interface AppShelf {
  store: ShelfStore;
  statistics: StatisticsStore;
  disk: DiskUse;
  /** What lists show of an app besides what its folder says. */
  more: NonNullable<LibraryWorld["more"]>;
  /** Takes over what was written by hand, or by the machine that holds the home. */
  look(): void;
  /** Tells everybody how the library is arranged, where that has changed: apps may have come or gone. */
  tellSoon(): void;
  noteUsage(usage: Usage): void;
  /** Every run whose record is there is known. */
  begin(): void;
  close(): void;
}

/** Of many apps that change at once everybody hears one by one, and of the shelf once. */
const SOON_MS = 40;

export interface AppShelfOptions {
  opened: OpenedHome;
  runs: Runs;
  news: News;
  jobs: Jobs;
  /** Made after this. */
  apps(): Apps;
  isWatched(): boolean;
  /** What is newer where an app came from, once that was looked for. */
  updateOf(id: AppId): AppUpdate | null;
}

export function createAppShelf({ opened, runs, news, jobs, apps, isWatched, updateOf }: AppShelfOptions): AppShelf {
  const { paths, mode } = opened;
  const { supervisor } = runs;
  const mayWrite = mode === "full";
  const onProblem = news.warn;
  const folderOf = (id: AppId): string => join(paths.api, id);

  const store = openShelf({
    file: paths.favorites,
    mayWrite,
    onProblem,
    ids: () => apps().library.ids(),
    // What is just being moved, put back or removed is not missing.
    missing: () =>
      apps()
        .library.missing()
        .filter(({ appId }) => jobs.of(appId) === null),
  });
  const statistics = openStatistics({
    file: paths.usageStats,
    mayWrite,
    onProblem,
    isInstall: (run) => apps().library.isInstallRun(run),
    lastSign: ({ id }) => changedAt(runPaths(paths.runs, id).output),
    now: () => new Date(),
  });
  const disk = createDiskUse({
    ids: () => apps().library.ids(),
    measure: (id, signal) => measureFolder(folderOf(id), { signal }),
    stampOf: (id) => stampOfFolder(folderOf(id)),
    lastRanAt: (id) => {
      const own = supervisor.runs.filter(({ appId }) => appId === id);
      if (own.some(isLive)) return Infinity;
      return own.length === 0 ? null : Math.max(...own.map(({ end, startedAt }) => Date.parse(end?.at ?? startedAt)));
    },
    known: (id) => statistics.disk(id),
    note: (id, measured) => statistics.noteDisk(id, measured),
    isWatched,
    now: Date.now,
  });

  let told: Shelf | null = null;
  const tell = (): void => {
    const shelf = store.now();
    if (isDeepStrictEqual(shelf, told)) return;
    told = shelf;
    news.events.publish({ type: "shelf-changed", shelf });
  };
  let soon: NodeJS.Timeout | null = null;
  const tellSoon = (): void => {
    soon ??= setTimeout(() => {
      soon = null;
      tell();
    }, SOON_MS);
  };
  store.onChanged((ids) => {
    for (const id of ids) apps().views.refreshSoon(id);
    tell();
  });
  jobs.onChanged((job) => {
    if (!isUnderWay(job)) tellSoon();
  });
  statistics.onChanged((id) => apps().views.refreshSoon(id));
  supervisor.onRun((run) => statistics.noteRun(run));
  supervisor.onForgotten((id) => statistics.forgetRun(id));

  return {
    store,
    statistics,
    disk,
    more: (id, known, own) => {
      const measured = statistics.disk(id);
      const update = updateOf(id);
      const isInstall = (run: Run): boolean => apps().library.isInstallRun(run);
      const { notBegun = null } = apps().library.record(id) ?? {};
      const why = whyUnfinished({ id, ...known, notBegun }, own, isInstall);
      return {
        status: statusOf({ ...known, update }, own, isInstall),
        ...(why === null ? {} : { why }),
        marks: store.marks(id),
        statistics: statistics.of(id),
        update,
        ...(measured === null ? {} : { disk: withoutStamp(measured) }),
      };
    },
    look: () => {
      const isChanged = [store.look(), statistics.look()].some(Boolean);
      if (isChanged) tell();
    },
    tellSoon,
    noteUsage: (usage) => {
      const owners = new Map<string, AppId | null>(supervisor.runs.map(({ id, appId }) => [id, appId]));
      statistics.noteUsage(usage, (id) => owners.get(id) ?? null);
    },
    begin: () => statistics.settle(supervisor.runs),
    close: () => {
      if (soon !== null) clearTimeout(soon);
      disk.close();
      statistics.close();
    },
  };
}

const withoutStamp = <Value extends { stamp: string }>({ stamp: _, ...rest }: Value): Omit<Value, "stamp"> => rest;

function changedAt(file: string): number | null {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return null;
  }
}
