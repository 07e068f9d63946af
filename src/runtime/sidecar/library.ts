import type { Catalog } from "../catalog/catalog.js";
import type { Configuration } from "../configuration/configuration.js";
import type { Changes } from "../library/changes/index.js";
import type { Jobs } from "../library/jobs.js";
import type { AppId, RunId } from "../protocol/ids.js";
import type { LibraryParts } from "../server/handlers/library.js";
import type { Apps } from "./apps.js";
import type { OpenedHome } from "./open-home.js";
import type { Packages } from "./packages.js";
import type { RestartRuns } from "./restart-runs.js";
import type { Runs } from "./runs.js";
import type { AppShelf } from "./shelf.js";
import { createLibraryTransfer } from "./transfer.js";

export interface LibraryPartsOptions {
  opened: OpenedHome;
  runs: Runs;
  apps: Apps;
  shelf: AppShelf;
  jobs: Jobs;
  changes: Changes;
  configuration: Configuration;
  catalog: Catalog;
  packages: Packages;
  /** Starts what the app's menu starts by default. */
  start(id: AppId): Promise<RunId>;
  restarts: RestartRuns;
}

/** What clients ask of the library. */
export function libraryParts({
  opened,
  runs,
  apps,
  shelf,
  jobs,
  changes,
  configuration,
  catalog,
  packages,
  start,
  restarts,
}: LibraryPartsOptions): LibraryParts {
  const { library } = apps;
  const transfer = createLibraryTransfer({ opened, apps, shelf, jobs, configuration, catalog, packages });
  return {
    shelf: shelf.store,
    disk: shelf.disk,
    ids: () => library.ids(),
    look: async () => {
      shelf.look();
      await apps.views.all(); // and everybody hears of what has come and gone
    },
    start,
    stop: async (id) => {
      const own = runs.live.filter(({ appId }) => appId === id);
      await Promise.all(own.map((run) => runs.supervisor.stop(run.id)));
    },
    restart: (id) => restarts.ofApp(id),
    requireUnneeded: (ids) => changes.requireUnneeded(ids),
    uninstall: async (id) => {
      const { job, entry } = await changes.uninstall(id, { all: false });
      return { job: job.id, entry };
    },
    forget: (id) => {
      library.forget(id);
      shelf.tellSoon();
    },
    exported: () => transfer.exported(),
    previewImport: (file) => transfer.preview(file),
    importFrom: (file, how) => transfer.take(file, how),
  };
}
