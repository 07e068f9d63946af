import type { App } from "../runtime/protocol/apps.js";
import type { WireError } from "../runtime/protocol/errors.js";
import { isLive, isSilent, type Run, withoutTakenBack } from "../runtime/protocol/runs.js";
import type { Translate } from "./view.js";

/** A colour that a state is shown in. The word beside it says the same. */
export type Tone = "good" | "busy" | "idle" | "warning" | "bad";

/** What a list says about an app or a run: a dot and a word. */
export interface Condition {
  tone: Tone;
  word: string;
}

const RUN_CONDITIONS: Record<Exclude<Run["state"], "ended">, Condition> = {
  queued: { tone: "busy", word: "Queued" },
  starting: { tone: "busy", word: "Starting" },
  running: { tone: "busy", word: "Running" },
  ready: { tone: "good", word: "Ready" },
  stopping: { tone: "warning", word: "Stopping" },
};

const OUTCOME_CONDITIONS: Record<NonNullable<Run["end"]>["outcome"], Condition> = {
  finished: { tone: "idle", word: "Finished" },
  failed: { tone: "bad", word: "Failed" },
  stopped: { tone: "idle", word: "Stopped" },
  crashed: { tone: "bad", word: "Crashed" },
  lost: { tone: "bad", word: "Lost" },
};

export function runCondition(run: Run): Condition {
  if (isSilent(run)) return { tone: "warning", word: "Not answering" };
  if (run.state !== "ended") return RUN_CONDITIONS[run.state];
  return OUTCOME_CONDITIONS[run.end?.outcome ?? "lost"];
}

/** An app and what its runs do, put together for a card or a row. */
export interface AppSituation {
  condition: Condition;
  /** The run the app is about right now, or null. */
  run: Run | null;
  installing: boolean;
  /** What went wrong last, until something new is started; and the run whose output tells more. */
  failure: { error: WireError; run: Run | null } | null;
}

export function appSituation(app: App, runs: readonly Run[], t: Translate): AppSituation {
  const own = runs.filter(({ appId }) => appId === app.id);
  const live = own.filter(isLive);
  const latest = newest(withoutTakenBack(own));
  if (app.state === "installing") {
    const run = newest(live);
    return { condition: { tone: "busy", word: "Installing" }, run, installing: true, failure: null };
  }
  const run = furthest(live);
  if (run !== null) return { condition: runCondition(run), run, installing: false, failure: null };
  if (app.state === "install-failed" && latest?.end?.outcome === "stopped") {
    return { condition: CANCELLED, run: null, installing: false, failure: null };
  }
  if (app.state === "install-failed") {
    const error = latest?.end?.error ?? {
      code: "step-failed",
      message: app.why ?? t("The install script did not come to its end"),
      hint: t("Look at its output, then install again"),
    };
    return {
      condition: { tone: "bad", word: "Install failed" },
      run: null,
      installing: false,
      failure: { error, run: latest },
    };
  }
  if (app.state === "not-installed" || app.state === "choose") {
    return { condition: NOT_THERE[app.state], run: null, installing: false, failure: null };
  }
  const failure = latest === null ? null : failureOf(latest, t);
  const ended = latest !== null && latest.end?.outcome !== "finished";
  const idle: Condition = app.update == null ? { tone: "idle", word: "Installed" } : UPDATE;
  return {
    condition: ended ? runCondition(latest) : idle,
    run: null,
    installing: false,
    failure,
  };
}

const UPDATE: Condition = { tone: "idle", word: "Update available" };

/** By a person, who may go on with it. */
const CANCELLED: Condition = { tone: "idle", word: "Install cancelled" };

const NOT_THERE: Record<"not-installed" | "choose", Condition> = {
  "not-installed": { tone: "idle", word: "Not installed" },
  choose: { tone: "warning", word: "Choose how to install" },
};

/** Why a run ended, when that is something a person should read. */
export function failureOf(run: Run, t: Translate): { error: WireError; run: Run } | null {
  const { end } = run;
  if (end === null || end.outcome === "finished" || end.outcome === "stopped") return null;
  const { code, message, hint } = NO_REASON[end.outcome];
  return { error: end.error ?? { code, message: t(message), hint: t(hint) }, run };
}

const NO_REASON: Record<"failed" | "crashed" | "lost", WireError & { hint: string }> = {
  failed: { code: "step-failed", message: "A step of the script failed", hint: "Look at its output" },
  crashed: {
    code: "runner-lost",
    message: "The process that ran the script died",
    hint: "Look at the end of its output",
  },
  lost: { code: "runner-lost", message: "The script was running when its machine went away", hint: "Start it again" },
};

/** Addresses a run told of, its own page first; else the page that was found from outside. */
export function linksOf(run: Run): string[] {
  const { url, ...others } = run.local;
  const found = run.serving?.isAnswering === true ? run.serving.url : null;
  const links = [url ?? found, ...Object.values(others)].filter(
    (value): value is string => typeof value === "string" && /^https?:\/\/\S+$/.test(value),
  );
  return [...new Set(links)];
}

/** The web page an app has open: what it said itself, else what the run it is about is known to serve. */
export function webPageOf(app: App, runs: readonly Run[]): string | null {
  return webPageWith(app, furthest(runs.filter((run) => run.appId === app.id && isLive(run))));
}

/** The same, where the run that the app is about is known. */
export function webPageWith(app: App, run: Run | null): string | null {
  if (run === null || app.state === "installing") return null;
  return app.url ?? linksOf(run)[0] ?? null;
}

/** An app is as far as its furthest script: one that is ready beside one that runs makes it ready. */
const furthest = (live: readonly Run[]): Run | null => live.find(({ state }) => state === "ready") ?? newest(live);

const newest = (runs: readonly Run[]): Run | null =>
  runs.reduce<Run | null>((best, run) => (best === null || run.startedAt >= best.startedAt ? run : best), null);

/** The runs of an app: live ones first, then the latest. */
export function runsOf(app: Pick<App, "id">, runs: readonly Run[]): Run[] {
  const own = runs.filter(({ appId }) => appId === app.id);
  return own.sort((a, b) => Number(isLive(b)) - Number(isLive(a)) || (a.startedAt < b.startedAt ? 1 : -1));
}

/** A run's script as it is called within the app. */
export const scriptName = ({ appId, script }: Pick<Run, "appId" | "script">): string =>
  appId !== null && script.startsWith(`${appId}/`) ? script.slice(appId.length + 1) : script;
