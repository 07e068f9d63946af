import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../base/log.js";
import type { RunRecord, RunRequest } from "../protocol/channel.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { isLive, type Run } from "../protocol/runs.js";
import { VERSION } from "../protocol/version.js";
import { type LocalPaths, runPaths } from "../storage/paths.js";
import { type FollowedRun, followRun } from "./followed-run.js";
import type { RunnerProgram } from "./launch.js";
import { newRunId, oldRuns, readRunFolders, removeRunFolder, writeRunFolder } from "./run-folders.js";

/** What to run. `script` is the path below `<home>/api`, or the absolute path of one outside. */
export interface RunOrder {
  scriptFile: string;
  script: string;
  appId: AppId | null;
  action: string;
  input?: RunRequest["input"];
  /** Names the wish, so that asking twice for the same one starts it once. */
  key?: string | undefined;
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

/** A runner that does not answer at once must not keep the sidecar from starting. */
const RECONNECT_LIMIT_MS = 1_500;

const hasSettled = (run: Run): boolean => run.state === "ready" || !isLive(run);

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { home, runs, local, token, program, log, now = () => new Date() } = options;
  const followed = new Map<RunId, FollowedRun>();
  const starting = new Map<string, Promise<{ run: Run; already: boolean }>>();
  const runListeners = new Set<(run: Run) => void>();
  const forgottenListeners = new Set<(id: RunId) => void>();
  const outputListeners = new Map<RunId, Set<(bytes: number) => void>>();
  const pathsOf = (id: string) => runPaths(runs, id);

  const add = (record: RunRecord): FollowedRun => {
    const { id } = record.run;
    const entry = followRun(record, pathsOf(id), {
      token,
      now,
      log,
      onChanged: (run) => {
        for (const listener of runListeners) listener(run);
        if (!isLive(run)) forgetOld();
      },
      onOutput: (_, bytes) => {
        for (const listener of outputListeners.get(id) ?? []) listener(bytes);
      },
    });
    followed.set(id, entry);
    return entry;
  };

  const forgetOld = () => {
    for (const id of oldRuns(allRuns())) {
      followed.delete(id);
      const failure = removeRunFolder(pathsOf(id));
      if (failure !== null) log.write("warn", "old run not removed", { run: id, error: failure.message });
      for (const listener of forgottenListeners) listener(id);
    }
  };

  const allRuns = (): Run[] => [...followed.values()].map(({ record }) => record.run);

  const entryOf = (id: RunId): FollowedRun => {
    const entry = followed.get(id);
    if (entry === undefined) throw new PinokioError("run-missing", `No run has the id ${id}`);
    return entry;
  };

  const latestOf = (scriptFile: string): Run | null => allRuns().findLast((run) => fileOf(run) === scriptFile) ?? null;

  const fileOf = ({ script }: Run): string => (script.startsWith("/") ? script : `${home}/api/${script}`);

  const begin = async ({ key, ...order }: RunOrder): Promise<{ run: Run; already: boolean }> => {
    const asked = key === undefined ? undefined : [...followed.values()].find(({ record }) => record.key === key);
    if (asked !== undefined) return { run: asked.record.run, already: false };

    const latest = latestOf(order.scriptFile);
    if (latest?.state === "stopping") await entryOf(latest.id).ended;
    else if (latest !== null && isLive(latest)) return { run: latest, already: true };

    const id = newRunId(now().getTime());
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
    const socket = local.runnerSocket(id);
    const record: RunRecord = { run, socket, process: null, version: VERSION, key: key ?? null };
    const request: RunRequest = { runId: id, home, socket, tokenFile: local.token, key: key ?? null, ...order };
    writeRunFolder(pathsOf(id), request, record);
    const entry = add(record);
    log.write("info", "run started", { run: id, script: order.script, action: order.action });
    for (const listener of runListeners) listener(run);
    await entry.launch(program);
    return { run: entry.record.run, already: false };
  };

  return {
    get runs() {
      return allRuns();
    },
    get: (id) => followed.get(id)?.record.run ?? null,
    latestOf,
    start: (order) => {
      const pending = starting.get(order.scriptFile);
      if (pending !== undefined) return pending.then(({ run }) => ({ run, already: true }));
      const started = begin(order).finally(() => starting.delete(order.scriptFile));
      starting.set(order.scriptFile, started);
      return started;
    },
    stop: async (id, graceMs) => entryOf(id).stop(graceMs),
    waitFor: async (id, waitMs) => {
      const entry = entryOf(id);
      if (hasSettled(entry.record.run)) return entry.record.run;
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
      const live = [...followed.values()].filter(({ record }) => isLive(record.run));
      log.write("info", "runs found again", { live: live.length, ended: followed.size - live.length });
      // The rest is asked on behind everybody's back; until then they are shown as they were last known.
      await Promise.race([Promise.all(live.map((entry) => entry.settle())), delay(RECONNECT_LIMIT_MS)]);
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
      for (const entry of followed.values()) entry.letGo();
    },
  };
}
