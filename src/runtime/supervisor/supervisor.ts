import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import type { Log } from "../base/log.js";
import { bootId, isSameProcess } from "../base/processes.js";
import { RunRecord, type RunRequest } from "../protocol/channel.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { isLive, type Outcome, type Run } from "../protocol/runs.js";
import { VERSION } from "../protocol/version.js";
import { type LocalPaths, type RunPaths, runPaths } from "../storage/paths.js";
import { killLeftovers } from "./kill-leftovers.js";
import { launchRunner, type RunnerProgram } from "./launch.js";
import { forgetOldRuns, newRunId, readRunFolders, writeRunFolder } from "./run-folders.js";
import { openRunnerLink, type RunnerLink } from "./runner-link.js";

/** What to run. `script` is the path below `<home>/api`, or the absolute path of one outside. */
export interface RunOrder {
  scriptFile: string;
  script: string;
  appId: AppId | null;
  action: string;
  input?: RunRequest["input"];
}

export interface SupervisorOptions {
  home: string;
  runs: string;
  local: LocalPaths;
  token(): string;
  program: RunnerProgram;
  log: Log;
  now?: () => Date;
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
  /** Resolves once the run is ready or over, or after `waitMs`. */
  waitFor(id: RunId, waitMs: number): Promise<Run>;
  outputFile(id: RunId): string;
  /** Finds the runs that outlived the last sidecar, and ends the records of those that did not. */
  reconnect(): Promise<void>;
  onRun(listener: (run: Run) => void): void;
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
  const outputListeners = new Map<RunId, Set<(bytes: number) => void>>();
  const pathsOf = (id: string) => runPaths(runs, id);
  let closed = false;

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
      onClosed: () => {
        entry.link = null;
        if (!closed && isLive(entry.record.run)) void settle(entry);
      },
    });
    if (closed) link?.close();
    else entry.link = link;
    return link !== null;
  };

  /** The runner stopped answering: read what it wrote last, wait for it a little, then say how the run ended. */
  const settle = async (entry: Entry): Promise<void> => {
    for (let attempt = 0; attempt < RECONNECT_TRIES && !closed; attempt++) {
      const state = readState(entry.paths.record, RunRecord);
      if (state.kind === "read") {
        entry.record = { ...state.value, run: entry.record.run };
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
    const id = newRunId(now().getTime());
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
    };
    const request: RunRequest = { runId: id, home, socket, tokenFile: local.token, ...order };
    writeRunFolder(paths, request, { run, socket, process: null, version: VERSION });
    const entry = add({ run, socket, process: null, version: VERSION });
    log.write("info", "run started", { run: id, script: order.script, action: order.action });
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
    stop: async (id, graceMs) => {
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
    },
    waitFor: (id, waitMs) => {
      const entry = entries.get(id);
      if (entry === undefined) return Promise.reject(new PinokioError("run-missing", `No run has the id ${id}`));
      if (hasSettled(entry.record.run)) return Promise.resolve(entry.record.run);
      return new Promise((resolve) => {
        const finish = () => {
          clearTimeout(timer);
          runListeners.delete(listener);
          resolve(entry.record.run);
        };
        const listener = (run: Run) => {
          if (run.id === id && hasSettled(run)) finish();
        };
        const timer = setTimeout(finish, waitMs);
        runListeners.add(listener);
      });
    },
    outputFile: (id) => pathsOf(id).output,
    reconnect: async () => {
      const { records, problems } = readRunFolders(runs, pathsOf);
      for (const problem of problems) log.write("warn", problem.message);
      for (const record of records) add(record);
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
      for (const { link } of entries.values()) link?.close();
    },
  };
}
