import { join } from "node:path";
import { openDurations, type StepLength } from "../library/durations.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { isLive, type Run } from "../protocol/runs.js";
import type { RunSteps } from "../protocol/steps.js";
import type { Supervisor } from "../supervisor/supervisor.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";

/** What is known of how long things take. */
export interface Durations {
  /** A run of this script, or null. */
  usualMs(script: string): number | null;
  /** The steps of a run, with how long they usually take. */
  withUsual(run: Run, steps: RunSteps): RunSteps;
  /** Of all scripts of an app. */
  forget(app: AppId): void;
}

/** A person decides how long these take. */
const ASKS = /^(?:input|modal|filepicker|form)\b/;

/** Keeps how long runs and their steps have taken, and says it of the next ones. */
export function createDurations(
  { home, mode, log }: Pick<OpenedHome, "home" | "mode" | "log">,
  { supervisor }: { supervisor: Pick<Supervisor, "onRun" | "steps" | "requestOf"> },
  { warn }: Pick<News, "warn">,
): Durations {
  const file = join(home, "library", "durations.json");
  const store = openDurations({ file, mayWrite: mode === "full", onProblem: warn });
  /** Runs that were seen on their way, and whether they waited for somebody. */
  const underWay = new Map<RunId, boolean>();

  const keep = async (run: Run, waited: boolean): Promise<void> => {
    const known = await supervisor.steps(run.id, 0);
    const isWhole = !waited && supervisor.requestOf(run.id)?.resume === undefined;
    const isDone = run.state === "ready" || run.end?.outcome === "finished";
    const until = run.end === null ? Date.now() : Date.parse(run.end.at);
    const wholeMs = isWhole && isDone ? Math.max(0, until - Date.parse(run.startedAt)) : null;
    store.note(run.script, wholeMs, lengthsOf(known));
  };

  supervisor.onRun((run) => {
    if (mode !== "full" || run.appId === null || run.action !== "run") return;
    const waited = (underWay.get(run.id) ?? false) || (run.questions ?? []).length > 0;
    if (isLive(run) && run.state !== "ready") return void underWay.set(run.id, waited);
    if (!underWay.delete(run.id)) return; // when it became ready is not known
    void keep(run, waited).catch((error: unknown) => {
      log.write("warn", "durations not kept", { run: run.id, error: String(error) });
    });
  });

  return {
    usualMs: (script) => store.wholeMs(script),
    forget: (app) => store.forget(app),
    withUsual: ({ script, step }, steps) => {
      const rest = step === null ? null : store.restMs(script, step.index + 1);
      return {
        ...steps,
        steps: steps.steps.map((one) => {
          const usualMs = one.state === "running" ? store.stepMs(script, one) : null;
          return usualMs === null ? one : { ...one, usualMs };
        }),
        ...(rest === null ? {} : { usualRestMs: rest }),
      };
    },
  };
}

/** Of a step that was done several times, the mean. */
function lengthsOf(known: RunSteps | null): StepLength[] {
  const found = new Map<number, StepLength & { count: number }>();
  for (const { index, method, state, startedAt, endedAt } of known?.steps ?? []) {
    if (state !== "done" || endedAt === null || ASKS.test(method)) continue;
    const before = found.get(index) ?? { index, method, ms: 0, count: 0 };
    found.set(index, {
      ...before,
      ms: before.ms + Date.parse(endedAt) - Date.parse(startedAt),
      count: before.count + 1,
    });
  }
  return [...found.values()].map(({ index, method, ms, count }) => ({ index, method, ms: ms / count }));
}
