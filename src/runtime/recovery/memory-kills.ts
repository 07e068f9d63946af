import { closeSync, constants, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import type { MemoryKill } from "./detector.js";

/** Where the kernel tells; tests pass their own. */
export interface KernelFiles {
  /** Where cgroups are mounted. */
  cgroups: string;
  /** Which cgroups this process is in. */
  ownCgroups: string;
}

export const kernelFiles: KernelFiles = { cgroups: "/sys/fs/cgroup", ownCgroups: "/proc/self/cgroup" };

/**
 * How many programs the kernel has ended in this process's cgroup for want of memory since that was made, or null when
 * it does not tell. Two of these, before and after a run, show whether that happened in between.
 */
export function memoryKillCount({ cgroups, ownCgroups }: KernelFiles = kernelFiles): number | null {
  const lines = read(ownCgroups).split("\n");
  const unified = lines.map((line) => /^0::(.*)$/.exec(line)?.[1]).find((path) => path !== undefined);
  const memory = lines
    .map((line) => /^\d+:(?:[\w,]+,)?memory(?:,[\w,]+)?:(.*)$/.exec(line)?.[1])
    .find((path) => path !== undefined);
  const places = [
    // In a container the path is that of the outside, and its own group is at the top.
    ...(memory === undefined
      ? []
      : [join(cgroups, "memory", memory, "memory.oom_control"), join(cgroups, "memory", "memory.oom_control")]),
    ...(unified === undefined ? [] : [join(cgroups, unified, "memory.events"), join(cgroups, "memory.events")]),
  ];
  for (const place of places) {
    const count = /^oom_kill (\d+)$/m.exec(read(place))?.[1];
    if (count !== undefined) return Number(count);
  }
  return null;
}

/** A record of `/dev/kmsg`: its time is the third number, in microseconds since the machine started. */
const RECORD = /^\d+,\d+,(\d+),[^;]*;(.*)$/;
const KILLED = /(?:Memory cgroup out|Out) of memory: Killed process (\d+) \(([^)]{1,64})\)/;

/** What the kernel's log says it ended for want of memory; times count from the machine's start. */
export function kernelMemoryKills(log: string, sinceMs: number, untilMs = Infinity): MemoryKill[] {
  return log.split("\n").flatMap((line) => {
    const [, time = "", message = ""] = RECORD.exec(line) ?? [];
    const [, pid, program] = KILLED.exec(message) ?? [];
    const at = Number(time) / 1_000;
    if (pid === undefined || program === undefined || at < sinceMs || at > untilMs) return [];
    return [{ program, pid: Number(pid) }];
  });
}

const MOST_RECORDS = 20_000;
const RECORD_BYTES = 8_192;

/** The kernel's log as far as this user may read it, which in containers is nothing. */
export function readKernelLog(file = "/dev/kmsg"): string {
  const records: string[] = [];
  let log: number;
  try {
    log = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return "";
  }
  try {
    const record = Buffer.alloc(RECORD_BYTES);
    while (records.length < MOST_RECORDS) {
      const length = readSync(log, record);
      if (length === 0) break;
      records.push(record.toString("utf8", 0, length));
    }
  } catch {
    // the last record was read, or one was overwritten meanwhile
  } finally {
    closeSync(log);
  }
  return records.join("\n");
}

/** What is known to have been ended for want of memory while a run lived. */
export function memoryKillsBetween(
  before: number | null,
  after: number | null,
  logged: readonly MemoryKill[],
): MemoryKill[] {
  if (logged.length > 0) return [...logged];
  const count = before === null || after === null ? 0 : after - before;
  return count > 0 ? [{ program: null, pid: null }] : [];
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
