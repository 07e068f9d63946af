import { existsSync, readFileSync } from "node:fs";
import { arch, homedir, platform as osPlatform } from "node:os";
import { extname, join } from "node:path";
import { graphicsLater } from "../base/graphics.js";
import { builtInApps } from "../catalog/built-in.js";
import { type AppViews, createAppViews } from "../library/app-views.js";
import { openInstalledStore } from "../library/installed-store.js";
import { createLibrary, type Library } from "../library/library.js";
import type { App, CatalogEntry } from "../protocol/apps.js";
import type { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";
import type { LauncherFacts } from "../protocol/launcher.js";
import type { Graphics } from "../protocol/machine.js";
import { createLauncherHosts, type LauncherHosts } from "../supervisor/launcher-host-client.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";

export interface Apps {
  library: Library;
  views: AppViews;
  catalog(): CatalogEntry[];
  /** Nothing when what is installed could be read. */
  problem: PinokioError | null;
  close(): void;
}

export interface AppsOptions {
  opened: OpenedHome;
  runs: Runs;
  /** Where the sample apps are. */
  examples: string;
  launcherHost: { node: string; bundle: string; env: Record<string, string> };
  onChanged(app: App): void;
  onRemoved(appId: AppId): void;
}

export function createApps({ opened, runs, examples, launcherHost, onChanged, onRemoved }: AppsOptions): Apps {
  const { home, paths, log } = opened;
  const launchers: LauncherHosts = createLauncherHosts(launcherHost);
  let graphics: Promise<Graphics> | null = null;
  const facts = async (): Promise<LauncherFacts> => {
    const known = await (graphics ??= graphicsLater(home)); // looked for once, when the first menu is wanted
    return {
      home,
      platform: osPlatform(),
      arch: arch(),
      gpu: known.gpu,
      graphics: known,
      scripts: { ...runs.supervisor.scripts },
    };
  };
  const store = openInstalledStore(paths.installed);
  const library = createLibrary({
    api: paths.api,
    userHome: homedir(),
    store,
    log,
    world: {
      menu: (appDir, known, fenced) => (fenced ? launchers.fencedMenu(appDir, known) : launchers.menu(appDir, known)),
      describe: (appDir, scripts) => launchers.describe(appDir, scripts),
      facts,
      runs: () => runs.supervisor.runs,
      now: () => new Date(),
      settingsOf: (id) => opened.appSettings.written(id),
      startScript: async (file, order) => (await runs.startScript(file, { action: "run", ...order })).run,
    },
  });
  const views = createAppViews({
    ids: () => library.ids(),
    get: (id) => library.get(id),
    onChanged,
    onRemoved,
  });
  library.onChanged((id) => views.refreshSoon(id));
  return {
    library,
    views,
    catalog: () => catalogEntries(examples, paths.api),
    problem: store.problem,
    close: () => {
      views.close();
      launchers.close();
    },
  };
}

function catalogEntries(examples: string, api: string): CatalogEntry[] {
  return builtInApps(examples).map(({ id, title, description, icon, folder }) => ({
    id,
    title,
    description,
    icon: icon === null ? null : dataUrl(join(folder, icon)),
    source: folder,
    installed: existsSync(join(api, id)) ? (id as CatalogEntry["installed"]) : null,
  }));
}

function dataUrl(file: string): string | null {
  const type = { ".svg": "image/svg+xml", ".png": "image/png" }[extname(file)];
  if (type === undefined || !existsSync(file)) return null;
  return `data:${type};base64,${readFileSync(file).toString("base64")}`;
}
