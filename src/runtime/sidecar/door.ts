import { homedir } from "node:os";
import { shareAnswer } from "../base/share-answer.js";
import type { Catalog } from "../catalog/catalog.js";
import type { Changes } from "../library/changes/index.js";
import type { AppFiles } from "../library/files/app-files.js";
import type { Studio } from "../library/installing/studio.js";
import type { Jobs } from "../library/jobs.js";
import type { Updates } from "../library/updates.js";
import { knownIn } from "../base/app-missing.js";
import { locateScript, scriptFileOf } from "../library/script-location.js";
import { changeSettings, settingsForm } from "../config/settings-form.js";
import { machineFacts } from "../platforms/machine.js";
import type { Platform } from "../platforms/platform.js";
import type { App } from "../protocol/apps.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { PROTOCOL, VERSION } from "../protocol/version.js";
import type { UsageMeter } from "../resources/usage.js";
import { createHandlers } from "../server/handlers/index.js";
import type { RunParts } from "../server/handlers/runs.js";
import { ScreenProcesses, type ScreenProgram } from "../server/screen-process.js";
import { serve, type Server } from "../server/server.js";
import { diskOf, measureUse } from "../storage/use.js";
import type { Apps } from "./apps.js";
import { autolaunch } from "./autolaunch.js";
import type { AppConfiguration } from "./configuration.js";
import type { Packages } from "./packages.js";
import type { Environments } from "./environments.js";
import type { Freeing } from "./freeing.js";
import type { FirstMinutes } from "./first-steps.js";
import type { AppLimits } from "./limits.js";
import { libraryParts } from "./library.js";
import type { MinimalMode } from "./minimal-mode.js";
import type { SidecarModels } from "./models.js";
import type { Durations } from "./durations.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { PagePath } from "./page-path.js";
import type { Phase } from "./phase.js";
import type { Recovery } from "./recovery.js";
import type { RestartRuns } from "./restart-runs.js";
import type { Runs } from "./runs.js";
import type { AppShelf } from "./shelf.js";

export interface DoorOptions {
  opened: OpenedHome;
  platform: Platform;
  runs: Runs;
  apps: Apps;
  catalog: Catalog;
  jobs: Jobs;
  studio: Studio;
  changes: Changes;
  restarts: RestartRuns;
  files: AppFiles;
  updates: Updates;
  shelf: AppShelf;
  durations: Durations;
  environments: Environments;
  packages: Packages;
  models: SidecarModels;
  freeing: Freeing;
  configuration: AppConfiguration;
  minimal: MinimalMode;
  pagePath: PagePath;
  news: News;
  phase: Phase;
  meter: UsageMeter;
  recovery: Recovery;
  limits: AppLimits;
  firstSteps: FirstMinutes;
  /** What output of a run must not show. */
  /** What draws the screen of a run's terminal. */
  screenProgram: ScreenProgram;
  end(reason: string, how: { asked: boolean }): void;
}

/** Lets clients in, and answers what they ask. */
export async function openDoor({
  opened,
  platform,
  runs,
  apps,
  catalog,
  jobs,
  studio,
  changes,
  restarts,
  files,
  updates,
  shelf,
  environments,
  packages,
  models,
  freeing,
  configuration,
  minimal,
  pagePath,
  news,
  phase,
  durations,
  meter,
  recovery,
  limits,
  firstSteps,
  screenProgram,
  end,
}: DoorOptions): Promise<Server> {
  const { home, paths, local, log } = opened;
  const { supervisor } = runs;
  const { library, views } = apps;
  const screens = new ScreenProcesses(screenProgram);
  const locate = (script: string) => locateScript(script, paths.api, (id) => library.defaultScript(id));
  const checkAgreed: RunParts["checkAgreed"] = async ({ appId, script }) => {
    if (appId !== null && (await library.hasAgreed(appId))) return;
    throw new PinokioError("agreement-needed", `Nobody has agreed yet to what ${appId ?? script} will run`, {
      hint: "Look at its commands and agree; on a command line, `pinokiocloud script run` is the agreement",
      context: { app: appId ?? "", script },
    });
  };
  const startApp = async (id: AppId): Promise<RunId> => {
    const location = await locate(id);
    await checkAgreed(location);
    const input = location.params === null ? {} : { input: location.params };
    return (await runs.startScript(location.file, { action: "run", ...input })).run.id;
  };
  /** Somebody looks: what is newer elsewhere is looked for, behind their back. */
  const listToWatcher = (): Promise<App[]> => {
    updates.lookDaily();
    return listApps();
  };
  const listApps = (): Promise<App[]> => {
    shelf.look();
    return views.all();
  };
  const startedAt = new Date(Date.now() - process.uptime() * 1_000).toISOString();

  const server = await serve(
    local.socket,
    {
      token: opened.token,
      home,
      mode: () => minimal.now(),
      snapshot: async () => ({
        apps: await listToWatcher(),
        runs: [...supervisor.runs],
        jobs: [...jobs.all],
        environments: environments.news,
        shelf: shelf.store.now(),
        firstSteps: firstSteps.now(),
        notices: news.notices.list(),
        ...minimal.now(),
      }),
      isGoingDown: () => phase.isStoppingRuns,
      events: news.events,
      log,
      apps: () => knownIn(shelf.store.now()),
      handlers: createHandlers({
        sidecar: {
          status: () => ({
            version: VERSION,
            protocol: PROTOCOL,
            pid: process.pid,
            node: process.version,
            home,
            startedAt,
            ...minimal.now(),
            clients: server.clients,
            liveRuns: runs.live.length,
            memoryBytes: process.memoryUsage.rss(),
            logFile: log.file,
            idleMinutes: opened.settings.idleMinutes,
            notices: news.notices.list(),
          }),
          end: (reason) => end(reason, { asked: true }),
          stopAllRuns: () => {
            recovery.restarts.clear();
            void jobs.close(); // what waits for its turn does not begin now
            return runs.stopAll();
          },
          notices: news.notices,
        },
        machine: {
          facts: shareAnswer(async () => machineFacts(platform, { path: home, ...(await diskOf(home)) })),
          storageUse: shareAnswer(() => measureUse(paths)),
          usage: async () => {
            const usage = await meter.usage();
            shelf.noteUsage(usage);
            return usage;
          },
          usageHistory: (run) => meter.history(run),
          pagePath,
          places: () => [
            { name: "Your folder", path: homedir() },
            { name: "PinokioCloud", path: home },
            { name: "This machine", path: "/" },
          ],
        },
        apps: {
          library,
          list: listApps,
          settings: limits,
          autolaunch: () => void autolaunch(opened, { runs, apps, news }),
        },
        library: libraryParts({
          opened,
          runs,
          apps,
          shelf,
          jobs,
          changes,
          configuration: configuration.configuration,
          catalog,
          packages,
          start: startApp,
          restarts,
        }),
        catalog: { catalog },
        jobs: { jobs, library, studio },
        changes: { changes },
        files: { files },
        environments: { environments },
        packages: { packages },
        config: configuration,
        resources: { models, freeing },
        system: {
          settings: {
            form: () => settingsForm(paths.settings, process.env),
            set: (changes) => {
              changeSettings(paths.settings, changes);
              limits.holdAgain();
              news.events.publish({ type: "settings-changed" });
              return settingsForm(paths.settings, process.env);
            },
          },
          limits,
          firstSteps,
        },
        runs: {
          supervisor,
          startScript: runs.startScript,
          locate,
          drawScreen: (order) => screens.draw(order),
          diagnose: (run) => recovery.failures.of(run),
          repairs: recovery.repairs,
          startAgain: (run, options) => recovery.startAgain(run, options),
          restart: (run) => restarts.one(run),
          withUsual: durations.withUsual,
          letBe: (id) => recovery.restarts.cancel(id),
          fileOf: (script) => scriptFileOf(script, paths.api),
          checkAgreed,
        },
      }),
    },
    () => undefined,
  );
  return server;
}
