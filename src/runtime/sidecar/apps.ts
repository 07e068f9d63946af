import { arch, homedir, platform as osPlatform } from "node:os";
import { basename } from "node:path";
import { graphicsLater } from "../base/graphics.js";
import { watchFolder } from "../base/watch-folder.js";
import { exampleFolders } from "../catalog/sources/examples.js";
import { type AppViews, createAppViews } from "../library/app-views.js";
import { openInstalledStore } from "../library/installed-store.js";
import type { InstallWorld } from "../library/installing/world.js";
import { createLibrary, type Library, type LibraryWorld } from "../library/library.js";
import type { App } from "../protocol/apps.js";
import type { PinokioError } from "../protocol/errors.js";
import { AppId } from "../protocol/ids.js";
import type { LauncherFacts, LauncherSettings } from "../protocol/launcher.js";
import type { Graphics } from "../protocol/machine.js";
import type { Notices } from "../server/notices.js";
import { createLauncherHosts, type LauncherHosts } from "../supervisor/launcher-host-client.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";
import { shownMenu } from "./shown-menu.js";
import { writeWhenRoom } from "./write-waiting.js";

export interface Apps {
  library: Library;
  views: AppViews;
  /** What can be set of an app by way of its scripts. */
  launcherSettings(folder: string): Promise<LauncherSettings>;
  samples(): { id: string; folder: string }[];
  /** What scripts of a folder would run, found out without running any of it. */
  describe: LauncherHosts["describe"];
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
  installs: InstallWorld;
  /** What others know of an app. */
  more: NonNullable<LibraryWorld["more"]>;
  onChanged(app: App): void;
  onRemoved(appId: AppId): void;
  notices: Pick<Notices, "add" | "dismiss">;
  /** What nobody may read of an app. */
  secretsOf(app: AppId): readonly Buffer[];
}

export function createApps({
  opened,
  runs,
  examples,
  launcherHost,
  installs,
  more,
  secretsOf,
  notices,
  onChanged,
  onRemoved,
}: AppsOptions): Apps {
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
  const store = openInstalledStore(paths.installed, {
    mayWrite: opened.mode === "full",
    onWaiting: () => waiting.begin(),
  });
  const waiting = writeWhenRoom({ file: paths.installed, write: () => store.writeWaiting(), notices });
  const library = createLibrary({
    api: paths.api,
    userHome: homedir(),
    store,
    installs,
    log,
    world: {
      menu: async (appDir, known, fenced) => {
        const menu = await (fenced ? launchers.fencedMenu(appDir, known) : launchers.menu(appDir, known));
        return shownMenu(menu, secretsOf(AppId.parse(basename(appDir))));
      },
      look: (appDir, known, offered) => launchers.look(appDir, known, offered),
      prepare: (appDir) => launchers.prepare(appDir),
      facts,
      runs: () => runs.supervisor.runs,
      now: () => new Date(),
      settingsOf: (id) => opened.appSettings.written(id),
      more,
      startScript: async (file, order) => (await runs.startScript(file, { action: "run", ...order })).run,
    },
  });
  const views = createAppViews({
    list: () => library.list(),
    get: (id, how) => library.get(id, how),
    lookedAt: (id) => library.lookedAt(id),
    onChanged,
    onRemoved,
  });
  library.onChanged((id) => views.refreshSoon(id));
  const endWatch = watchFolder(paths.api, () => views.listSoon());
  return {
    library,
    views,
    launcherSettings: (folder) => launchers.settings(folder),
    samples: () => exampleFolders(examples),
    describe: (folder, scripts) => launchers.describe(folder, scripts),
    problem: store.problem,
    close: () => {
      waiting.close();
      endWatch();
      store.writeWaiting();
      views.close();
      launchers.close();
    },
  };
}
