import type { RequestName } from "../../protocol/requests.js";
import { type AppFileParts, appFileHandlers } from "./app-files.js";
import { type AppParts, appHandlers } from "./apps.js";
import { type ChangeParts, changeHandlers } from "./changes.js";
import { type ConfigParts, configHandlers } from "./config.js";
import { type EnvironmentParts, environmentHandlers } from "./environments.js";
import { type CatalogParts, catalogHandlers } from "./catalog.js";
import type { Handlers } from "./handler.js";
import { type JobParts, jobHandlers } from "./jobs.js";
import { type LibraryParts, libraryHandlers } from "./library.js";
import { type MachineParts, machineHandlers } from "./machine.js";
import { type PackageParts, packageHandlers } from "./packages.js";
import { type ResourceParts, resourceHandlers } from "./resources.js";
import { type RunParts, runHandlers } from "./runs.js";
import { type SidecarParts, sidecarHandlers } from "./sidecar.js";
import { type SystemParts, systemHandlers } from "./system.js";

export interface Parts {
  sidecar: SidecarParts;
  machine: MachineParts;
  apps: AppParts;
  files: AppFileParts;
  catalog: CatalogParts;
  jobs: JobParts;
  library: LibraryParts;
  changes: ChangeParts;
  environments: EnvironmentParts;
  packages: PackageParts;
  config: ConfigParts;
  resources: ResourceParts;
  runs: RunParts;
  system: SystemParts;
}

/** Every request has exactly one handler: a missing one does not compile. */
export const createHandlers = ({
  sidecar,
  machine,
  apps,
  files,
  catalog,
  jobs,
  library,
  changes,
  environments,
  packages,
  config,
  resources,
  runs,
  system,
}: Parts): Handlers<RequestName> => ({
  ...sidecarHandlers(sidecar),
  ...machineHandlers(machine),
  ...appHandlers(apps),
  ...appFileHandlers(files),
  ...catalogHandlers(catalog),
  ...jobHandlers(jobs),
  ...libraryHandlers(library),
  ...changeHandlers(changes),
  ...environmentHandlers(environments),
  ...packageHandlers(packages),
  ...configHandlers(config),
  ...resourceHandlers(resources),
  ...runHandlers(runs),
  ...systemHandlers(system),
});

/** What starts programs; refused while everything is being stopped. */
export const STARTING_REQUESTS: ReadonlySet<RequestName> = new Set([
  "apps.install",
  "apps.resume",
  "apps.autolaunch",
  "packages.install",
  "packages.start",
  "runs.start",
  "runs.repair",
  "runs.again",
  "runs.restart",
  "config.restart",
  "apps.update",
  "apps.reset",
  "library.start",
  "library.restart",
  "library.import",
]);

/** What changes the home; refused while it may only be looked at. */
export const CHANGING_REQUESTS: ReadonlySet<RequestName> = new Set([
  "catalog.addSource",
  "catalog.removeSource",
  "catalog.refresh",
  "apps.fetch",
  "apps.refuse",
  "apps.install",
  "apps.resume",
  "studio.end",
  "apps.agree",
  "apps.setSettings",
  "apps.trashFiles",
  "apps.update",
  "apps.uninstall",
  "apps.reset",
  "trash.restore",
  "trash.empty",
  "apps.autolaunch",
  "jobs.cancel",
  "library.mark",
  "library.move",
  "library.addFolder",
  "library.renameFolder",
  "library.removeFolder",
  "library.start",
  "library.stop",
  "library.restart",
  "library.uninstall",
  "library.forget",
  "library.import",
  "environments.select",
  "environments.remove",
  "models.compare",
  "storage.free",
  "packages.install",
  "packages.update",
  "packages.remove",
  "packages.start",
  "settings.set",
  "firstSteps.change",
  "config.set",
  "config.restart",
  "config.setText",
  "config.undo",
  "config.savePreset",
  "config.applyPreset",
  "config.removePreset",
  "config.setSecrets",
  "runs.start",
  "runs.stop",
  "runs.repair",
  "runs.cancelRepair",
  "runs.again",
  "runs.restart",
  "runs.answer",
  "runs.type",
  "runs.resize",
]);
