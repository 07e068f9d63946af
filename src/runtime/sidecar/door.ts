import { homedir } from "node:os";
import { shareAnswer } from "../base/share-answer.js";
import { locateScript, scriptFileOf } from "../library/script-location.js";
import { machineFacts } from "../platforms/machine.js";
import type { Platform } from "../platforms/platform.js";
import { PinokioError } from "../protocol/errors.js";
import type { Run } from "../protocol/runs.js";
import { PROTOCOL, VERSION } from "../protocol/version.js";
import type { UsageMeter } from "../resources/usage.js";
import { createHandlers } from "../server/handlers/index.js";
import { ScreenProcesses, type ScreenProgram } from "../server/screen-process.js";
import { serve, type Server } from "../server/server.js";
import { diskOf, measureUse } from "../storage/use.js";
import type { Apps } from "./apps.js";
import { autolaunch } from "./autolaunch.js";
import type { AppLimits } from "./limits.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Phase } from "./phase.js";
import type { Recovery } from "./recovery.js";
import type { Runs } from "./runs.js";

export interface DoorOptions {
  opened: OpenedHome;
  platform: Platform;
  runs: Runs;
  apps: Apps;
  news: News;
  phase: Phase;
  meter: UsageMeter;
  recovery: Recovery;
  limits: AppLimits;
  /** What output of a run must not show. */
  secretsOf(run: Run): readonly Buffer[];
  noteSecrets(run: Run, values: readonly string[]): void;
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
  news,
  phase,
  meter,
  recovery,
  limits,
  secretsOf,
  noteSecrets,
  screenProgram,
  end,
}: DoorOptions): Promise<Server> {
  const { home, paths, local, log, settings, mode, modeReason } = opened;
  const { supervisor } = runs;
  const { library, views, catalog } = apps;
  const screens = new ScreenProcesses(screenProgram);
  const startedAt = new Date(Date.now() - process.uptime() * 1_000).toISOString();

  const server = await serve(
    local.socket,
    {
      token: opened.token,
      home,
      mode: () => ({ mode, modeReason }),
      snapshot: async () => ({
        apps: await views.all(),
        runs: [...supervisor.runs],
        notices: news.notices.list(),
        mode,
        modeReason,
      }),
      isGoingDown: () => phase.isStoppingRuns,
      events: news.events,
      log,
      handlers: createHandlers({
        sidecar: {
          status: () => ({
            version: VERSION,
            protocol: PROTOCOL,
            pid: process.pid,
            node: process.version,
            home,
            startedAt,
            mode,
            modeReason,
            clients: server.clients,
            liveRuns: runs.live.length,
            memoryBytes: process.memoryUsage.rss(),
            logFile: log.file,
            idleMinutes: settings.idleMinutes,
          }),
          end: (reason) => end(reason, { asked: true }),
          stopAllRuns: () => {
            recovery.restarts.clear();
            return runs.stopAll();
          },
          notices: news.notices,
        },
        machine: {
          facts: shareAnswer(async () => machineFacts(platform, { path: home, ...(await diskOf(home)) })),
          storageUse: shareAnswer(() => measureUse(paths)),
          usage: () => meter.usage(),
          usageHistory: (run) => meter.history(run),
          places: () => [
            { name: "Your folder", path: homedir() },
            { name: "PinokioCloud", path: home },
            { name: "This machine", path: "/" },
          ],
        },
        apps: { library, catalog, settings: limits, autolaunch: () => void autolaunch(opened, { runs, apps, news }) },
        runs: {
          supervisor,
          startScript: runs.startScript,
          locate: (script) => locateScript(script, paths.api, (id) => library.defaultScript(id)),
          secretsOf,
          drawScreen: (order) => screens.draw(order),
          noteSecrets,
          diagnose: (run) => recovery.failures.of(run),
          repairs: recovery.repairs,
          startAgain: (run) => recovery.startAgain(run),
          letBe: (id) => recovery.restarts.cancel(id),
          fileOf: (script) => scriptFileOf(script, paths.api),
          checkAgreed: async ({ appId, script }) => {
            if (appId !== null && (await library.hasAgreed(appId))) return;
            throw new PinokioError("agreement-needed", `Nobody has agreed yet to what ${appId ?? script} will run`, {
              hint: "Look at its commands and agree; on a command line, `pinokiocloud script run` is the agreement",
              context: { app: appId ?? "", script },
            });
          },
        },
      }),
    },
    () => undefined,
  );
  return server;
}
