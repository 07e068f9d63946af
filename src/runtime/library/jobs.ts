import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { PinokioError, toWireError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";
import { JobId } from "../protocol/ids.js";
import { isUnderWay, type Job } from "../protocol/jobs.js";

/** What the work of a job says about itself while it goes on. */
export type JobChange = Partial<
  Pick<Job, "appId" | "title" | "phase" | "progress" | "step" | "runId" | "expectedMs" | "canCancel" | "said">
>;

export interface JobContext {
  /** Aborted when a person cancels the job, and when the sidecar ends; see `isCancelled`. */
  readonly signal: AbortSignal;
  tell(change: JobChange): void;
  /** Lets the next job begin while this one waits for something that may take days, such as a person. */
  aside<Value>(wait: Promise<Value>): Promise<Value>;
}

export interface JobOrder {
  kind: string;
  /** Null where no app is there yet. */
  appId: AppId | null;
  title: string;
  /** Of the work that this is a part of: who cancels that cancels this. */
  within?: AbortSignal | undefined;
  /** Rejects when it fails, and after `signal` was aborted once everything is as it should be left. */
  work(context: JobContext): Promise<void>;
}

/** Long pieces of work: two at a time, in the order they came, one for each app. */
export interface Jobs {
  /** Those that are not over, and the latest that are. */
  readonly all: readonly Job[];
  /** Throws `app-busy` when the app has one that is not over. */
  start(order: JobOrder): Job;
  get(id: JobId): Job;
  /** The one of this app that is not over, or null. */
  of(app: AppId): Job | null;
  /** Resolves when it is over, however that was. */
  done(id: JobId): Promise<Job>;
  /** As `done`, but no longer than this. */
  wait(id: JobId, waitMs: number): Promise<Job>;
  /** Resolves when it is over; throws where it must go on to its end. */
  cancel(id: JobId): Promise<Job>;
  onChanged(listener: (job: Job) => void): void;
  onRemoved(listener: (id: JobId) => void): void;
  /** Ends what is at work because the sidecar ends. Resolves when nothing is, or after a few seconds. */
  close(): Promise<void>;
}

const MOST_AT_ONCE = 2;
const MOST_KEPT = 20;
/** Progress alone is told this often. */
const BETWEEN_MS = 200;
const CLOSE_LIMIT_MS = 5_000;

const SIDECAR_ENDS = new PinokioError("sidecar-ending", "The sidecar ends");

/** Whether a person wants the work to end; else its signal may have been aborted since the sidecar ends. */
export const isCancelled = (signal: AbortSignal): boolean => signal.aborted && signal.reason !== SIDECAR_ENDS;

interface Entry {
  job: Job;
  readonly order: JobOrder;
  readonly ending: AbortController;
  isAside: boolean;
  readonly over: Promise<Job>;
  settle(job: Job): void;
  /** When it was last told, and what is to be told later. */
  toldAt: number;
  timer: NodeJS.Timeout | null;
}

export function createJobs({ now = () => new Date() }: { now?: () => Date } = {}): Jobs {
  const entries = new Map<JobId, Entry>();
  const changed: ((job: Job) => void)[] = [];
  const removed: ((id: JobId) => void)[] = [];
  let isClosing = false;

  const known = (id: JobId): Entry => {
    const entry = entries.get(id);
    if (entry !== undefined) return entry;
    throw new PinokioError("job-missing", `No job has the id ${id}`, {
      hint: "Only the latest jobs of this sidecar are known",
    });
  };

  const say = (entry: Entry): void => {
    if (entry.timer !== null) clearTimeout(entry.timer);
    entry.timer = null;
    entry.toldAt = performance.now();
    for (const listener of changed) listener(entry.job);
  };

  const change = (entry: Entry, values: Partial<Job>): void => {
    entry.job = { ...entry.job, ...values };
    const isUrgent = Object.keys(values).some((name) => name !== "progress");
    const waitMs = entry.toldAt + BETWEEN_MS - performance.now();
    if (isUrgent || waitMs <= 0) say(entry);
    else entry.timer ??= setTimeout(() => say(entry), waitMs);
  };

  const over = (entry: Entry, values: Pick<Job, "state" | "error">): void => {
    change(entry, { ...values, endedAt: now().toISOString(), canCancel: false });
    entry.settle(entry.job);
    const old = [...entries.values()].filter(({ job }) => !isUnderWay(job)).slice(0, -MOST_KEPT);
    for (const { job } of old) {
      entries.delete(job.id);
      for (const listener of removed) listener(job.id);
    }
    beginNext();
  };

  const contextOf = (entry: Entry): JobContext => ({
    signal: entry.ending.signal,
    tell: (values) => {
      if (isUnderWay(entry.job)) change(entry, values);
    },
    aside: async (wait) => {
      entry.isAside = true;
      beginNext();
      try {
        return await wait;
      } finally {
        entry.isAside = false;
      }
    },
  });

  const work = async (entry: Entry): Promise<void> => {
    change(entry, { state: "working", startedAt: now().toISOString() });
    try {
      await entry.order.work(contextOf(entry));
      over(entry, { state: "done", error: null });
    } catch (error) {
      if (isCancelled(entry.ending.signal)) over(entry, { state: "cancelled", error: null });
      else over(entry, { state: "failed", error: toWireError(error) });
    }
  };

  const beginNext = (): void => {
    const all = [...entries.values()];
    const atWork = all.filter(({ job, isAside }) => job.state === "working" && !isAside).length;
    const next = atWork < MOST_AT_ONCE ? all.find(({ job }) => job.state === "waiting") : undefined;
    if (next === undefined || isClosing) return;
    void work(next);
    beginNext();
  };

  const of = (app: AppId): Job | null =>
    [...entries.values()].find(({ job }) => job.appId === app && isUnderWay(job))?.job ?? null;

  const start = (order: JobOrder): Job => {
    if (isClosing) throw SIDECAR_ENDS;
    order.within?.throwIfAborted();
    const busy = order.appId === null ? null : of(order.appId);
    if (busy !== null) {
      throw new PinokioError("app-busy", `${order.appId} is busy: ${busy.title}`, {
        hint: "Wait for it to end, or cancel it",
        context: { app: order.appId ?? "", job: busy.id },
      });
    }
    const { promise, resolve } = withResolver<Job>();
    const job = newJob(order, now());
    const entry: Entry = {
      job,
      order,
      ending: new AbortController(),
      isAside: false,
      over: promise,
      settle: resolve,
      toldAt: 0,
      timer: null,
    };
    entries.set(job.id, entry);
    if (order.within !== undefined) endWith(entry, order.within);
    say(entry);
    beginNext();
    return entry.job;
  };

  const end = (entry: Entry, reason?: unknown): void => {
    if (entry.job.state === "waiting") over(entry, { state: "cancelled", error: null });
    else entry.ending.abort(reason);
  };

  const endWith = (entry: Entry, within: AbortSignal): void => {
    const onAbort = (): void => {
      if (isCancelled(within) && isUnderWay(entry.job) && entry.job.canCancel) end(entry);
    };
    within.addEventListener("abort", onAbort);
    void entry.over.then(() => within.removeEventListener("abort", onAbort));
  };

  return {
    get all() {
      return [...entries.values()].map(({ job }) => job);
    },
    start,
    get: (id) => known(id).job,
    of,
    done: (id) => known(id).over,
    wait: async (id, waitMs) => {
      const entry = known(id);
      const late = new AbortController();
      const limit = delay(waitMs, undefined, { signal: late.signal }).catch(() => undefined);
      await Promise.race([entry.over, limit]);
      late.abort();
      return entry.job;
    },
    cancel: async (id) => {
      const entry = known(id);
      if (!isUnderWay(entry.job)) return entry.job;
      if (!entry.job.canCancel) {
        throw new PinokioError("app-busy", `${entry.job.title} cannot be ended at this point`, {
          hint: "It would leave something half done; it is nearly there",
        });
      }
      end(entry);
      return entry.over;
    },
    onChanged: (listener) => void changed.push(listener),
    onRemoved: (listener) => void removed.push(listener),
    close: async () => {
      isClosing = true;
      const left = [...entries.values()].filter(({ job }) => isUnderWay(job));
      for (const entry of left) end(entry, SIDECAR_ENDS);
      await Promise.race([
        Promise.all(left.map((entry) => entry.over)),
        delay(CLOSE_LIMIT_MS, undefined, { ref: false }),
      ]);
    },
  };
}

const newJob = ({ kind, appId, title }: JobOrder, at: Date): Job => ({
  id: newJobId(),
  kind,
  appId,
  title,
  state: "waiting",
  phase: "wait",
  progress: null,
  step: null,
  runId: null,
  startedAt: at.toISOString(),
  endedAt: null,
  expectedMs: null,
  error: null,
  canCancel: true,
});

const newJobId = (): JobId =>
  JobId.parse(`job_${[...randomBytes(12)].map((byte) => (byte % 36).toString(36)).join("")}`);

function withResolver<Value>(): { promise: Promise<Value>; resolve(value: Value): void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve };
}
