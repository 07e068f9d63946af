import * as z from "zod";
import { StateFile } from "../base/state-file.js";
import { PinokioError } from "../protocol/errors.js";
import { AppId, RunId } from "../protocol/ids.js";
import { isLive, type Run } from "../protocol/runs.js";
import { AppDisk, AppStatistics } from "../protocol/shelf.js";
import type { Usage } from "../protocol/usage.js";

const VERSION = 1;

/** A run that may still change, or whose record is still there: counted anew each time, so never twice. */
const CountedRun = z.object({
  app: AppId,
  startedAt: z.string(),
  /** Until when it is known to have run. */
  until: z.string(),
  isOver: z.boolean(),
});
type CountedRun = z.infer<typeof CountedRun>;

const MeasuredDisk = AppDisk.extend({ stamp: z.string() });
export type MeasuredDisk = z.infer<typeof MeasuredDisk>;

const AppCounts = AppStatistics.extend({ disk: MeasuredDisk.optional() });
type AppCounts = z.infer<typeof AppCounts>;

const StatisticsFile = z.object({
  version: z.literal(VERSION),
  /** Of runs whose records are gone. */
  apps: z.record(AppId, AppCounts).default({}),
  runs: z.record(RunId, CountedRun).default({}),
  /** Runs that went into `apps` last: should one of them turn up again, it is not counted again. */
  settled: z.array(RunId).default([]),
});
type StatisticsFile = z.infer<typeof StatisticsFile>;

export interface StatisticsOptions {
  /** `library/usage_stats.json`. */
  file: string;
  mayWrite: boolean;
  onProblem(problem: PinokioError): void;
  /** Whether a run installs its app. */
  isInstall(run: Run): boolean;
  /** When a run whose end nobody saw gave its last sign, in ms, or null. */
  lastSign(run: Run): number | null;
  now(): Date;
}

/** How apps were used, counted from what runs tell of themselves. */
export interface StatisticsStore {
  of(id: AppId): AppStatistics;
  disk(id: AppId): MeasuredDisk | null;
  noteRun(run: Run): void;
  /** The run's record is gone. */
  forgetRun(id: RunId): void;
  /** Nothing is to be known of an app any more. */
  forget(id: AppId): void;
  /** Every run whose record is there: called once, before anything else is noted. */
  settle(runs: readonly Run[]): void;
  noteUsage(usage: Usage, appOf: (run: string) => AppId | null): void;
  noteDisk(id: AppId, disk: MeasuredDisk): void;
  /** Takes over what was written by hand. */
  look(): boolean;
  /** The app's numbers are other ones now. */
  onChanged(listener: (id: AppId) => void): void;
  /** Writes what is not written yet. */
  close(): void;
}

const SOON_MS = 1_000;
const MOST_SETTLED = 200;
const MOST_PENDING = 500;
const UPKEEP = /(?:^|[^a-z])(?:(?:un|re)?install|update|upgrade|reset|clean)/i;

const NOTHING: AppCounts = { launches: 0, runningMs: 0, lastUsedAt: null, peakGpuMemoryBytes: null };

export function openStatistics(options: StatisticsOptions): StatisticsStore {
  const { file, mayWrite, onProblem, isInstall, lastSign, now } = options;
  const empty: StatisticsFile = { version: VERSION, apps: {}, runs: {}, settled: [] };
  const state = new StateFile({ path: file, version: VERSION, schema: StatisticsFile, empty, mayWrite, onProblem });
  const listeners: ((id: AppId) => void)[] = [];
  const seenLive = new Set<RunId>();
  let current = state.value;
  /** Not written yet, in order: somebody may have changed the file by hand meanwhile. */
  let pending: ((before: StatisticsFile) => StatisticsFile)[] = [];
  let timer: NodeJS.Timeout | null = null;
  let hasFailed = false;

  const write = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (!mayWrite || pending.length === 0) return;
    try {
      current = state.change((before) => pending.reduce((value, make) => make(value), before));
      pending = [];
      hasFailed = false;
    } catch (error) {
      if (!hasFailed) onProblem(toPinokioError(error)); // said once; runs' records hold it meanwhile
      hasFailed = true;
      if (pending.length > MOST_PENDING) pending = [() => current];
    }
  };
  const change = (make: (before: StatisticsFile) => StatisticsFile, ids: readonly AppId[]): void => {
    const next = make(current);
    if (next === current) return;
    current = next;
    pending.push(make);
    if (mayWrite) timer ??= setTimeout(write, SOON_MS).unref();
    for (const id of new Set(ids)) for (const listener of listeners) listener(id);
  };

  const counts = (id: AppId): AppCounts => countsIn(current, id);
  const isLaunch = (run: Run): boolean =>
    run.appId !== null &&
    run.parent == null &&
    run.waitsFor === undefined && // what only waits for other apps is none yet
    !isInstall(run) &&
    !UPKEEP.test(nameOf(run));

  const endOf = (run: Run): string => {
    const ended = run.end?.at ?? now().toISOString();
    if (run.end?.outcome !== "lost" && run.end?.outcome !== "crashed") return ended;
    if (seenLive.has(run.id)) return ended;
    // Found dead: it ran until its last sign, not until it was found.
    const sign = lastSign(run);
    return sign === null ? run.startedAt : earlier(ended, new Date(sign).toISOString());
  };

  const withRun = (before: StatisticsFile, run: Run, until: string): StatisticsFile => {
    const { appId, id, startedAt } = run;
    if (appId === null || !isLaunch(run) || before.settled.includes(id)) return before;
    const known = before.runs[id];
    if (known?.isOver === true || (known !== undefined && isLive(run))) return before;
    const counted = { app: appId, startedAt, until: isLive(run) ? startedAt : until, isOver: !isLive(run) };
    return { ...before, runs: { ...before.runs, [id]: counted } };
  };

  return {
    of: (id) => {
      const { disk: _, ...own } = counts(id);
      const rows = Object.values(current.runs).filter(({ app }) => app === id);
      return rows.reduce((sum, run) => added(sum, run), own);
    },
    disk: (id) => counts(id).disk ?? null,
    noteRun: (run) => {
      if (isLive(run)) seenLive.add(run.id);
      const { appId } = run;
      if (appId === null) return;
      const until = endOf(run);
      const peak = isLive(run) ? 0 : (run.ending?.gpu?.freedBytes ?? 0);
      change((before) => withPeak(withRun(before, run, until), appId, peak), [appId]);
    },
    forgetRun: (id) => {
      const until = seenLive.delete(id) ? now().toISOString() : null;
      change((before) => settledIn(before, id, until), []);
    },
    forget: (id) =>
      change(
        ({ apps: { [id]: _, ...apps }, ...before }) => {
          const runs = Object.entries(before.runs).filter(([, { app }]) => app !== id);
          return { ...before, apps, runs: Object.fromEntries(runs) };
        },
        [id],
      ),
    settle: (runs) => {
      const present = new Set<string>(runs.map(({ id }) => id));
      const rows = runs.map((run): [Run, string] => [run, endOf(run)]);
      change((before) => {
        const gone = (Object.keys(before.runs) as RunId[]).filter((id) => !present.has(id));
        const folded = gone.reduce((value, id) => settledIn(value, id, null), before);
        return rows.reduce((value, [run, until]) => withRun(value, run, until), folded);
      }, []);
    },
    noteUsage: ({ runs }, appOf) => {
      for (const [run, { gpuMemoryBytes }] of Object.entries(runs)) {
        const app = appOf(run);
        if (app !== null) change((before) => withPeak(before, app, gpuMemoryBytes ?? 0), [app]);
      }
    },
    noteDisk: (id, disk) =>
      change((before) => ({ ...before, apps: { ...before.apps, [id]: { ...countsIn(before, id), disk } } }), [id]),
    look: () => {
      if (!state.look()) return false;
      current = pending.reduce((value, make) => make(value), state.value);
      return true;
    },
    onChanged: (listener) => void listeners.push(listener),
    close: write,
  };
}

const countsIn = ({ apps }: StatisticsFile, id: AppId): AppCounts =>
  (Object.hasOwn(apps, id) ? apps[id] : undefined) ?? NOTHING;

const nameOf = ({ script }: Run): string => script.split("/").at(-1) ?? script;

const earlier = (one: string, other: string): string => (one < other ? one : other);

const toPinokioError = (error: unknown): PinokioError =>
  error instanceof PinokioError ? error : new PinokioError("internal", String(error), { cause: error });

/** What lives still has no running time yet: whoever looks adds what has passed. */
function added<Counts extends AppStatistics>(sum: Counts, { startedAt, until }: CountedRun): Counts {
  return {
    ...sum,
    launches: sum.launches + 1,
    runningMs: sum.runningMs + Math.max(0, Date.parse(until) - Date.parse(startedAt)),
    lastUsedAt: sum.lastUsedAt === null || sum.lastUsedAt < startedAt ? startedAt : sum.lastUsedAt,
  };
}

/** A run's record is gone: it goes into the sums of its app. `until` is known where it was seen live. */
function settledIn(before: StatisticsFile, id: RunId, until: string | null): StatisticsFile {
  const { [id]: run, ...runs } = before.runs;
  if (run === undefined) return before;
  const whole = run.isOver || until === null ? run : { ...run, until };
  return {
    ...before,
    apps: { ...before.apps, [run.app]: added(countsIn(before, run.app), whole) },
    runs,
    settled: [...before.settled, id].slice(-MOST_SETTLED),
  };
}

function withPeak(before: StatisticsFile, id: AppId, bytes: number): StatisticsFile {
  const counts = countsIn(before, id);
  if (bytes <= (counts.peakGpuMemoryBytes ?? 0)) return before;
  return { ...before, apps: { ...before.apps, [id]: { ...counts, peakGpuMemoryBytes: bytes } } };
}
