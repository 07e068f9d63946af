import { basename, join } from "node:path";
import { isInside } from "../base/inside-folder.js";
import { moveToTrash } from "../base/trash.js";
import type { Catalog } from "../catalog/catalog.js";
import type { Changes } from "../library/changes/index.js";
import { leftOf } from "../library/changes/world.js";
import { noteFolders } from "../library/installing/known-folders.js";
import { createStudio, type Studio } from "../library/installing/studio.js";
import type { InstallPackage, InstallWorld } from "../library/installing/world.js";
import type { JobContext, Jobs } from "../library/jobs.js";
import { fromWireError, PinokioError } from "../protocol/errors.js";
import type { AppId, JobId, RunId } from "../protocol/ids.js";
import type { Package } from "../protocol/packages.js";
import { isLive, type Run } from "../protocol/runs.js";
import { openFiles } from "../recovery/in-use.js";
import { createRepositories, type Repositories } from "../repositories/index.js";
import type { HomePaths } from "../storage/paths.js";
import type { Apps } from "./apps.js";
import type { Durations } from "./durations.js";
import type { Failures } from "./failures.js";
import { keepToken, loginFor, tokenOfApp } from "./git-tokens.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";

/** Where the large files of an app arrive. */
export const largeFilesOf = ({ cache }: Pick<HomePaths, "cache">, folder: string): string =>
  join(cache, "lfs", basename(folder));

/** Everything that is done with git for installed apps. */
export function createAppRepositories(
  { home, paths }: OpenedHome,
  env: Readonly<Record<string, string>>,
): Repositories {
  return createRepositories({
    env,
    home,
    objectsOf: (folder) => largeFilesOf(paths, folder),
    loginFor: (host) => loginFor(home, host),
  });
}

export interface InstallWorldOptions {
  opened: OpenedHome;
  runs: Runs;
  jobs: Jobs;
  repositories: Repositories;
  durations: Durations;
  /** There once clients are let in. */
  catalog(): Pick<Catalog, "find" | "at" | "near" | "isOfSource">;
  failures(): Failures;
}

export function createInstallWorld({
  opened: { home, paths, log },
  runs: { supervisor },
  jobs,
  repositories,
  durations,
  catalog,
  failures,
}: InstallWorldOptions): InstallWorld {
  const followers = new Map<RunId, Set<() => void>>();
  supervisor.onRun(() => {
    for (const all of followers.values()) for (const look of all) look();
  });

  const isWaiting = (run: Run): boolean => {
    if (!isLive(run) || run.state === "ready") return false;
    if (run.questions !== undefined && run.questions.length > 0) return true;
    return supervisor.runs.some((other) => other.parent === run.id && isWaiting(other));
  };

  return {
    jobs,
    clone: (address, order, login) => repositories.clone(address, order, login),
    findPackage: async (id) => packageOf(await catalog().find(id)),
    near: (id) => catalog().near(id),
    isOfSource: (text) => catalog().isOfSource(text),
    packageAt: async (repository) => packageOf(await catalog().at(repository)),
    keepLogin: (host, { password }) => {
      try {
        keepToken(home, host, password);
      } catch (error) {
        log.write("warn", "token not kept", { host, error: String(error) });
      }
    },
    follow: (id, onChange) =>
      new Promise((resolve) => {
        const all = followers.get(id) ?? new Set<() => void>();
        followers.set(id, all);
        const look = (): void => {
          const run = supervisor.get(id);
          if (run !== null) onChange(run, isWaiting(run));
          if (run === null || (isLive(run) && run.state !== "ready")) return;
          all.delete(look);
          if (all.size === 0) followers.delete(id);
          resolve(run);
        };
        all.add(look);
        look();
      }),
    stop: (id) => supervisor.stop(id),
    explain: async (run) => {
      const failure = await failures().of(run);
      if (failure === null) return null;
      return { code: "step-failed", message: failure.sentence, hint: failure.hint, context: { run: run.id } };
    },
    usualMs: durations.usualMs,
    noteFolders: (id) => noteFolders(id, paths),
  };
}

function packageOf(found: Package | null): InstallPackage | null {
  if (found === null) return null;
  const { id, name, type, install, repository, warning, requires } = found;
  if (type === "app") {
    return { id, name, install, repository, warning, diskGB: requires.diskGB, credentials: requires.credentials };
  }
  throw new PinokioError("source-unsupported", `${name} is a ${type}, not an app`, {
    hint: `Install it with: pinokiocloud package install ${id}`,
  });
}

export interface AppStudioOptions {
  opened: OpenedHome;
  runs: Runs;
  apps: Apps;
  jobs: Jobs;
  changes: Changes;
  /** Drops how an app was used and how long its scripts took. */
  forget(id: AppId): void;
}

/** Apps that are put up for a while. */
export function createAppStudio(options: AppStudioOptions): Studio {
  const { runs, apps, jobs, changes, forget } = options;
  const { home, paths } = options.opened;
  const over = async (id: JobId, { aside }: JobContext): Promise<void> => {
    const job = await aside(jobs.done(id));
    if (job.error !== null) throw fromWireError(job.error);
  };
  return createStudio({
    home,
    api: paths.api,
    drive: paths.drive,
    forget,
    folderFor: (id) => join(home, "studio", id),
    record: (id) => apps.library.record(id),
    jobs,
    stopRuns: async (id) => {
      const live = (): Run[] => runs.live.filter(({ appId }) => appId === id);
      for (let left = live(); left.length > 0; left = live()) {
        await Promise.all(left.map((run) => runs.supervisor.stop(run.id)));
      }
    },
    removeAll: async (id: AppId, context) => {
      const { job, entry } = await changes.uninstall(id, { all: true });
      await over(job.id, context);
      const emptied = await changes.empty({ entries: [entry] });
      await over(emptied.job.id, context);
      return emptied.bytes;
    },
    removeFolders: async (folders, context) => {
      const entry = basename(moveToTrash(home, folders, { from: home, why: "uninstall" }));
      const emptied = await changes.empty({ entries: [entry] });
      await over(emptied.job.id, context);
      return emptied.bytes;
    },
    tokenLeft: (id) => leftOf(tokenOfApp(options.opened, apps.library, id)),
    isOpen: (folder) => [...openFiles()].some((file) => isInside(folder, file)),
  });
}
