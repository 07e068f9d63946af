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
const OWN = /^RssAnon:\s*(\d+) kB/m;
const SHARED = /^RssShmem:\s*(\d+) kB/m;

export function processUse(pids: readonly number[], proc = "/proc"): ProcessUse {
  const ticks = new Map<number, number>();
  let ownBytes = 0;
  let sharedBytes = 0;
  for (const pid of pids) {
    try {
      const stat = readFileSync(`${proc}/${pid}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z") continue;
      ticks.set(pid, Number(fields[11]) + Number(fields[12]));
      const { own, shared } = memoryOf(pid, proc);
      ownBytes += own;
      sharedBytes = Math.max(sharedBytes, shared);
    } catch {
      continue; // gone meanwhile
    }
  }
  return { processes: ticks.size, ticks, memoryBytes: ownBytes + sharedBytes };
}

/**
 * What of the memory is the process's own, and what it may have in common with others. Processes of a run mostly share
 * the same, so the most that one of them has counts once. Programs' code and other files count for nobody: the system
 * takes their place back when it needs it.
 */
function memoryOf(pid: number, proc: string): { own: number; shared: number } {
  const status = readFileSync(`${proc}/${pid}/status`, "latin1");
  const bytesOf = (line: RegExp): number => Number(line.exec(status)?.[1]) * 1024;
  const own = bytesOf(OWN);
  if (!Number.isNaN(own)) return { own, shared: bytesOf(SHARED) || 0 };
  // Systems that only look like Linux do not tell them apart.
  const [, resident = 0, shared = 0] = readFileSync(`${proc}/${pid}/statm`, "latin1").split(" ").map(Number);
  return { own: Math.max(0, resident - shared) * PAGE_BYTES, shared: 0 };
}

/** Cores that were busy for them between two looks. */
export function coresBetween(before: ProcessUse, after: ProcessUse, elapsedMs: number): number | null {
  if (elapsedMs <= 0) return null;
  let ticks = 0;
  for (const [pid, count] of after.ticks) ticks += Math.max(0, count - (before.ticks.get(pid) ?? 0));
  return ticks / TICKS_PER_SECOND / (elapsedMs / 1_000);
}
