import { Buffer } from "node:buffer";
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { platform } from "node:os";

/** What tells one process from another that later got the same pid. */
export interface ProcessId {
  pid: number;
  startTime: string;
  bootId: string;
}

/** Changes with every boot, so that a pid written down before a reboot is never mistaken. Empty where unknown. */
export function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

/** When a process started, in the system's own unit, or null when there is no such process. */
export function startTimeOf(pid: number): string | null {
  if (platform() !== "linux") return isAlive(pid) ? "" : null;
  const fields = statFields(pid);
  if (fields === null || fields[0] === "Z") return null;
  return fields[19] ?? null;
}

export const thisProcess = (): ProcessId => processId(process.pid);

export const processId = (pid: number): ProcessId => ({ pid, startTime: startTimeOf(pid) ?? "", bootId: bootId() });

/** Whether exactly this process still lives: not a zombie, not another one with its pid. */
export const isSameProcess = ({ pid, startTime, bootId: boot }: ProcessId): boolean =>
  boot === bootId() && startTimeOf(pid) === startTime;

export interface ProcessEntry {
  pid: number;
  parent: number;
  session: number;
  startTime: string;
}

/** Every process there is, without this one and without zombies. */
export function listProcesses(): ProcessEntry[] {
  return otherPids().flatMap((pid) => {
    const fields = statFields(pid);
    if (fields === null || fields[0] === "Z") return [];
    return [{ pid, parent: Number(fields[1]), session: Number(fields[3]), startTime: fields[19] ?? "" }];
  });
}

/** Every process whose environment holds `name=value`, this one left out: how what a run started is found again. */
export function processesWith(name: string, value: string, among: readonly number[] = otherPids()): number[] {
  const wanted = `${name}=${value}`;
  return among.filter((pid) => environmentOf(pid).includes(wanted));
}

/** Every process one of whose arguments is this. */
export const processesAbout = (argument: string): number[] =>
  otherPids().filter((pid) => entriesOf(pid, "cmdline").includes(argument));

function otherPids(): number[] {
  if (platform() !== "linux") return [];
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

/** A variable in the environment of another process; null when it has none of this name, or nobody may look. */
export const variableOf = (pid: number, name: string): string | null =>
  environmentOf(pid)
    .find((entry) => entry.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? null;

/** Sends a signal; a process that is gone already is what the sender wanted. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone, or not ours
  }
}

const environmentOf = (pid: number): string[] => entriesOf(pid, "environ");

function entriesOf(pid: number, file: "environ" | "cmdline"): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1").split("\0");
  } catch {
    return [];
  }
}

const room = Buffer.allocUnsafe(4096);

/** Fields of `/proc/<pid>/stat` from the state on; the name before it may hold spaces and brackets. */
function statFields(pid: number): string[] | null {
  try {
    const stat = room.toString("latin1", 0, readAtOnce(`/proc/${pid}/stat`));
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

/** There are as many of these files as processes, and reading each with all care takes twice as long. */
function readAtOnce(path: string): number {
  const file = openSync(path, "r");
  try {
    return readSync(file, room, 0, room.length, 0);
  } finally {
    closeSync(file);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
