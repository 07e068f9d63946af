import { totalmem, uptime } from "node:os";
import { graphicsLater } from "../base/graphics.js";
import { readOutputEnd } from "../base/output-parts.js";
import type { Failure } from "../protocol/failures.js";
import type { RunId } from "../protocol/ids.js";
import { isLive, type Run } from "../protocol/runs.js";
import type { Facts, MemoryKill } from "../recovery/detector.js";
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

  const lookUp = async (run: Run): Promise<Failure | null> => {
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

  return {
    of: (run) => {
      const outcome = run.end?.outcome;
      if (outcome !== "failed" && outcome !== "crashed") return Promise.resolve(null);
      const found = known.get(run.id) ?? lookUp(run);
      known.set(run.id, found);
      found.catch(() => known.delete(run.id));
      return found;
    },
  };
}
