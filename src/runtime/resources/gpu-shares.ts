import { hasGpuOpen } from "../base/gpu-processes.js";
import type { RunUsage } from "../protocol/usage.js";
import type { GpuUse } from "./gpu-use.js";

type GpuShare = Pick<RunUsage, "gpuMemoryBytes" | "isGpuEstimate" | "gpuWork">;

const UNKNOWN: GpuShare = { gpuMemoryBytes: null, isGpuEstimate: false };
const NOTHING: GpuShare = { gpuMemoryBytes: 0, isGpuEstimate: false, gpuWork: { busy: 0, of: "run" } };

/** How much of the cards' memory, and of their work, is whose. */
export class GpuShares {
  readonly #opens: (pid: number) => boolean | null;
  /** What the cards held when no run had one open. */
  #idleBytes = 0;

  /** `opens` says whether a process has a card open, null when nobody may look. */
  constructor(opens: (pid: number) => boolean | null = hasGpuOpen) {
    this.#opens = opens;
  }

  /** By process where the driver tells; else, of the only run that has a card open, what the cards hold more. */
  of(runs: readonly { id: string; pids: readonly number[] }[], gpu: GpuUse | null): (id: string) => GpuShare {
    if (gpu === null || gpu.gpus.length === 0) return () => UNKNOWN;
    const totalBytes = sum(gpu.gpus.map(({ memoryBytes }) => memoryBytes));
    const users = new Map<string, number[]>();
    for (const { id, pids } of runs) {
      const found = pids.filter((pid) => this.#opens(pid) !== false);
      if (found.length > 0) users.set(id, found);
    }
    if (users.size === 0) this.#idleBytes = totalBytes;
    const isTold = [...users.values()].some((pids) => pids.some((pid) => gpu.byProcess.has(pid)));
    const workOf = workTold(users, gpu);
    return (id) => {
      const pids = users.get(id);
      if (pids === undefined) return NOTHING;
      const gpuWork = workOf(pids);
      if (isTold) {
        const own = sum(pids.map((pid) => gpu.byProcess.get(pid) ?? 0));
        return { gpuMemoryBytes: own, isGpuEstimate: false, gpuWork };
      }
      const more = Math.max(0, totalBytes - this.#idleBytes);
      return { gpuMemoryBytes: users.size > 1 ? null : more, isGpuEstimate: true, gpuWork };
    };
  }
}

/** Of a run where the driver tells of one of its processes; else what all cards do, whoever makes them. */
function workTold(
  users: ReadonlyMap<string, readonly number[]>,
  { gpus, workByProcess = new Map() }: GpuUse,
): (pids: readonly number[]) => RunUsage["gpuWork"] {
  const isTold = [...users.values()].some((pids) => pids.some((pid) => workByProcess.has(pid)));
  if (isTold) return (pids) => ({ busy: sum(pids.map((pid) => workByProcess.get(pid) ?? 0)), of: "run" });
  const known = gpus.flatMap(({ busy }) => (busy === null ? [] : [busy]));
  return () => (known.length === 0 ? null : { busy: sum(known), of: "machine" });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
