import type { Buffer } from "node:buffer";
import { join } from "node:path";
import { machinePrograms } from "../base/machine-programs.js";
import { EnvironmentFiles } from "../environments/environment-files.js";
import { type AppFiles, createAppFiles } from "../library/files/app-files.js";
import type { AppId } from "../protocol/ids.js";
import type { Apps } from "./apps.js";
import { originIn } from "./changes.js";
import type { OpenedHome } from "./open-home.js";

interface SidecarFilesOptions {
  opened: OpenedHome;
  apps: Apps;
  /** What programs start from. */
  env: Readonly<Record<string, string>>;
  isChanging(app: AppId): boolean;
  /** What nobody may see. */
  secretsOf(app: AppId): readonly Buffer[];
}

/** Files of apps, put together with what is known of where apps came from and what is being done with them. */
export function createSidecarFiles({ opened, apps, env, isChanging, secretsOf }: SidecarFilesOptions): AppFiles {
  return createAppFiles({
    home: opened.home,
    api: opened.paths.api,
    programs: machinePrograms(env),
    originOf: (app) => (opened.mode === "read-only" ? null : originIn(apps.library.record(app))),
    untouchedVariables: (app) => new EnvironmentFiles(opened.home, join(opened.paths.api, app)).untouchedName,
    isChanging,
    secretsOf,
    changed: (app) => apps.views.refreshSoon(app),
  });
}
