import { existsSync, statfsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { download } from "../base/download.js";
import { explainFileError } from "../base/file-errors.js";
import { parseGitAddress } from "../base/git-address.js";
import { makeFolder } from "../base/make-folder.js";
import { moveToTrash } from "../base/trash.js";
import { treeSize } from "../base/tree-size.js";
import type { Catalog } from "../catalog/catalog.js";
import type { Changes } from "../library/changes/index.js";
import { commitOf } from "../library/commit.js";
import type { Jobs } from "../library/jobs.js";
import { createPackages, type PackageManager } from "../library/packages/manager.js";
import type { PackageWorld } from "../library/packages/package-kind.js";
import { openPackageStore } from "../library/packages/package-store.js";
import { taskPrompt } from "../library/packages/task.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";
import type { Job } from "../protocol/jobs.js";
import type { CheckedParamsOf, ReplyOf } from "../protocol/requests.js";
import type { Run } from "../protocol/runs.js";
import type { Repositories } from "../repositories/index.js";
import type { Apps } from "./apps.js";
import type { Environments } from "./environments.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";

export interface Packages extends Omit<PackageManager, "list"> {
  /** With the commits that apps stand at now. */
  list(): Promise<ReplyOf<"packages.list">>;
  /** Launches a plugin, or a task with one. */
  start(order: CheckedParamsOf<"packages.start">): Promise<{ run: Run; already: boolean }>;
}

export interface PackagesOptions {
  opened: OpenedHome;
  runs: Runs;
  apps: Apps;
  jobs: Jobs;
  news: News;
  catalog: Pick<Catalog, "find">;
  changes: Pick<Changes, "uninstall" | "update">;
  environments: Environments;
  repositories: Repositories;
}

/** Packages of every type, with what they need of the rest of the sidecar. */
export function createSidecarPackages(options: PackagesOptions): Packages {
  const { opened, runs, jobs, news, catalog, environments } = options;
  const { home, paths, mode } = opened;
  const manager = createPackages({
    store: openPackageStore(paths.packages, { mayWrite: mode === "full", onProblem: news.warn }),
    jobs,
    world: worldOf(options),
    find: (id) => catalog.find(id),
    onChanged: () => environments.changed(),
    now: () => new Date(),
  });

  const pluginFile = (id: string): string => {
    const found = manager.find(id);
    if (found.type === "plugin") return join(home, found.place, "pinokio.js");
    throw new PinokioError("request-invalid", `${found.name} is a ${found.type}, and only plugins can be launched so`, {
      hint: "Name a plugin",
    });
  };

  return {
    ...manager,
    list: async () =>
      Promise.all(
        (await manager.list()).map(async (view) => {
          if (view.type !== "app") return view;
          return { ...view, commit: (await commitOf(join(home, view.place))) ?? view.commit };
        }),
      ),
    start: async ({ id, action, app, prompt, inputs, plugin }) => {
      const found = manager.find(id);
      const words = found.type === "task" ? taskPrompt(join(home, found.place), inputs) : null;
      if (words !== null && plugin === undefined) {
        throw new PinokioError("choice-needed", `${found.name} needs a plugin that carries it out`, {
          hint: "Name one of those that are installed",
        });
      }
      const file = pluginFile(words === null ? id : (plugin ?? ""));
      const cwd = app === undefined ? workspaceFor(home, found.name, words?.task.target) : join(paths.api, app);
      makeFolder(cwd);
      const given = words?.prompt ?? prompt;
      const input = { cwd, ...(given === undefined ? {} : { prompt: given }) };
      return runs.startScript(file, { action, input, consent: true });
    },
  };
}

/** A new folder below the home, called after what is done in it. */
function workspaceFor(home: string, name: string, target: "workspaces" | "api" | "plugin" = "workspaces"): string {
  const plain =
    name
      .toLowerCase()
      .replace(/[^\w-]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 50) || "workspace";
  for (let at = 1; ; at++) {
    const folder = join(home, target, at === 1 ? plain : `${plain}-${at}`);
    if (!existsSync(folder)) return folder;
  }
}

function worldOf({ opened, apps, jobs, changes, environments, repositories }: PackagesOptions): PackageWorld {
  const { home, paths } = opened;
  return {
    home,
    api: paths.api,
    drive: paths.drive,
    envs: paths.envs,
    clone: async (source, folder, { signal, tell }) => {
      const address = parseGitAddress(source);
      if (address === null) return copyOf(resolve(source), folder);
      const objects = join(paths.cache, "lfs", basename(folder));
      const { commit } = await repositories.clone(address, {
        folder,
        objects,
        signal,
        tell: ({ phase, progress }) => tell({ phase, progress }),
      });
      return commit;
    },
    download: async ({ url, path, sha256 }, { signal, tell }) => {
      const onProgress = (done: number, total: number | null): void =>
        tell({ phase: "download", progress: { done, total, unit: "bytes" } });
      const { bytes, sha256: digest } = await download({ url, to: { path }, sha256, signal, onProgress });
      return { bytes, sha256: digest };
    },
    toTrash: (files, why) => Promise.resolve(moveToTrash(home, files, { from: home, why })),
    freeBytes: () => {
      const { bavail, bsize } = statfsSync(home);
      return bavail * bsize;
    },
    activeEnvironment: () => environments.active(),
    makeEnvironment: (path, { signal }) => environments.make(path, signal),
    pip: (environment, args, { signal }) => environments.pip(environment, args, signal),
    apps: {
      install: async ({ source, agreed, unattended, wanted }, { aside, signal: within }) => {
        const order = { source, agreed, unattended, wanted, despiteWarning: true, within };
        const { appId, job } = await apps.library.install(order);
        await aside(overOf(job));
        return appId;
      },
      uninstall: async (app, { aside }) => aside(overOf((await changes.uninstall(app, { all: false })).job)),
      update: async (app, { aside, signal: within }) =>
        aside(overOf((await changes.update(app, { agreed: null, unattended: true, within })).job)),
      want: (app) => {
        const record = apps.library.record(app);
        if (record?.wanted === false) apps.library.setRecord(app, { ...record, wanted: true });
      },
      list: () =>
        apps.library.ids().map((app) => {
          const record = apps.library.record(app);
          const { package: packageId = null, commit = null, installedAt = null } = record ?? {};
          const isHalf = record !== null && record.state !== "installed";
          return { app, packageId, commit, installedAt, isHalf, wanted: record?.wanted !== false };
        }),
      bytesOf: async (app: AppId) => (await treeSize([join(paths.api, app)])).bytes,
    },
  };

  async function overOf({ id }: Job): Promise<void> {
    const { error, state, title } = await jobs.done(id);
    if (error !== null) throw new PinokioError(error.code, error.message, { hint: error.hint });
    if (state === "cancelled") throw new PinokioError("cancelled", `${title}: cancelled`);
  }
}

/** A folder of this machine, as somebody who writes a package has it. */
async function copyOf(source: string, folder: string): Promise<string | null> {
  try {
    await cp(source, folder, { recursive: true, verbatimSymlinks: true });
    return await commitOf(folder);
  } catch (error) {
    throw explainFileError(error, folder);
  }
}
