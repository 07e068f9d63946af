import { closeSync, existsSync, readFileSync, rmSync, writeSync } from "node:fs";
import { arch, homedir, hostname, platform as osPlatform, tmpdir } from "node:os";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readState, writeJsonAtomic } from "./base/atomic-file.js";
import { openLog } from "./base/log.js";
import { bootId, thisProcess } from "./base/processes.js";
import { shareAnswer } from "./base/share-answer.js";
import { ensureToken, readToken } from "./base/token.js";
import { builtInApps } from "./catalog/built-in.js";
import { resolveSettings, SettingsSpec } from "./config/settings.js";
import { cleanEnvironment } from "./environments/process-env.js";
import { createAppViews } from "./library/app-views.js";
import { openInstalledStore } from "./library/installed-store.js";
import { createLibrary } from "./library/library.js";
import { createRequirements } from "./library/requirements.js";
import { locateScript, locationOf, scriptFileOf } from "./library/script-location.js";
import { detectPlatform } from "./platforms/index.js";
import { machineFacts } from "./platforms/machine.js";
import { theseSurroundings } from "./platforms/surroundings.js";
import type { CatalogEntry } from "./protocol/apps.js";
import { PinokioError, toWireError } from "./protocol/errors.js";
import type { Snapshot } from "./protocol/events.js";
import type { RunId } from "./protocol/ids.js";
import type { LauncherFacts } from "./protocol/launcher.js";
import { isLive } from "./protocol/runs.js";
import { PROTOCOL, VERSION } from "./protocol/version.js";
import { EventLog } from "./server/event-log.js";
import { createHandlers } from "./server/handlers/index.js";
import { watchIdle } from "./server/idle.js";
import { createNotices } from "./server/notices.js";
import { createRunPublisher } from "./server/run-publisher.js";
import { serve } from "./server/server.js";
import { isHeldElsewhere, takeHomeLock, takeLookingLock } from "./storage/home-lock.js";
import { homePaths, localPaths } from "./storage/paths.js";
import { prepareHome, prepareLocal } from "./storage/prepare.js";
import type { SidecarRecord } from "./storage/sidecar-record.js";
import { diskOf, measureUse } from "./storage/use.js";
import { createLauncherHosts } from "./supervisor/launcher-host-client.js";
import { createSupervisor, type RunOrder } from "./supervisor/supervisor.js";

/** File descriptor on which the starter hears how the start went: one JSON line. */
const READY_FD = 3;
/** How often a sidecar that may only look asks whether the home is free. */
const LOOK_AGAIN_MS = 30_000;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { home: { type: "string" } } });
  const startedAt = new Date().toISOString();
  const surroundings = theseSurroundings();
  const platform = detectPlatform(surroundings);
  const home = resolve(values.home ?? platform.home(surroundings));
  const env = cleanEnvironment(process.env);
  const bundles = dirname(fileURLToPath(import.meta.url));

  const paths = homePaths(home);
  const local = localPaths(home, {
    env: process.env,
    uid: process.getuid?.() ?? 0,
    temporaryFolder: systemTemporary(),
  });
  const unwritable = prepareHome(paths);
  prepareLocal(local);
  const taken = unwritable === null ? takeHomeLock(paths) : { elsewhere: null };
  const modeReason = readOnlyReason(unwritable, taken);
  const lock = "release" in taken ? taken : takeLookingLock(local.lockDatabase, home);
  const mode: Snapshot["mode"] = modeReason === null ? "full" : "read-only";

  const log = openLog(modeReason === null ? paths.sidecarLog : join(local.folder, "sidecar.log"));
  const events = new EventLog();
  const notices = createNotices((list) => events.publish({ type: "notices-changed", notices: list }));
  const warn = (error: PinokioError) => {
    log.write("warn", error.message);
    notices.add({
      level: "warning",
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  };
  if (modeReason !== null) log.write("warn", "read-only", { reason: modeReason });

  const settingsFile = readState(paths.settings, SettingsSpec);
  if (settingsFile.kind === "set-aside" || settingsFile.kind === "unreadable") warn(settingsFile.error);
  const settings = resolveSettings(settingsFile.kind === "read" ? settingsFile.value : {}, process.env);

  ensureToken(local.token);
  const token = () => readToken(local.token) ?? ensureToken(local.token);

  let ending = false;
  let stoppingAll = false;
  const supervisor = createSupervisor({
    home,
    runs: paths.runs,
    local,
    token,
    program: { node: process.execPath, bundle: join(bundles, "runner.mjs"), env },
    log,
    sharedJournal: paths.shared,
    stopGraceMs: settings.stopGraceMs,
    startChild: ({ file, ...order }) => startScript(file, order),
  });
  const requirements = createRequirements({
    api: paths.api,
    latestOf: (file) => supervisor.latestOf(file),
    start: async (file, trace) => {
      const { script, appId } = locationOf(file, paths.api);
      return (await supervisor.start({ scriptFile: file, script, appId, action: "run", trace })).run;
    },
    settled: ({ id }) => supervisor.settled(id),
  });
  /** Every start of a script comes through here, whoever asks. */
  const startScript = async (file: string, order: Omit<RunOrder, "scriptFile" | "script" | "appId">) => {
    const { script, appId } = locationOf(file, paths.api);
    // A run that asks too late asks the next sidecar.
    if (ending && order.parent !== undefined) return new Promise<never>(() => undefined);
    if (ending || (stoppingAll && order.parent === undefined)) {
      throw new PinokioError("sidecar-ending", "The sidecar is ending and starts nothing more");
    }
    await requirements.meet(file, order.trace);
    return supervisor.start({ ...order, scriptFile: file, script, appId });
  };
  const launchers = createLauncherHosts({ node: process.execPath, bundle: join(bundles, "launcher-host.mjs"), env });

  const facts = (): LauncherFacts => ({
    home,
    platform: osPlatform(),
    arch: arch(),
    gpu: "none",
    scripts: { ...supervisor.scripts },
  });

  const store = openInstalledStore(paths.installed);
  if (store.problem !== null) warn(store.problem);
  const library = createLibrary({
    api: paths.api,
    userHome: homedir(),
    store,
    log,
    world: {
      menu: (appDir, known, fenced) => (fenced ? launchers.fencedMenu(appDir, known) : launchers.menu(appDir, known)),
      describe: (appDir) => launchers.describe(appDir),
      facts,
      runs: () => supervisor.runs,
      now: () => new Date(),
      startScript: async (file) => (await startScript(file, { action: "run" })).run,
    },
  });

  const views = createAppViews({
    ids: () => library.ids(),
    get: (id) => library.get(id),
    onChanged: (app) => events.publish({ type: "app-changed", app }),
    onRemoved: (appId) => events.publish({ type: "app-removed", appId }),
  });
  library.onChanged((id) => views.refreshSoon(id));

  const publisher = createRunPublisher((run) => {
    events.publish({ type: "run-changed", run });
    if (run.appId !== null) views.refreshSoon(run.appId);
  });
  supervisor.onRun((run) => {
    try {
      library.noteRun(run);
    } catch (error) {
      log.write("error", "library not written", { error: String(error) });
    }
    publisher.changed(run);
  });

  supervisor.onTold((runId, kind, params) => events.publish({ type: "run-told", runId, kind, params }));
  supervisor.onForgotten((runId) => events.publish({ type: "run-removed", runId }));

  let isGoingDown = false;
  const stopAllRuns = async (): Promise<RunId[]> => {
    isGoingDown = true; // what clients start meanwhile would be left behind
    stoppingAll = true; // scripts may still start what they want done on stop, and that is stopped in turn
    const stopped: RunId[] = [];
    for (let live = liveRuns(); live.length > 0; live = liveRuns()) {
      await Promise.all(live.map(({ id }) => supervisor.stop(id, settings.stopGraceMs)));
      stopped.push(...live.map(({ id }) => id));
    }
    supervisor.forgetShared();
    return stopped;
  };
  const liveRuns = () => supervisor.runs.filter(isLive);

  const end = (reason: string, { code = 0, asked = false } = {}) => {
    if (ending) return;
    ending = true;
    log.write("info", "ending", { reason });
    // The reply to the request that asked for the end goes out first.
    setTimeout(() => {
      void server
        .close(reason, asked)
        .catch((error: unknown) => log.write("error", "close failed", { error: String(error) }))
        .finally(() => {
          idle.close();
          views.close();
          publisher.close();
          supervisor.close();
          launchers.close();
          removeOwnRecords();
          lock.release();
          process.exit(code);
        });
    }, 20);
  };

  const removeOwnRecords = () => {
    rmSync(local.sidecarRecord, { force: true });
    // Runners need the folder for their sockets and the token.
    if (!supervisor.runs.some(isLive)) rmSync(local.folder, { recursive: true, force: true });
    if (mode === "full") rmSync(paths.sidecarRecord, { force: true });
  };

  if (mode === "full") {
    await supervisor.reconnect(); // before listening: a client must never see a live run as missing
    library.settleInstalls(supervisor.runs);
  }

  const catalog = () => catalogEntries(join(bundles, "examples"), paths.api);
  const server = await serve(
    local.socket,
    {
      token,
      home,
      mode: () => ({ mode, modeReason }),
      snapshot: async () => ({
        apps: await views.all(),
        runs: [...supervisor.runs],
        notices: notices.list(),
        mode,
        modeReason,
      }),
      isGoingDown: () => isGoingDown,
      events,
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
            liveRuns: supervisor.runs.filter(isLive).length,
            memoryBytes: process.memoryUsage.rss(),
            logFile: log.file,
            idleMinutes: settings.idleMinutes,
          }),
          end: (reason) => end(reason, { asked: true }),
          stopAllRuns,
          notices,
        },
        machine: {
          facts: shareAnswer(async () => machineFacts(platform, { path: home, ...(await diskOf(home)) })),
          storageUse: shareAnswer(() => measureUse(paths)),
        },
        apps: { library, catalog },
        runs: {
          supervisor,
          startScript,
          locate: (script) => locateScript(script, paths.api, (id) => library.defaultScript(id)),
          fileOf: (script) => scriptFileOf(script, paths.api),
          checkAgreed: async ({ appId, script }) => {
            if (appId !== null && (await library.hasAgreed(appId))) return;
            throw new PinokioError("agreement-needed", `Nobody has agreed yet to what ${appId ?? script} will run`, {
              hint: "Look at its commands and agree; on a command line, `pinokiocloud script run` is the agreement",
              context: { app: appId ?? "", script },
            });
          },
          stopGraceMs: settings.stopGraceMs,
        },
      }),
    },
    () => undefined,
  );

  const idle = watchIdle({
    minutes: settings.idleMinutes,
    isBusy: () => server.clients > 0 || supervisor.runs.some(isLive),
    onIdle: () => end(`Nothing ran and nobody was connected for ${settings.idleMinutes} minutes`),
  });
  if (mode === "read-only" && unwritable === null) {
    const look = setInterval(() => {
      if (!isHeldElsewhere(paths)) end("The home is free again: the next sidecar can change it");
    }, LOOK_AGAIN_MS);
    look.unref();
  }
  process.on("SIGTERM", () => end("The sidecar was asked to end by a signal"));
  process.on("SIGINT", () => end("The sidecar was interrupted"));
  process.on("SIGHUP", () => undefined); // a terminal that closes is no reason to end
  process.on("uncaughtException", (error) => {
    log.write("error", "uncaught error", { error: error.stack });
    end("The sidecar met an error it did not expect; it is written in its log", { code: 1 });
  });
  process.on("unhandledRejection", (error) => {
    log.write("error", "unhandled rejection", { error: error instanceof Error ? error.stack : String(error) });
  });

  const record: SidecarRecord = {
    ...thisProcess(),
    bootId: bootId(),
    host: hostname(),
    home,
    socket: local.socket,
    tokenFile: local.token,
    version: VERSION,
    protocol: PROTOCOL,
    node: process.version,
    startedAt,
  };
  writeJsonAtomic(local.sidecarRecord, record, 0o600);
  if (mode === "full") writeJsonAtomic(paths.sidecarRecord, record, 0o600);
  log.write("info", "listening", { version: VERSION, pid: process.pid, node: process.version, mode });
  tellStarter({ ready: true });
}

/** Not the session's `TMPDIR`: whoever asks for this home must come to the same folder. */
const systemTemporary = (): string => (existsSync("/tmp") ? "/tmp" : tmpdir());

function readOnlyReason(
  unwritable: PinokioError | null,
  lock: ReturnType<typeof takeHomeLock> | { elsewhere: null },
): string | null {
  if (unwritable !== null) return `${unwritable.message}. ${unwritable.hint ?? ""}`.trim();
  if ("release" in lock || lock.elsewhere === null) return null;
  return `The machine ${lock.elsewhere.host} is using this home. End its sidecar, then run \`pinokiocloud up --replace\` here`;
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

function tellStarter(message: unknown): void {
  try {
    writeSync(READY_FD, JSON.stringify(message) + "\n");
    closeSync(READY_FD); // nothing that is started later may hold it open
  } catch {
    // started by hand: nobody listens
  }
}

main().catch((error: unknown) => {
  const told = toWireError(error);
  tellStarter({ error: told });
  process.stderr.write(`${told.message}${told.hint === undefined ? "" : `\n${told.hint}`}\n`);
  process.exit(1);
});
