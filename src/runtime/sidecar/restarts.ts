import { newRunId } from "../base/run-id.js";
import { scriptFileOf } from "../library/script-location.js";
import type { RunId } from "../protocol/ids.js";
import { type Again, isLive, outermost, type Run } from "../protocol/runs.js";
import { nextRestart, RESTART_WINDOW_MS } from "../recovery/restart-policy.js";
import { nextTry } from "../recovery/retry-policy.js";
import { type Appointment, Appointments } from "./appointments.js";
import type { Failures } from "./failures.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Phase } from "./phase.js";
import type { Runs } from "./runs.js";
import { SilenceWatch } from "./silence.js";
import type { StartAgain } from "./start-again.js";

/** Starts again by itself what has failed, where somebody wants that or where it helps. */
export interface Restarts {
  of(id: RunId): Again | null;
  /** Starts it later because a person asked. */
  later(run: Run, afterMs: number, env?: Record<string, string>): void;
  /** Lets it be. Returns whether anything was to be started. */
  cancel(id: RunId): boolean;
  /** Whether the sidecar has to stay for what is to come. */
  readonly isWaiting: boolean;
  /** Takes over from the sidecar before; to be called once every run is known. */
  begin(): void;
  /** Everything is ended on purpose: nothing is started again. */
  clear(): void;
  close(): void;
}

export interface RestartParts {
  opened: OpenedHome;
  runs: Runs;
  news: News;
  phase: Phase;
  failures: Failures;
  startAgain: StartAgain;
  isInstallRun(run: Run): boolean;
}

type Plan = Omit<Appointment, "at">;

export function createRestarts(parts: RestartParts): Restarts {
  const { opened, runs, news, phase, failures, startAgain, isInstallRun } = parts;
  const { paths, log, appSettings, mode } = opened;
  const { supervisor } = runs;
  const told = new Map<string, string>();
  const looked = new Set<RunId>();
  let hasBegun = false;

  const appointments = new Appointments({
    file: mode === "full" ? paths.again : null,
    log,
    onDue: (due) => void keepAppointment(due),
  });
  const silence = new SilenceWatch(({ id, script }) => {
    log.write("warn", "run serves nothing any more", { run: id, script });
    void supervisor.stop(id).catch(() => undefined);
  });

  const fileOf = ({ script }: Run): string => scriptFileOf(script, paths.api);
  const mostOf = ({ appId }: Run): number | null => appSettings.of(appId).restartMost;

  const tell = (file: string, message: string, hint: string): void => {
    untell(file);
    told.set(file, news.notices.add({ level: "warning", message, hint }));
  };
  const untell = (file: string): void => {
    const notice = told.get(file);
    if (notice !== undefined) news.notices.dismiss(notice);
    told.delete(file);
  };

  const plan = (wanted: Plan, afterMs: number): void => {
    appointments.set({ ...wanted, at: new Date(Date.now() + afterMs).toISOString() });
    supervisor.retell(wanted.run);
  };

  const forget = (file: string): void => {
    const known = appointments.get(file);
    if (known === undefined) return;
    appointments.delete(file);
    untell(file);
    if (known.at !== null) supervisor.retell(known.run);
  };

  const keepAppointment = async (due: Appointment): Promise<void> => {
    const { file, env } = due;
    if (phase.isStoppingRuns || phase.isEnding) return; // the next sidecar keeps it, where there is one
    const failed = supervisor.get(due.run);
    if (failed === null) return forget(file);
    const runId = newRunId(Date.now());
    const tries = [...due.tries, new Date().toISOString()];
    untell(file);
    appointments.set({ ...due, run: runId, at: null, tries, wasReady: false });
    supervisor.retell(failed.id);
    try {
      const { already } = await startAgain(failed, { runId, ...(env === undefined ? {} : { env }) });
      if (already) forget(file);
      log.write("info", "run started again", { run: runId, script: failed.script, attempt: tries.length });
    } catch (error) {
      forget(file);
      const reason = error instanceof Error ? error.message : String(error);
      news.notices.add({ level: "error", message: `${failed.script} was not started again: ${reason}` });
    }
  };

  const restart = (run: Run, known: Plan, most: number): void => {
    const tries = known.tries.filter((at) => Math.abs(Date.now() - Date.parse(at)) < RESTART_WINDOW_MS);
    const next = nextRestart({ recent: tries.length, most });
    if (next !== null) return plan({ ...known, tries, most }, next.afterMs);
    forget(known.file);
    const minutes = RESTART_WINDOW_MS / 60_000;
    tell(
      known.file,
      `${run.script} has failed ${tries.length + 1} times within ${minutes} minutes and is not started again`,
      "Look at why it failed, then start it",
    );
  };

  const retry = async (run: Run, known: Plan): Promise<void> => {
    const cause = await failures.of(run);
    const next = cause === null ? null : nextTry({ code: cause.code, retried: known.tries.length });
    if (supervisor.latestOf(known.file)?.id !== run.id) return; // somebody was faster
    if (cause === null || next === null) return forget(known.file);
    plan({ ...known, most: next.most }, next.afterMs);
    const seconds = Math.ceil(next.afterMs / 1_000);
    const which = `${known.tries.length + 1} of ${next.most}`;
    tell(known.file, `${run.script} failed and is tried again in ${seconds} s (${which})`, cause.sentence);
  };

  const afterFailure = async (run: Run): Promise<void> => {
    const file = fileOf(run);
    const found = appointments.get(file);
    const known: Plan = found?.run === run.id ? found : { file, run: run.id, wasReady: false, tries: [], most: 0 };
    const most = mostOf(run);
    if (most !== null && run.daemon && (known.wasReady || known.tries.length > 0)) return restart(run, known, most);
    if (isInstallRun(run)) return retry(run, known);
    forget(file);
  };

  const onLive = (run: Run): void => {
    const file = fileOf(run);
    const found = appointments.get(file);
    // Somebody has started it meanwhile: what was planned is done.
    if (found !== undefined && found.run !== run.id) forget(file);
    if (mostOf(run) === null || !run.daemon || run.parent != null) return;
    const known = appointments.get(file);
    if (run.state === "ready" && known?.wasReady !== true) {
      appointments.set({ file, run: run.id, tries: [], at: null, most: 0, ...known, wasReady: true });
    }
    silence.look(run);
  };

  const onEnded = (run: Run): void => {
    if (looked.has(run.id)) return;
    looked.add(run.id);
    const isSilence = silence.over(run.id);
    if (run.parent != null || supervisor.latestOf(fileOf(run))?.id !== run.id) return;
    const outcome = run.end?.outcome;
    const hasFailed = outcome === "failed" || outcome === "crashed" || (outcome === "stopped" && isSilence);
    if (!hasFailed || phase.isStoppingRuns) return forget(fileOf(run));
    void afterFailure(run).catch((error: unknown) => {
      log.write("warn", "not looked at for a restart", { run: run.id, error: String(error) });
    });
  };

  supervisor.onRun((run) => {
    if (mode !== "full") return;
    if (isLive(run)) onLive(run);
    else if (hasBegun) onEnded(run);
  });
  supervisor.onForgotten((id) => looked.delete(id));

  return {
    of: (id) => {
      const found = appointments.of(id);
      if (found === null) return null;
      const attempt = found.tries.length + 1;
      return { at: found.at, attempt, most: Math.max(found.most, attempt) };
    },
    later: (run, afterMs, env) => {
      const first = outermost(run, (id) => supervisor.get(id));
      const wanted = { file: fileOf(first), run: first.id, wasReady: false, tries: [], most: 1 };
      plan({ ...wanted, ...(env === undefined ? {} : { env }) }, afterMs);
    },
    cancel: (id) => {
      const found = appointments.of(id);
      if (found !== null) forget(found.file);
      return found !== null;
    },
    get isWaiting() {
      return appointments.isWaiting;
    },
    begin: () => {
      hasBegun = true;
      appointments.recall(({ file, run }) => supervisor.latestOf(file)?.id === run);
      for (const run of supervisor.runs) {
        if (isLive(run)) onLive(run);
        // Of those that nobody saw ending, only what was kept up is of interest.
        else if (appointments.get(fileOf(run))?.run === run.id && appointments.of(run.id) === null) onEnded(run);
        else looked.add(run.id);
      }
    },
    clear: () => {
      for (const file of appointments.files) forget(file);
    },
    close: () => {
      appointments.close();
      silence.close();
    },
  };
}
