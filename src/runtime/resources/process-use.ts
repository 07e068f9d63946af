import { readFileSync } from "node:fs";

/** What these processes have used of the processor so far, and have of the memory now. */
export interface ProcessUse {
  processes: number;
  /** By process, so that one that is gone takes nothing back: hundredths of a second. */
  ticks: ReadonlyMap<number, number>;
  memoryBytes: number;
}

/** Linux counts the time of processes in hundredths of a second wherever we run. */
export const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

export function processUse(pids: readonly number[], proc = "/proc"): ProcessUse {
  const ticks = new Map<number, number>();
  let memoryBytes = 0;
  for (const pid of pids) {
    try {
      const stat = readFileSync(`${proc}/${pid}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z") continue;
      ticks.set(pid, Number(fields[11]) + Number(fields[12]));
      memoryBytes += ownMemory(pid, proc);
    } catch {
      continue; // gone meanwhile
    }
  }
  return { processes: ticks.size, ticks, memoryBytes };
}

/** What would be free if it ended: programs' code and what processes share is counted once, by nobody. */
function ownMemory(pid: number, proc: string): number {
  const [, resident = 0, shared = 0] = readFileSync(`${proc}/${pid}/statm`, "latin1").split(" ").map(Number);
  return Math.max(0, resident - shared) * PAGE_BYTES;
}

/** Cores that were busy for them between two looks. */
export function coresBetween(before: ProcessUse, after: ProcessUse, elapsedMs: number): number | null {
  if (elapsedMs <= 0) return null;
  let ticks = 0;
  for (const [pid, count] of after.ticks) ticks += Math.max(0, count - (before.ticks.get(pid) ?? 0));
  return ticks / TICKS_PER_SECOND / (elapsedMs / 1_000);
}
