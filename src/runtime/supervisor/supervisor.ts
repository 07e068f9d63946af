import { setTimeout as delay } from "node:timers/promises";
import { readState } from "../base/atomic-file.js";
import { interpreterOf } from "../base/program-file.js";
import { ProcessTree } from "../base/process-tree.js";
import { type RunRecord, RunRequest } from "../protocol/channel.js";
import { PinokioError, type WireError } from "../protocol/errors.js";
import type { RunId } from "../protocol/ids.js";
import { isLive, type Run } from "../protocol/runs.js";
import type { SharedScript } from "../protocol/shared.js";
import { ResumePoint } from "../protocol/resume.js";
import type { RunSteps } from "../protocol/steps.js";
import { runPaths } from "../storage/paths.js";
import { createBeginning } from "./begin-run.js";
import { type FollowedRun, followRun, type TerminalWish } from "./followed-run.js";
import { createGroupsOfRuns } from "./groups-of-runs.js";
import { createKin } from "./kin.js";
import { createOldRunFolders } from "./old-run-folders.js";
import { oldRuns, readRunFolders } from "./run-folders.js";
import type { RunOrder } from "./run-order.js";
import { RunProgress } from "./run-progress.js";
import { ServingWatch } from "./serving.js";
import { createSharedRequests } from "./shared-requests.js";
import { createSharedState } from "./shared-state.js";
import type { SupervisorOptions } from "./supervisor-options.js";
import { createTurns } from "./turns.js";
import { createWaiting, hasSettled } from "./waiting.js";

/** Starts, finds, watches and stops runs. It owns none of them: they go on without it. */
export interface Supervisor {
  readonly runs: readonly Run[];
  get(id: RunId): Run | null;
  /** Whether it is known and not over; asked many times a second. */
  isLive(id: RunId): boolean;
  /** The latest run of a script, live or ended. */
  latestOf(scriptFile: string): Run | null;
  /** Resolves once the runner is up. A script that is running already is not started again. */
  start(order: RunOrder): Promise<{ run: Run; already: boolean }>;
  /** What a queued run still waits for. */
  noteWaiting(id: RunId, waitsFor: readonly string[]): void;
  /** Starts a queued run; one that is not queued any more is left as it is. Resolves once the runner is up. */
  leaveQueue(id: RunId): Promise<void>;
  /** Resolves once the run is over and nothing of it is left. With a failure, that is how it ends. */
  stop(id: RunId, failure?: WireError): Promise<Run>;
  /** How much its programs yield to others from now on, and what a person is told of that. */
  setNice(id: RunId, nice: number, because: string | null): void;
  /** Resolves once the run is ready or over or waits for a person, or after `waitMs`. */
  waitFor(id: RunId, waitMs: number): Promise<Run & { waiting: boolean }>;
  /** The live runs, with every process of theirs; `own` are those of them that are ours. */
  processes(): { id: RunId; pids: readonly number[]; own: readonly number[] }[];
  /** Asks the apps that were said to answer whether they still do. */
  refreshServing(): Promise<void>;
  /** Resolves once the run is ready or over. */
  settled(id: RunId): Promise<Run>;
  /** Hands over a person's answer to one of the run's questions; only the first one is taken. */
  answer(id: RunId, question: string, value: unknown): void;
  /** The latest steps that changed after `after`; null when nobody knows. */
  steps(id: RunId, after: number): Promise<RunSteps | null>;
  toTerminal(id: RunId, wish: TerminalWish): void;
  /** What scripts know of one another. */
  readonly scripts: Readonly<Record<string, SharedScript>>;
  /** Everything was ended: nothing is remembered for the next start. */
  forgetShared(): void;
  outputFile(id: RunId): string;
  /** Those that may know each other's secrets: of the same app, and those that it has started or was started by. */
  kin(id: RunId): readonly Run[];
  /** What a run was asked to do; null when that cannot be read. */
  requestOf(id: RunId): RunRequest | null;
  /** Where another run can go on with what this one has failed to do, or null. */
  resumePointOf(id: RunId): ResumePoint | null;
  /** What a run that is over did is undone. */
  noteTakenBack(id: RunId): void;
  /** What the sidecar itself knows of a run has changed. */
  retell(id: RunId): void;
  /** Finds the runs that outlived the last sidecar, and ends the records of those that did not. */
  reconnect(): Promise<void>;
  /** Knows nothing more of runs that are over. Their folders stay; returns where those are. */
  dismiss(ids: readonly RunId[]): string[];
  /** Knows runs again whose folders were put back. */
  recall(ids: readonly RunId[]): void;
  onRun(listener: (run: Run) => void): void;
  /** A script wants something of whoever watches. */
  onTold(listener: (id: RunId, kind: string, params: unknown) => void): void;
  /** A run that ended long ago was removed, its output with it. */
  onForgotten(listener: (id: RunId) => void): void;
  /** Bytes of output a run has so far; returns how to stop listening. */
  onOutput(id: RunId, listener: (bytes: number) => void): () => void;
  /** Lets go of every run; none is ended. */
  close(): void;
}

/** A runner that does not answer at once must not keep the sidecar from starting. */
const RECONNECT_LIMIT_MS = 1_500;

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { home, runs, token, program, log, now = () => new Date() } = options;
  const followed = new Map<RunId, FollowedRun>();
  const starting = new Map<string, Promise<{ run: Run; already: boolean }>>();
  const runListeners = new Set<(run: Run) => void>();
  const forgottenListeners = new Set<(id: RunId) => void>();
  const toldListeners = new Set<(id: RunId, kind: string, params: unknown) => void>();
  const outputListeners = new Map<RunId, Set<(bytes: number) => void>>();
  const pathsOf = (id: string) => runPaths(runs, id);

  const requestOf = (id: RunId): RunRequest | null => {
    const state = readState(pathsOf(id).request, RunRequest);
    return state.kind === "read" ? state.value : null;
  };

  const kin = createKin(followed);
  const groups = createGroupsOfRuns(options.groups, requestOf);

  const shared = createSharedState({
    journal: options.sharedJournal,
    now,
    onProblem: (error) => log.write("error", "shared state not kept", { error: String(error) }),
  });

  /** Tells every runner what changed of one script; in time for whoever waits for that change. */
  const share = (run: Run) => {
    const file = fileOf(run);
    if (latestOf(file)?.id !== run.id) return;
    const script = shared.note(file, run);
    if (script === null) return;
    for (const [id, entry] of followed) if (id !== run.id) entry.tellScripts({ [file]: script });
  };

  const add = (record: RunRecord): FollowedRun => {
    const { id } = record.run;
    const entry = followRun(record, pathsOf(id), {
      program,
      token,
      now,
      log,
      onChanged: (run) => {
        share(run);
        if (!isLive(run)) requests.release(run.id);
        if (!isLive(run)) groups.giveBack(id);
        // Each gets what is known by then: a listener may plan a restart, which the next one must be told of.
        for (const listener of runListeners) listener(withServing(run));
        if (!isLive(run)) forgetOld();
      },
      onOutput: (_, bytes) => {
        for (const listener of outputListeners.get(id) ?? []) listener(bytes);
      },
      onShared: (global) => shared.noteGlobal(fileOf(record.run), global),
      onTold: (kind, params) => {
        for (const listener of toldListeners) listener(id, kind, params);
      },
      onRequest: (run, name, params) => requests.answer(run, name, params),
      scripts: () => shared.scripts,
      groups: () => groups.of(id),
    });
    followed.set(id, entry);
    kin.forget();
    shared.recall(fileOf(record.run), record);
    return entry;
  };

  const oldFolders = createOldRunFolders(runs, (folder, error) =>
    log.write("warn", "old run not removed", { folder, error: String(error) }),
  );
  const forgetOld = () => {
    for (const id of oldRuns(allRuns())) {
      followed.delete(id);
      kin.forget();
      oldFolders.remove(pathsOf(id));
      for (const listener of forgottenListeners) listener(id);
    }
  };

  const allRuns = (): Run[] => [...followed.values()].map(({ record }) => record.run);

  const serving = new ServingWatch({
    runs: () =>
      [...followed.values()]
        .filter(({ record }) => isLive(record.run))
        .map((entry) => ({ run: entry.record.run, roots: entry.roots })),
    isWatched: options.isWatched,
    onChanged: (id) => {
      const entry = followed.get(id);
      if (entry !== undefined) for (const listener of runListeners) listener(withServing(entry.record.run));
    },
  });
  const progress = new RunProgress({
    outputFile: (id) => pathsOf(id).output,
    secretsOf: options.secretsOf,
    isWatched: options.isWatched,
  });
  const withServing = (run: Run): Run => {
    if (!isLive(run)) {
      const again = options.againOf(run.id);
      const repairing = options.repairingOf(run.id);
      return { ...run, ...(again === null ? {} : { again }), ...(repairing === null ? {} : { repairing }) };
    }
    const found = serving.of(run.id);
    const bar = progress.of(run);
    return { ...run, ...(found === null ? {} : { serving: found }), ...(bar === null ? {} : { progress: bar }) };
  };

  const entryOf = (id: RunId): FollowedRun => {
    const entry = followed.get(id);
    if (entry === undefined) throw new PinokioError("run-missing", `No run has the id ${id}`);
    return entry;
  };

  const latestOf = (scriptFile: string): Run | null => allRuns().findLast((run) => fileOf(run) === scriptFile) ?? null;

  const fileOf = ({ script }: Run): string => (script.startsWith("/") ? script : `${home}/api/${script}`);

  const { isWaiting, when, settled } = createWaiting({ all: allRuns, entryOf, listeners: runListeners });
  const stop = async (id: RunId, failure?: WireError): Promise<Run> => {
    const entry = entryOf(id);
    return entry.stop(options.stopGraceMs(entry.record.run.appId), failure);
  };

  const turns = createTurns(options.turnsJournal, (error) => log.write("warn", "turns", { error: String(error) }));
  const requests = createSharedRequests(
    {
      get: (id) => followed.get(id)?.record.run ?? null,
      latestOf: (file) => latestOf(file),
      startFor: (parent, { runId, file, action = "run", input, env, resume }) => {
        const asked = requestOf(parent.id);
        return options.startChild({
          parent: parent.id,
          runId,
          file,
          action,
          trace: asked?.trace,
          consent: asked?.consent,
          unattended: asked?.unattended,
          program: interpreterOf(file) !== null,
          ...(env === undefined ? {} : { env }),
          ...(input === undefined ? {} : { input }),
          ...(resume === undefined ? {} : { resume }),
        });
      },
      stop: (id) => stop(id),
      settled,
      valueOf: (id) => followed.get(id)?.record.value,
      outputFile: (id) => pathsOf(id).output,
      answersOf: (id) => {
        const answers = requestOf(id)?.answers;
        return answers === undefined ? null : { answers, file: pathsOf(id).answers };
      },
      checkRoom: async ({ appId }) => {
        if (appId !== null) await options.checkRoom(appId);
      },
      onProblem: (error) => log.write("error", "request of a run failed", { error: String(error) }),
    },
    turns,
  );

  const { begin, leaveQueue } = createBeginning(options, {
    now,
    followed,
    groups,
    pathsOf,
    requestOf,
    latestOf,
    entryOf,
    scripts: () => shared.scripts,
    add,
    announce: (run) => {
      share(run);
      for (const listener of runListeners) listener(run);
    },
  });

  return {
    get runs() {
      return allRuns().map(withServing);
    },
    get: (id) => {
      const run = followed.get(id)?.record.run;
      return run === undefined ? null : withServing(run);
    },
    isLive: (id) => {
      const entry = followed.get(id);
      return entry !== undefined && isLive(entry.record.run);
    },
    latestOf: (file) => {
      const run = latestOf(file);
      return run === null ? null : withServing(run);
    },
    start: (order) => {
      const pending = starting.get(order.scriptFile);
      if (pending !== undefined) return pending.then(({ run }) => ({ run, already: true }));
      const started = begin(order).finally(() => starting.delete(order.scriptFile));
      starting.set(order.scriptFile, started);
      return started;
    },
    noteWaiting: (id, waitsFor) => entryOf(id).noteWaiting(waitsFor),
    leaveQueue,
    stop,
    waitFor: async (id, waitMs) => {
      const run = await when(id, (latest) => hasSettled(latest) || isWaiting(latest), waitMs);
      return { ...run, waiting: isWaiting(run) };
    },
    settled,
    processes: () => {
      const tree = new ProcessTree();
      return [...followed.values()]
        .filter(({ record }) => isLive(record.run))
        .map(({ record, roots }) => ({ id: record.run.id, pids: tree.below(roots), own: roots }));
    },
    refreshServing: () => serving.refresh(),
    setNice: (id, nice, because) => entryOf(id).setNice(nice, because),
    toTerminal: (id, wish) => entryOf(id).toTerminal(wish),
    answer: (id, question, value) => entryOf(id).answer(question, value),
    steps: (id, after) => entryOf(id).steps(after),
    get scripts() {
      return shared.scripts;
    },
    forgetShared: () => shared.forget(),
    outputFile: (id) => pathsOf(id).output,
    kin: kin.of,
    requestOf,
    resumePointOf: (id) => {
      const state = readState(pathsOf(id).resume, ResumePoint);
      return state.kind === "read" ? state.value : null;
    },
    noteTakenBack: (id) => followed.get(id)?.noteTakenBack(),
    retell: (id) => {
      const run = followed.get(id)?.record.run;
      if (run !== undefined) for (const listener of runListeners) listener(withServing(run));
    },
    reconnect: async () => {
      const { records, problems } = readRunFolders(runs, pathsOf);
      for (const problem of problems) log.write("warn", problem.message);
      for (const record of records) add(record);
      turns.recall((id) => records.some(({ run }) => run.id === id && isLive(run)));
      for (const { run } of records) share(run);
      oldFolders.sweep();
      forgetOld();
      const live = [...followed.values()].filter(({ record }) => isLive(record.run));
      log.write("info", "runs found again", { live: live.length, ended: followed.size - live.length });
      // The rest is asked on behind everybody's back; until then they are shown as they were last known.
      await Promise.race([Promise.all(live.map((entry) => entry.settle())), delay(RECONNECT_LIMIT_MS)]);
    },
    dismiss: (ids) =>
      ids.flatMap((id) => {
        const run = followed.get(id)?.record.run;
        if (run === undefined || isLive(run)) return [];
        followed.delete(id);
        kin.forget();
        for (const listener of forgottenListeners) listener(id);
        return [pathsOf(id).folder];
      }),
    recall: (ids) => {
      const { records } = readRunFolders(runs, pathsOf);
      for (const record of records.filter(({ run }) => ids.includes(run.id) && !followed.has(run.id))) {
        add(record);
        for (const listener of runListeners) listener(withServing(record.run));
      }
    },
    onRun: (listener) => void runListeners.add(listener),
    onTold: (listener) => void toldListeners.add(listener),
    onForgotten: (listener) => void forgottenListeners.add(listener),
    onOutput: (id, listener) => {
      const listeners = outputListeners.get(id) ?? new Set();
      outputListeners.set(id, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) outputListeners.delete(id);
      };
    },
    close: () => {
      shared.close();
      serving.close();
      for (const entry of followed.values()) entry.letGo();
    },
  };
}
