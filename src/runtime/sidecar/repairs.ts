import { join } from "node:path";
import { findFreePort } from "../base/free-port.js";
import { moveToTrash } from "../base/trash.js";
import type { Configuration } from "../configuration/configuration.js";
import { EnvironmentFiles } from "../environments/environment-files.js";
import { scriptFileOf } from "../library/script-location.js";
import type { Installer } from "../protocol/apps.js";
import { PinokioError, toWireError } from "../protocol/errors.js";
import type { Repair, RepairChoice, Repairing, RepairKind, RepairPreview, RepairResult } from "../protocol/failures.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { isLive, outermost, type Run } from "../protocol/runs.js";
import type { RepairWorld } from "../recovery/repairs/repair.js";
import type { Failures } from "./failures.js";
import { installPackages } from "./install-packages.js";
import { repairFlags } from "./repair-flags.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Restarts } from "./restarts.js";
import type { Runs } from "./runs.js";
import { type RepairAtWork, RepairsAtWork } from "./repairs-at-work.js";
import type { StartAgain } from "./start-again.js";
import { updateScriptOf } from "./update-script.js";

/** Shows and carries out what a run's failure offers, and nothing else. */
export interface Repairs {
  preview(run: Run, choice: RepairChoice): Promise<RepairPreview>;
  carryOut(run: Run, choice: RepairChoice, given?: string): Promise<RepairResult>;
  /** What is being done about a run's failure, or null. */
  of(id: RunId): Repairing | null;
  /** Returns whether it ends; it does not where something would be left half done. */
  cancel(id: RunId): boolean;
  readonly isAny: boolean;
}

export interface RepairParts {
  opened: OpenedHome;
  runs: Runs;
  news: News;
  failures: Failures;
  restarts: Restarts;
  startAgain: StartAgain;
  isInstallRun(run: Run): boolean;
  installer(app: AppId): Installer | null;
  configuration(): Pick<Configuration, "form" | "set">;
}

/** They change what every script of the app stands on. */
const NEEDS_IDLE_APP: ReadonlySet<RepairKind> = new Set(["recreate-venv", "update-app"]);
/** They end with the start of what failed. */
const STARTS_AGAIN: ReadonlySet<RepairKind> = new Set([
  "retry-step",
  "install-system-package",
  "set-token",
  "use-other-port",
  "lower-memory",
]);

/** What is repaired. */
interface Case {
  /** What is started again. */
  run: Run;
  /** What has failed: the run itself, or one that it has started. */
  part: Run;
  repair: Repair;
}

interface Work extends Pick<RepairAtWork, "doing" | "signal"> {
  outcome: Outcome;
  /** What the person gave for it. */
  given: string | undefined;
}

/** What came of a repair besides its words. */
interface Outcome {
  runId: RunId | null;
  page: string | null;
}

export function createRepairs({ opened, runs, news, failures, restarts, startAgain, ...parts }: RepairParts): Repairs {
  const { home, paths, log } = opened;
  const { supervisor } = runs;
  /** What is being repaired, by app. */
  const underWay = new Map<string, string>();
  const atWork = new RepairsAtWork((id) => supervisor.retell(id));

  const offered = async (run: Run, { at, kind }: RepairChoice): Promise<Case> => {
    const failure = await failures.of(run);
    const repair = failure?.repairs[at];
    const part = failure?.part === undefined ? run : (supervisor.get(failure.part.runId) ?? run);
    if (repair?.kind === kind) return { run, part, repair };
    throw new PinokioError("request-invalid", `The failure of ${run.script} offers no repair ${kind} at place ${at}`, {
      hint: "Look again at what it offers: it may have changed",
    });
  };

  const liveOf = (run: Run): Run[] => runs.live.filter(({ appId }) => appId !== null && appId === run.appId);

  /** Why it has to wait, or null. */
  const obstacle = ({ run, part, repair: { kind } }: Case): string | null => {
    const first = outermost(run, (id) => supervisor.get(id));
    const live = liveOf(part).map(({ script }) => script);
    if (NEEDS_IDLE_APP.has(kind) && live.length > 0) return `${live.join(", ")} is running: stop it first`;
    const latest = supervisor.latestOf(scriptFileOf(first.script, paths.api));
    return STARTS_AGAIN.has(kind) && latest !== null && isLive(latest) ? `${first.script} runs again already` : null;
  };

  /** As it was installed the last time; without an install script the app's start makes what it needs. */
  const installAgain = (run: Run): ReturnType<StartAgain> => {
    const { appId } = run;
    const before = supervisor.runs.findLast(
      (one) => one.appId === appId && one.parent == null && parts.isInstallRun(one),
    );
    if (before !== undefined) return startAgain(before);
    const installer = appId === null ? null : parts.installer(appId);
    if (appId === null || installer === null) return startAgain(run);
    return startAgain(run, { file: join(paths.api, appId, installer.script), input: installer.params });
  };

  const worldOf = ({ run, part }: Case, work: Work): RepairWorld => {
    const { outcome, given, doing, signal } = work;
    const app = part.appId === null ? null : join(paths.api, part.appId);
    const started = async (starting: ReturnType<StartAgain>): Promise<void> => {
      outcome.runId = (await starting).run.id;
    };
    return {
      home,
      app,
      liveRuns: () => runs.live.length,
      startScript: async (which, { env, afterMs = 0 } = {}) => {
        if (afterMs > 0) return restarts.later(run, afterMs, env);
        if (which === "install") return started(installAgain(part));
        return started(startAgain(run, env === undefined ? {} : { env }));
      },
      moveAway: (path) => Promise.resolve(moveToTrash(home, [path], { from: home, why: "repair" })),
      doing,
      signal,
      installSystemPackages: (packages, onLine) => installPackages(opened, packages, onLine),
      setToken: (name) => {
        const value = given?.trim() ?? "";
        if (value === "") return Promise.resolve(false);
        new EnvironmentFiles(home, app).set({ [name]: value });
        return Promise.resolve(true);
      },
      freePort: () => findFreePort(),
      ...repairFlags(parts.configuration, part),
      canUpdate: () => app !== null && updateScriptOf(app) !== null,
      updateApp: async () => {
        const file = app === null ? null : updateScriptOf(app);
        if (file !== null) await started(startAgain(part, { file }));
      },
      openPage: (url) => {
        outcome.page = url;
        return Promise.resolve();
      },
    };
  };

  const preview = async (one: Case): Promise<RepairPreview> => {
    const { previewRepair } = await import("../recovery/repairs/index.js");
    const outcome = { runId: null, page: null };
    const { signal } = new AbortController();
    const shown = await previewRepair(one.repair, worldOf(one, { outcome, given: undefined, doing: () => {}, signal }));
    return { ...shown, refused: obstacle(one) ?? shown.refused };
  };

  const carryOut = async (one: Case, given: string | undefined, work: RepairAtWork): Promise<RepairResult> => {
    const { run, repair } = one;
    const { doing, signal } = work;
    const outcome: Outcome = { runId: null, page: null };
    const refused = obstacle(one);
    if (refused !== null) return { done: false, said: refused, ...outcome };
    restarts.cancel(run.id);
    const { runRepair } = await import("../recovery/repairs/index.js");
    const { done, said } = await runRepair(repair, worldOf(one, { outcome, given, doing, signal }));
    log.write("info", "repair", { run: run.id, kind: repair.kind, done, said });
    // Who looks elsewhere hears of its end too.
    if ((done || signal.aborted) && outcome.page === null) {
      news.notices.add({ level: "info", message: said, from: run.appId ?? run.script });
    }
    return { done, said, ...outcome };
  };

  const tellFailure = ({ run, repair }: Case, error: unknown): void => {
    const { message, hint } = toWireError(error);
    log.write("warn", "repair failed", { run: run.id, kind: repair.kind, error: message });
    const told = {
      level: "error" as const,
      message: `“${repair.label}” failed: ${message}`,
      from: run.appId ?? run.script,
    };
    news.notices.add(hint === undefined ? told : { ...told, hint });
  };

  return {
    preview: async (run, choice) => preview(await offered(run, choice)),
    carryOut: async (run, choice, given) => {
      const one = await offered(run, choice);
      const { part, repair } = one;
      const key = part.appId ?? part.script;
      const other = underWay.get(key);
      if (other !== undefined) {
        return { done: false, said: `Another repair of ${key} is under way: ${other}`, runId: null, page: null };
      }
      underWay.set(key, repair.label);
      const work = atWork.begin(run.id, repair.label);
      try {
        return await carryOut(one, given, work);
      } catch (error) {
        tellFailure(one, error);
        throw error;
      } finally {
        underWay.delete(key);
        work.end();
      }
    },
    of: (id) => atWork.of(id),
    cancel: (id) => atWork.cancel(id),
    get isAny() {
      return atWork.isAny;
    },
  };
}
