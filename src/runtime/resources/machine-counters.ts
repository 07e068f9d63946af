import { readFileSync } from "node:fs";

/** Where the system tells; another folder in tests. */
export interface SystemFolders {
  proc: string;
  cgroup: string;
}

export const SYSTEM: SystemFolders = { proc: "/proc", cgroup: "/sys/fs/cgroup" };

/** Counters that only grow; two readings of them make a rate. */
export interface Counters {
  atMs: number;
  /** Hundredths of a second that all cores together were busy. */
  busyTicks: number;
  receivedBytes: number;
  sentBytes: number;
}

export function readCounters({ proc }: SystemFolders, atMs: number): Counters {
  const [, ...fields] = (linesOf(`${proc}/stat`)[0] ?? "").split(/\s+/);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields.map(Number);
  const network = linesOf(`${proc}/net/dev`).flatMap((line) => {
    const [name, counts] = line.split(":");
    if (counts === undefined || name?.trim() === "lo") return [];
    const [received = 0, , , , , , , , sent = 0] = counts.trim().split(/\s+/).map(Number);
    return [{ received, sent }];
  });
  return {
    atMs,
    busyTicks: user + nice + system + irq + softirq + steal,
    receivedBytes: sum(network.map(({ received }) => received)),
    sentBytes: sum(network.map(({ sent }) => sent)),
  };
}

/** What may be used here: the machine's memory, or less where a container is given less. */
export function readMemory({ proc, cgroup }: SystemFolders): { usedBytes: number; totalBytes: number } {
  const rows = new Map(
    linesOf(`${proc}/meminfo`).map((line) => {
      const [name = "", value = "0"] = line.split(/:\s+/);
      return [name, parseInt(value, 10) * 1024] as const;
    }),
  );
  const totalBytes = rows.get("MemTotal") ?? 0;
  const usedBytes = totalBytes - (rows.get("MemAvailable") ?? 0);
  const limit = containerMemory(cgroup);
  return limit !== null && limit.totalBytes < totalBytes ? limit : { usedBytes, totalBytes };
}

/** Both generations of control groups, as a container sees its own. */
function containerMemory(cgroup: string): { usedBytes: number; totalBytes: number } | null {
  for (const [limit, used, inactive] of [
    ["memory.max", "memory.current", "inactive_file"],
    ["memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "total_inactive_file"],
  ] as const) {
    const totalBytes = numberIn(`${cgroup}/${limit}`);
    const usedBytes = numberIn(`${cgroup}/${used}`);
    if (totalBytes === null || usedBytes === null) continue;
    // Files that were read and can be dropped are no use of memory.
    const folder = limit.includes("/") ? `${cgroup}/memory` : cgroup;
    const cached = linesOf(`${folder}/memory.stat`).find((line) => line.startsWith(`${inactive} `));
    return { usedBytes: Math.max(0, usedBytes - Number(cached?.split(" ")[1] ?? 0)), totalBytes };
  }
  return null;
}

function numberIn(file: string): number | null {
  const [text] = linesOf(file);
  return text === undefined || !/^\d+$/.test(text) ? null : Number(text);
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, "latin1").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
