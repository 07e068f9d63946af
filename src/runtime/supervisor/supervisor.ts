import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import type { Log } from "../base/log.js";
import { bootId, isSameProcess } from "../base/processes.js";
import { RunRecord, RunRequest } from "../protocol/channel.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { isLive, type Outcome, type Run } from "../protocol/runs.js";
import { VERSION } from "../protocol/version.js";
import { type LocalPaths, type RunPaths, runPaths } from "../storage/paths.js";
import { killLeftovers } from "./kill-leftovers.js";
import { launchRunner, type RunnerProgram } from "./launch.js";
import { newRunId } from "../base/run-id.js";
import { forgetOldRuns, readRunFolders, writeRunFolder } from "./run-folders.js";
import type { SharedScript } from "../protocol/shared.js";
import { createSharedRequests } from "./shared-requests.js";
import { createSharedState } from "./shared-state.js";
import { openRunnerLink, type RunnerLink } from "./runner-link.js";

/** What to run. `script` is the path below `<home>/api`, or the absolute path of one outside. */
export interface RunOrder {
  scriptFile: string;
  script: string;
  appId: AppId | null;
  action: string;
  input?: RunRequest["input"];
  /** Chosen by whoever asks, so that asking twice starts one run. */
  runId?: RunId;
  parent?: RunId;
  trace?: string | undefined;
  answers?: RunRequest["answers"];
}

/** A script that another script starts. */
export type ChildOrder = Pick<RunOrder, "trace" | "input"> & {
  file: string;
  parent: RunId;
  runId: RunId;
  action: string;
};

export interface SupervisorOptions {
  home: string;
  runs: string;
  local: LocalPaths;
  token(): string;
  program: RunnerProgram;
  log: Log;
  now?: () => Date;
  /** Where global memory of scripts is kept. */
  sharedJournal: string;
  /** What a script gets to end by itself when another one stops it. */
  stopGraceMs: number;
  /** Starts a script that another one asks for. */
  startChild(order: ChildOrder): Promise<{ run: Run; already: boolean }>;
}

/** Starts, finds, watches and stops runs. It owns none of them: they go on without it. */
export interface Supervisor {
  readonly runs: readonly Run[];
  get(id: RunId): Run | null;
  /** The latest run of a script, live or ended. */
  latestOf(scriptFile: string): Run | null;
  /** Resolves once the runner is up. A script that is running already is not started again. */
  start(order: RunOrder): Promise<{ run: Run; already: boolean }>;
  /** Resolves once the run is over and nothing of it is left. */
  stop(id: RunId, graceMs: number): Promise<Run>;
  /** Resolves once the run is ready or over or waits for a person, or after `waitMs`. */
  waitFor(id: RunId, waitMs: number): Promise<Run & { waiting: boolean }>;
  /** Resolves once the run is ready or over. */
  settled(id: RunId): Promise<Run>;
  /** Hands over a person's answer to one of the run's questions. */
  answer(id: RunId, question: string, value: unknown): void;
  /** What scripts know of one another. */
  readonly scripts: Readonly<Record<string, SharedScript>>;
  /** Everything was ended: nothing is remembered for the next start. */
  forgetShared(): void;
  outputFile(id: RunId): string;
  /** Finds the runs that outlived the last sidecar, and ends the records of those that did not. */
  reconnect(): Promise<void>;
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

interface Entry {
  record: RunRecord;
  paths: RunPaths;
  link: RunnerLink | null;
  /** Resolves when the run is over. */
  ended: Promise<void>;
  markEnded(): void;
}

const RECONNECT_TRIES = 5;
const RECONNECT_EVERY_MS = 200;
const BEYOND_GRACE_MS = 15_000;

const hasSettled = (run: Run): boolean => run.state === "ready" || !isLive(run);

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { home, runs, local, token, program, log, now = () => new Date() } = options;
  const entries = new Map<RunId, Entry>();
  const starting = new Map<string, Promise<{ run: Run; already: boolean }>>();
  const runListeners = new Set<(run: Run) => void>();
  const forgottenListeners = new Set<(id: RunId) => void>();
  const toldListeners = new Set<(id: RunId, kind: string, params: unknown) => void>();
  const outputListeners = new Map<RunId, Set<(bytes: number) => void>>();
  const pathsOf = (id: string) => runPaths(runs, id);
  let closed = false;
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
    for (const { link, record } of entries.values())
      if (record.run.id !== run.id) link?.tellScripts({ [file]: script }, false);
  };

  const add = (record: RunRecord): Entry => {
    let markEnded: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (markEnded = resolve));
    const entry: Entry = { record, paths: pathsOf(record.run.id), link: null, ended, markEnded };
    if (!isLive(record.run)) markEnded();
    entries.set(record.run.id, entry);
    return entry;
  };

  const update = (entry: Entry, run: Run) => {
    if (!isLive(entry.record.run)) return; // the first true end is kept
    entry.record = { ...entry.record, run };
    if (!isLive(run)) {
      entry.markEnded();
      log.write("info", "run ended", { run: run.id, script: run.script, outcome: run.end?.outcome });
    }
    share(run);
    if (!isLive(run)) requests.release(run.id);
    for (const listener of runListeners) listener(run);
    tellOutput(run.id, run.outputBytes);
    if (!isLive(run)) forgetOld();
  };

  const forgetOld = () => {
    for (const id of forgetOldRuns(allRuns(), pathsOf)) {
      entries.delete(id);
      for (const listener of forgottenListeners) listener(id);
    }
  };

  const allRuns = (): Run[] => [...entries.values()].map(({ record }) => record.run);

  const tellOutput = (id: RunId, bytes: number) => {
    for (const listener of outputListeners.get(id) ?? []) listener(bytes);
  };

  /** For a run whose runner cannot say any more how it ended. */
  const endWithoutRunner = async (entry: Entry, outcome: Outcome, error: WireError | null) => {
    const { run } = entry.record;
    const left = await killLeftovers(run.id);
    log.write("warn", "runner gone", { run: run.id, outcome, processesEnded: left });
    const ended: Run = {
      ...run,
      state: "ended",
      step: null,
      shells: 0,
      end: { outcome, error, at: now().toISOString() },
    };
    try {
      writeJsonAtomic(entry.paths.record, { ...entry.record, run: ended } satisfies RunRecord, 0o600);
    } catch (failure) {
      log.write("error", "run record not written", { run: run.id, error: String(failure) });
    }
    rmSync(entry.record.socket, { force: true });
    update(entry, ended);
  };

  const follow = async (entry: Entry): Promise<boolean> => {
    const { id } = entry.record.run;
    const link = await openRunnerLink(entry.record.socket, token(), {
      onState: (run) => update(entry, run),
      onOutput: (bytes) => tellOutput(id, bytes),
      onShared: (global, value) => {
        entry.record = { ...entry.record, global, value };
        shared.noteGlobal(fileOf(entry.record.run), global);
      },
      onTold: (kind, params) => {
        for (const listener of toldListeners) listener(id, kind, params);
      },
      onRequest: (name, params) => requests.answer(entry.record.run, name, params),
      onClosed: () => {
        entry.link = null;
        if (!closed && isLive(entry.record.run)) void settle(entry);
      },
    });
    if (closed) link?.close();
    else entry.link = link;
    link?.tellScripts(shared.scripts, true);
    return link !== null;
  };

  /** The runner stopped answering: read what it wrote last, wait for it a little, then say how the run ended. */
  const settle = async (entry: Entry): Promise<void> => {
    for (let attempt = 0; attempt < RECONNECT_TRIES && !closed; attempt++) {
      const state = readState(entry.paths.record, RunRecord);
      if (state.kind === "read") {
        entry.record = { ...state.value, run: entry.record.run };
        if (state.value.global !== undefined) shared.noteGlobal(fileOf(entry.record.run), state.value.global);
        if (!isLive(state.value.run)) return update(entry, state.value.run);
        const runner = state.value.process;
        if (runner === null || !isSameProcess(runner)) break;
      }
      if (await follow(entry)) return;
      await delay(RECONNECT_EVERY_MS);
    }
    if (closed || !isLive(entry.record.run)) return;
    const runner = entry.record.process;
    const rebooted = runner !== null && runner.bootId !== bootId();
    await endWithoutRunner(
      entry,
      rebooted ? "lost" : "crashed",
      toWireError(
        rebooted
          ? new PinokioError("runner-lost", "The machine was restarted while this script ran", {
              hint: "Start it again",
            })
          : new PinokioError("runner-lost", "The process that ran this script was killed or crashed", {
              hint: "Its last output is kept; start it again",
            }),
      ),
    );
  };

  const begin = async (order: RunOrder): Promise<{ run: Run; already: boolean }> => {
    const { runId: id = newRunId(now().getTime()), parent, ...rest } = order;
    const paths = pathsOf(id);
    const socket = local.runnerSocket(id);
    const run: Run = {
      id,
      appId: order.appId,
      script: order.script,
      action: order.action,
      state: "starting",
      daemon: false,
      end: null,
      step: null,
      local: {},
      shells: 0,
      startedAt: now().toISOString(),
      outputBytes: 0,
      warnings: [],
      ...(parent === undefined ? {} : { parent }),
    };
    const scripts = shared.scripts;
    const request: RunRequest = { runId: id, home, socket, tokenFile: local.token, parent, ...rest, scripts };
    writeRunFolder(paths, request, { run, socket, process: null, version: VERSION });
    const entry = add({ run, socket, process: null, version: VERSION });
    log.write("info", "run started", { run: id, script: order.script, action: order.action });
    share(run);
    for (const listener of runListeners) listener(run);
    try {
      await launchRunner(program, id, paths);
    } catch (error) {
      const state = readState(paths.record, RunRecord);
      if (state.kind === "read" && !isLive(state.value.run)) update(entry, state.value.run);
      else await endWithoutRunner(entry, "crashed", toWireError(error));
      return { run: entry.record.run, already: false };
    }
    if (!(await follow(entry))) await settle(entry);
    return { run: entry.record.run, already: false };
  };

  const latestOf = (scriptFile: string): Run | null => {
    let latest: Entry | null = null;
    for (const entry of entries.values()) if (fileOf(entry.record.run) === scriptFile) latest = entry;
    return latest?.record.run ?? null;
  };

  /** Whether a run, or one that it has started and waits for, waits for a person. */
  const isWaiting = (run: Run): boolean => {
    if (hasSettled(run)) return false;
    if (run.questions !== undefined && run.questions.length > 0) return true;
    return allRuns().some((other) => other.parent === run.id && isWaiting(other));
  };

  /** Resolves when the run is as wanted, or after `waitMs`. */
  const when = (id: RunId, isAsWanted: (run: Run) => boolean, waitMs: number): Promise<Run> => {
    const entry = entries.get(id);
    if (entry === undefined) return Promise.reject(new PinokioError("run-missing", `No run has the id ${id}`));
    if (isAsWanted(entry.record.run)) return Promise.resolve(entry.record.run);
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        runListeners.delete(listener);
        resolve(entry.record.run);
      };
      const listener = () => {
        if (isAsWanted(entry.record.run)) finish();
      };
      const timer = waitMs === Infinity ? undefined : setTimeout(finish, waitMs);
      runListeners.add(listener);
    });
  };
  const settled = (id: RunId): Promise<Run> => when(id, hasSettled, Infinity);

  const answersOf = (id: RunId): { answers: readonly unknown[]; file: string } | null => {
    const paths = pathsOf(id);
    const request = readState(paths.request, RunRequest);
    if (request.kind !== "read" || request.value.answers === undefined) return null;
    return { answers: request.value.answers, file: paths.answers };
  };

  const traceOf = (id: RunId): string | undefined => {
    const request = readState(pathsOf(id).request, RunRequest);
    return request.kind === "read" ? request.value.trace : undefined;
  };

  const requests = createSharedRequests({
    get: (id) => entries.get(id)?.record.run ?? null,
    latestOf: (file) => latestOf(file),
    startFor: (parent, { runId, file, action = "run", input }) =>
      options.startChild({
        parent: parent.id,
        runId,
        file,
        action,
        trace: traceOf(parent.id),
        ...(input === undefined ? {} : { input }),
      }),
    stop: (id) => stop(id, options.stopGraceMs),
    settled,
    valueOf: (id) => entries.get(id)?.record.value,
    outputFile: (id) => pathsOf(id).output,
    answersOf,
    onProblem: (error) => log.write("error", "request of a run failed", { error: String(error) }),
  });

  const stop = async (id: RunId, graceMs: number): Promise<Run> => {
    const entry = entries.get(id);
    if (entry === undefined) throw new PinokioError("run-missing", `No run has the id ${id}`);
    if (!isLive(entry.record.run)) return entry.record.run;
    if (entry.link === null && !(await follow(entry))) await settle(entry);
    entry.link?.stop(graceMs);
    const tooLong = delay(graceMs + BEYOND_GRACE_MS, "late", { ref: false });
    if ((await Promise.race([entry.ended, tooLong])) === "late" && isLive(entry.record.run)) {
      // The runner itself hangs: its script may have blocked it. What it started is found by its token.
      await endWithoutRunner(entry, "stopped", null);
    }
    return entry.record.run;
  };

  const fileOf = ({ script }: Run): string => (script.startsWith("/") ? script : `${home}/api/${script}`);

  return {
    get runs() {
      return allRuns();
    },
    get: (id) => entries.get(id)?.record.run ?? null,
    latestOf,
    start: (order) => {
      const pending = starting.get(order.scriptFile);
      if (pending !== undefined) return pending.then(({ run }) => ({ run, already: true }));
      const latest = latestOf(order.scriptFile);
      if (latest !== null && isLive(latest)) return Promise.resolve({ run: latest, already: true });
      const started = begin(order).finally(() => starting.delete(order.scriptFile));
      starting.set(order.scriptFile, started);
      return started;
    },
    stop,
    waitFor: async (id, waitMs) => {
      const run = await when(id, (now) => hasSettled(now) || isWaiting(now), waitMs);
      return { ...run, waiting: isWaiting(run) };
    },
    settled,
    answer: (id, question, value) => {
      const link = entries.get(id)?.link;
      if (link === undefined || link === null)
        throw new PinokioError("run-missing", `No run with the id ${id} is live`);
      link.answer(question, value);
    },
    get scripts() {
      return shared.scripts;
    },
    forgetShared: () => shared.forget(),
    outputFile: (id) => pathsOf(id).output,
    reconnect: async () => {
      const { records, problems } = readRunFolders(runs, pathsOf);
      for (const problem of problems) log.write("warn", problem.message);
      for (const record of records) {
        add(record);
        shared.recall(fileOf(record.run), record);
      }
      for (const { run } of records) share(run);
      forgetOld();
      await Promise.all(
        [...entries.values()]
          .filter(({ record }) => isLive(record.run))
          .map(async (entry) => {
            if (await follow(entry)) log.write("info", "run found again", { run: entry.record.run.id });
            else await settle(entry);
          }),
      );
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
      closed = true;
      shared.close();
      for (const { link } of entries.values()) link?.close();
    },
  };
}
