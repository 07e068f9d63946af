import { totalmem, uptime } from "node:os";
import { join } from "node:path";
import { graphicsLater } from "../base/graphics.js";
import { readShownEnd } from "../base/shown-output.js";
import type { Failure } from "../protocol/failures.js";
import type { Installer } from "../protocol/apps.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { isLive, isTakenBack, type Outcome, type Run } from "../protocol/runs.js";
import type { Facts, MemoryKill, MemoryLimit } from "../recovery/detector.js";
import { kernelMemoryKills, memoryKillCount, readKernelLog } from "../recovery/memory-kills.js";
import { killsOf, type SeenRun } from "../recovery/whose-kills.js";
import { diskOf } from "../storage/use.js";
import type { ShownSupervisor } from "../supervisor/shown-runs.js";
import { updateScriptOf } from "./update-script.js";

export interface Failures {
  /** Why a run failed, or null. Looked up once a run. */
  of(run: Run): Promise<Failure | null>;
  /** Remembers which processes were of which run. */
  noteProcesses(runs: readonly { id: RunId; pids: readonly number[] }[]): void;
}

export interface FailureParts {
  home: string;
  /** Folder in which apps have theirs. */
  api: string;
  supervisor: ShownSupervisor;
  installer(app: AppId): Installer | null;
}

/** The kernel writes down what it ended a moment after it is gone. */
const AFTERWARDS_MS = 2_000;

export function createFailures({ home, api, supervisor, installer }: FailureParts): Failures {
  const known = new Map<RunId, Promise<Failure | null>>();
  const kills = new Map<RunId, { before: number | null; after: number | null }>();
  const pidsOf = new Map<RunId, Set<number>>();

  supervisor.onRun((run) => {
    const seen = kills.get(run.id);
    if (isLive(run)) {
      if (seen === undefined) kills.set(run.id, { before: memoryKillCount(), after: null });
    } else if (seen?.after === null) kills.set(run.id, { ...seen, after: memoryKillCount() });
  });
  supervisor.onForgotten((id) => {
    known.delete(id);
    kills.delete(id);
    pidsOf.delete(id);
  });

  /**
   * A script that fails of one that it has started prints nothing of the cause itself: it passes the error on, or it has
   * gone on and failed of what was then missing.
   */
  const lookUp = async (run: Run): Promise<Failure | null> => {
    const failed = supervisor.runs.filter(({ parent, end }) => parent === run.id && hasFailed(end?.outcome));
    const passedOn = failed.findLast((child) => isSameError(child, run));
    const below = passedOn ?? failed.at(-1);
    const ofPart = below === undefined ? null : await partOf(below);
    return (passedOn === undefined ? null : ofPart) ?? (await lookUpIn(run)) ?? ofPart;
  };

  const partOf = async (run: Run): Promise<Failure | null> => {
    const failure = await of(run);
    return failure === null ? null : { part: { runId: run.id, script: run.script }, ...failure };
  };

  const lookUpIn = async (run: Run): Promise<Failure | null> => {
    // Not before something has failed: the table is large.
    const { diagnose, LAST_BYTES } = await import("../recovery/diagnose.js");
    const secrets = supervisor.secretsOf(run);
    const { bytes, start } = readShownEnd(supervisor.outputFile(run.id), LAST_BYTES, () => secrets);
    const error = run.end?.error ?? null;
    const code = /\bexit code (\d{1,3})\b/.exec(error?.message ?? "")?.[1];
    const end = {
      exitCode: code === undefined ? null : Number(code),
      signal: null,
      error: error?.message ?? null,
      facts: await factsOf(run),
      secrets,
    };
    const step = await failedStepStart(run);
    const from = step === null ? 0 : Math.min(Math.max(0, step - start), bytes.length);
    const ofStep = await diagnose({ ...end, output: bytes.subarray(from), offset: start + from });
    // A step may fail of what an earlier one left undone without stopping.
    const failure = ofStep ?? (from === 0 ? null : await diagnose({ ...end, output: bytes, offset: start }));
    return failure === null ? null : withWhatHelps(failure, run);
  };

  const withWhatHelps = async (failure: Failure, { appId }: Run): Promise<Failure> => {
    const { isPossible } = await import("../recovery/repairs/index.js");
    const app = appId === null ? null : join(api, appId);
    const world = { app, canUpdate: () => app !== null && updateScriptOf(app) !== null };
    return { ...failure, repairs: failure.repairs.filter((repair) => isPossible(repair, world)) };
  };

  const failedStepStart = async ({ id }: Run): Promise<number | null> => {
    const steps = await supervisor.steps(id, 0);
    return steps?.steps.findLast(({ state }) => state === "failed")?.output.from ?? null;
  };

  const factsOf = async (run: Run): Promise<Facts> => {
    const [disk, graphics] = await Promise.all([diskOf(home).catch(() => null), graphicsLater(home)]);
    return {
      diskFreeBytes: disk?.freeBytes ?? null,
      memoryBytes: totalmem(),
      gpuName: graphics.gpus[0]?.model ?? null,
      gpuMemoryBytes: graphics.vram === 0 ? null : graphics.vram * 1024 ** 3,
      memoryKills: memoryKillsOf(run),
      memoryLimit: memoryLimitOf(run),
      hasInstallScript: run.appId !== null && installer(run.appId) !== null,
    };
  };

  const memoryKillsOf = (run: Run): MemoryKill[] => {
    const bootedAt = Date.now() - uptime() * 1_000;
    const { since, until } = lifetimeOf(run);
    const { before = null, after = null } = kills.get(run.id) ?? {};
    return killsOf(seen(run), {
      logged: kernelMemoryKills(readKernelLog(), since - bootedAt, until - bootedAt),
      counted: before === null || after === null ? 0 : after - before,
      others: supervisor.runs.filter((other) => other.id !== run.id && haveMet(run, other)).map(seen),
    });
  };

  const seen = ({ id }: Run): SeenRun => ({ id, pids: pidsOf.get(id) ?? new Set() });

  const memoryLimitOf = ({ end, overMemory }: Run): MemoryLimit | null => {
    const { code, context } = end?.error ?? {};
    const told = (name: string): number | null => (context?.[name] === undefined ? null : Number(context[name]));
    if (code === "memory-limit") return { limitBytes: told("limit"), usedBytes: told("used") };
    return overMemory === undefined ? null : { limitBytes: overMemory.limitBytes, usedBytes: null };
  };

  const of = (run: Run): Promise<Failure | null> => {
    if (!hasFailed(run.end?.outcome)) return Promise.resolve(null);
    const found = known.get(run.id) ?? lookUp(run);
    known.set(run.id, found);
    found.catch(() => known.delete(run.id));
    if (!isTakenBack(run, (id) => supervisor.get(id))) return found;
    // What would be put right is not there any more.
    return found.then((failure) => (failure === null ? null : { ...failure, repairs: [] }));
  };

  const noteProcesses: Failures["noteProcesses"] = (runs) => {
    for (const { id, pids } of runs) {
      const known = pidsOf.get(id) ?? new Set();
      for (const pid of pids) known.add(pid);
      pidsOf.set(id, known);
    }
  };

  return { of, noteProcesses };
}

function lifetimeOf({ startedAt, end }: Run): { since: number; until: number } {
  return { since: Date.parse(startedAt), until: (end === null ? Date.now() : Date.parse(end.at)) + AFTERWARDS_MS };
}

function haveMet(one: Run, other: Run): boolean {
  const [first, second] = [lifetimeOf(one), lifetimeOf(other)];
  return first.since <= second.until && second.since <= first.until;
}

/** Two scripts may fail with the same words; an error that was passed on names the file where it happened. */
const isSameError = ({ end: one }: Run, { end: other }: Run): boolean =>
  one?.error?.context?.["file"] !== undefined &&
  one.error.context["file"] === other?.error?.context?.["file"] &&
  one.error.message === other.error.message;

const hasFailed = (outcome: Outcome | undefined): boolean => outcome === "failed" || outcome === "crashed";
