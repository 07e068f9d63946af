import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import { machinePrograms } from "../base/machine-programs.js";
import { newRunId } from "../base/run-id.js";
import { EnvironmentFiles } from "../environments/environment-files.js";
import { FRESH } from "../library/changes/fresh-copy.js";
import { type Changes, createChanges } from "../library/changes/index.js";
import type { UpdateRepositories } from "../library/changes/repositories.js";
import type { ChangesWorld, Json } from "../library/changes/world.js";
import { readScripts } from "../library/fingerprint.js";
import { InstalledApp } from "../library/installed-store.js";
import { isCancelled, type Jobs } from "../library/jobs.js";
import { AppSettings } from "../protocol/app-settings.js";
import type { UpdateLook } from "../protocol/changes.js";
import { PinokioError } from "../protocol/errors.js";
import { type AppId, RunId } from "../protocol/ids.js";
import { isLive, type Run } from "../protocol/runs.js";
import { openFiles, worksIn } from "../recovery/in-use.js";
import { runPaths } from "../storage/paths.js";
import type { Apps } from "./apps.js";
import type { Environments } from "./environments.js";
import { tokenOfApp } from "./git-tokens.js";
import { largeFilesOf } from "./installing.js";
import { createOffers } from "./offers.js";
import { AS_KNOWN, asKnown } from "./known-repositories.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";

export interface AppChangesOptions {
  opened: OpenedHome;
  runs: Runs;
  apps: Apps;
  jobs: Jobs;
  news: News;
  /** What programs start from. */
  env: Readonly<Record<string, string>>;
  repositories: UpdateRepositories;
  environments: Pick<Environments, "onlyOf">;
  neededBy(app: AppId): Promise<readonly string[]>;
  /** A run that has failed is not started again by itself. */
  letBe(run: RunId): void;
  /** Files of the home that are there for this app alone. */
  filesFor(app: AppId): readonly string[];
  onLooked(look: UpdateLook): void;
  onChanged(app: AppId, isAsBefore: boolean): void;
}

interface ScriptHow {
  unattended: boolean | undefined;
  signal: AbortSignal;
  onRun(id: RunId): void;
  input?: Record<string, string> | undefined;
}

/** What a busy machine may be at fault for as well as a launcher. */
const UNSURE = new Set(["menu-timeout", "timeout", "sidecar-ending", "internal"]);
const BETWEEN_LOOKS_MS = 500;
const WAIT_MS = 60_000;

/** Update, reset and uninstall of apps, and the trash. */
export function createAppChanges({
  opened,
  runs,
  apps,
  jobs,
  news,
  env,
  repositories,
  environments,
  neededBy,
  letBe,
  filesFor,
  onLooked,
  onChanged,
}: AppChangesOptions): Changes {
  const { home, paths, log } = opened;
  const { supervisor } = runs;
  const { library, views } = apps;
  const endedOf = (app: AppId): Run[] => supervisor.runs.filter((run) => run.appId === app && !isLive(run));

  const offers = createOffers(news.notices);

  const world: ChangesWorld = {
    home,
    api: paths.api,
    programs: machinePrograms(env),
    now: () => new Date(),
    titleOf: (app) =>
      library.get(app).then(
        ({ title }) => title,
        () => app,
      ),
    liveRuns: (app) => runs.live.filter(({ appId }) => appId === app).map(({ id }) => id),
    stopRuns: async (app) => {
      for (const { id } of endedOf(app)) letBe(id);
      const live = () => runs.live.filter(({ appId }) => appId === app);
      // What is done on stop may start more.
      for (let left = live(); left.length > 0; left = live()) {
        await Promise.all(left.map(({ id }) => supervisor.stop(id)));
      }
    },
    takeRuns: (app) => supervisor.dismiss(endedOf(app).map(({ id }) => id)),
    returnRuns: () => supervisor.recall(runFoldersIn(paths.runs)),
    record: (app) => library.record(app),
    setRecord: (app, record) => library.setRecord(app, record === null ? null : InstalledApp.parse(record)),
    settings: (app) => z.json().parse(JSON.parse(JSON.stringify(opened.appSettings.written(app)))),
    setSettings: (app, settings) => {
      const isNothing = Object.keys(opened.appSettings.written(app)).length === 0 && settings === null;
      if (!isNothing) opened.appSettings.change(app, allOf(settings));
    },
    filesFor,
    neededBy,
    usedOnlyBy: async (app) => ({
      caches: [app, `${FRESH}${app}`].map((folder) => largeFilesOf(paths, folder)),
      environments: await environments.onlyOf(app, library.ids()),
    }),
    repositories: opened.mode === "read-only" ? asKnown(repositories) : repositories,
    describe: async (folder, scripts) => (await apps.describe(folder, scripts)).scripts,
    runScript: (app, script, how) => runScript(app, script, how),
    outcomeOf: async (id) => {
      if (supervisor.get(id) === null) return "failed";
      return (await ended(id)).end?.outcome === "finished" ? "finished" : "failed";
    },
    noteTakenBack: (id) => supervisor.noteTakenBack(id),
    agree: async (app) => {
      const { fingerprint } = await readScripts(join(paths.api, app));
      await library.agree(app, fingerprint);
    },
    tokenOf: (app) => tokenOfApp(opened, library, app),
    originOf: (app) => originIn(library.record(app)),
    untouchedVariables: (app) => new EnvironmentFiles(home, join(paths.api, app)).untouchedName,
    installerOf: (app) => library.installer(app)?.script ?? null,
    isHeld: (folder, files) => {
      const open = openFiles();
      return (
        files.some((file) => existsSync(file) && open.has(realpathSync(file))) || worksIn(realpathSync(folder), "git")
      );
    },
    launcherProblem: async (app) => {
      const { problem } = await library.get(app, { anew: true });
      return problem === null || UNSURE.has(problem.code) ? null : problem;
    },
    isInstalled: (app) => library.record(app)?.state === "installed",
    changed: (app, { isAsBefore } = { isAsBefore: false }) => {
      if (!existsSync(join(paths.api, app))) offers.say(app, null);
      onChanged(app, isAsBefore);
      views.refreshSoon(app);
    },
    offer: (app, text) => offers.say(app, text),
    hasOffer: (app) => offers.has(app),
    tell: (level, message, app) => {
      log.write(level === "warning" ? "warn" : level, message);
      news.notices.add({ level, message, ...(app === null ? {} : { from: app }) });
    },
  };

  const changes = createChanges({
    world,
    jobs,
    runFolders: (app) => endedOf(app).map(({ id }) => runPaths(paths.runs, id).folder),
    onLooked: (look) => onLooked(look),
    install: async (app, how) => {
      const installer = library.installer(app);
      if (installer === null) return;
      const input = Object.keys(installer.params).length === 0 ? undefined : installer.params;
      await runScript(app, installer.script, { ...how, input });
    },
  });

  const ended = async (id: RunId): Promise<Run> => {
    for (;;) {
      const run = await supervisor.waitFor(id, WAIT_MS);
      if (!isLive(run)) return run;
      await delay(BETWEEN_LOOKS_MS);
    }
  };

  const runScript = async (app: AppId, script: string, how: ScriptHow): Promise<void> => {
    const { unattended, signal, onRun, input } = how;
    if (!(await library.hasAgreed(app))) {
      throw new PinokioError("agreement-needed", `Nobody has agreed yet to what ${app} will run`, {
        hint: "Look at its commands and agree",
      });
    }
    const runId = newRunId(Date.now());
    onRun(runId); // before it starts: whoever finds this cut off asks how the run ended
    const order = { action: "run", input, unattended, isOfChange: true, runId };
    const { run: begun } = await runs.startScript(join(paths.api, app, script), order);
    if (begun.id !== runId) onRun(begun.id);
    let onAbort = (): void => undefined;
    // When the sidecar ends, the script goes on: the next one hears how it ends.
    const leaving = new Promise<never>((_, reject) => {
      onAbort = () => {
        if (isCancelled(signal)) void supervisor.stop(begun.id).catch(() => undefined);
        else reject(signal.reason as Error);
      };
    });
    signal.addEventListener("abort", onAbort);
    try {
      const run = await Promise.race([ended(begun.id), leaving]);
      if (run.end?.outcome === "finished") return;
      throw new PinokioError("step-failed", `${script} ${run.end?.outcome === "stopped" ? "was stopped" : "failed"}`, {
        hint: "Look at its output",
      });
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  };

  const noteInstalled = (app: AppId): void => {
    changes.noteInstalled(app).catch((error: unknown) => {
      log.write("error", "kept files not put back", { app, error: String(error) });
    });
  };
  const noted = new Set<RunId>();
  supervisor.onRun((run) => {
    if (run.appId === null || run.end?.outcome !== "finished" || !library.isInstallRun(run)) return;
    if (noted.has(run.id)) return;
    noted.add(run.id);
    noteInstalled(run.appId);
  });
  jobs.onChanged(({ kind, state, appId, runId }) => {
    // Others have a script that tells when it has run.
    if (kind === "install" && state === "done" && appId !== null && runId === null) noteInstalled(appId);
  });
  if (opened.mode !== "read-only") return changes;
  return {
    ...changes,
    look: async (app, signal) => {
      const look = await changes.look(app, signal);
      return { ...look, notes: [...look.notes, AS_KNOWN] };
    },
  };
}

/** Every setting, so that those which are not named are taken away. */
const allOf = (settings: Json): Record<string, unknown> => ({
  ...Object.fromEntries(Object.keys(AppSettings.shape).map((name) => [name, null])),
  ...(typeof settings === "object" ? settings : {}),
});

/** The folder of this machine that an app was copied from. */
export function originIn(record: InstalledApp | null): string | null {
  return record?.repository === null && record.source.startsWith("/") ? record.source : null;
}

function runFoldersIn(runs: string): RunId[] {
  try {
    return readdirSync(runs).flatMap((name) => RunId.safeParse(basename(name)).data ?? []);
  } catch {
    return [];
  }
}
