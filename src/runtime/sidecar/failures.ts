import { totalmem, uptime } from "node:os";
import { graphicsLater } from "../base/graphics.js";
import { readOutputEnd } from "../base/output-parts.js";
import type { Failure } from "../protocol/failures.js";
import type { RunId } from "../protocol/ids.js";
import { isLive, type Outcome, type Run } from "../protocol/runs.js";
import type { Facts, MemoryKill, MemoryLimit } from "../recovery/detector.js";
import { kernelMemoryKills, memoryKillCount, memoryKillsBetween, readKernelLog } from "../recovery/memory-kills.js";
import { diskOf } from "../storage/use.js";
import type { Supervisor } from "../supervisor/supervisor.js";

export interface Failures {
  /** Why a run failed, or null. Looked up once a run. */
  of(run: Run): Promise<Failure | null>;
}

export interface FailureParts {
  home: string;
  supervisor: Supervisor;
  secretsOf(run: Run): readonly Buffer[];
}

/** The kernel writes down what it ended a moment after it is gone. */
const AFTERWARDS_MS = 2_000;

export function createFailures({ home, supervisor, secretsOf }: FailureParts): Failures {
  const known = new Map<RunId, Promise<Failure | null>>();
  const kills = new Map<RunId, { before: number | null; after: number | null }>();

  supervisor.onRun((run) => {
    const seen = kills.get(run.id);
    if (isLive(run)) {
      if (seen === undefined) kills.set(run.id, { before: memoryKillCount(), after: null });
    } else if (seen?.after === null) kills.set(run.id, { ...seen, after: memoryKillCount() });
  });
  supervisor.onForgotten((id) => {
    known.delete(id);
    kills.delete(id);
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
    const { bytes, start } = readOutputEnd(supervisor.outputFile(run.id), LAST_BYTES);
    const error = run.end?.error ?? null;
    const code = /\bexit code (\d{1,3})\b/.exec(error?.message ?? "")?.[1];
    const end = {
      exitCode: code === undefined ? null : Number(code),
      signal: null,
      error: error?.message ?? null,
      facts: await factsOf(run),
      secrets: secretsOf(run),
    };
    const step = await failedStepStart(run);
    const from = step === null ? 0 : Math.min(Math.max(0, step - start), bytes.length);
    const failure = await diagnose({ ...end, output: bytes.subarray(from), offset: start + from });
    // A step may fail of what an earlier one left undone without stopping.
    return failure ?? (from === 0 ? null : diagnose({ ...end, output: bytes, offset: start }));
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
    };
  };

  const memoryKillsOf = ({ id, startedAt, end }: Run): MemoryKill[] => {
    const bootedAt = Date.now() - uptime() * 1_000;
    const since = Date.parse(startedAt) - bootedAt;
    const until = (end === null ? Date.now() : Date.parse(end.at)) - bootedAt + AFTERWARDS_MS;
    const counted = kills.get(id);
    const logged = kernelMemoryKills(readKernelLog(), since, until);
    return memoryKillsBetween(counted?.before ?? null, counted?.after ?? null, logged);
  };

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
    return found;
  };

  return { of };
}

/** Two scripts may fail with the same words; an error that was passed on names the file where it happened. */
const isSameError = ({ end: one }: Run, { end: other }: Run): boolean =>
  one?.error?.context?.["file"] !== undefined &&
  one.error.context["file"] === other?.error?.context?.["file"] &&
  one.error.message === other.error.message;

const hasFailed = (outcome: Outcome | undefined): boolean => outcome === "failed" || outcome === "crashed";
