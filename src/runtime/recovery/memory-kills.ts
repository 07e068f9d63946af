import { closeSync, constants, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";

/** A program that the kernel says it has ended for want of memory. */
export interface LoggedKill {
  program: string;
  pid: number;
  /** The control group it was in, as far as it is told. */
  group: string | null;
  /** Counted from the machine's start. */
  atMs: number;
}

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
const CHOSEN = /\boom-kill:.*\btask_memcg=([^,]*),.*\bpid=(\d+),/;
const KILLED = /(?:Memory cgroup out|Out) of memory: Killed process (\d+) \(([^)]{1,64})\)/;

/** What the kernel's log says it ended for want of memory; times count from the machine's start. */
export function kernelMemoryKills(log: string, sinceMs: number, untilMs = Infinity): LoggedKill[] {
  const groups = new Map<string, string>();
  return log.split("\n").flatMap((line) => {
    const [, time = "", message = ""] = RECORD.exec(line) ?? [];
    const [, group, chosen] = CHOSEN.exec(message) ?? [];
    if (group !== undefined && chosen !== undefined) groups.set(chosen, group);
    const [, pid, program] = KILLED.exec(message) ?? [];
    const atMs = Number(time) / 1_000;
    if (pid === undefined || program === undefined || atMs < sinceMs || atMs > untilMs) return [];
    return [{ program, pid: Number(pid), group: groups.get(pid) ?? null, atMs }];
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

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
