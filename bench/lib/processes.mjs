// What Linux tells about a process, and how one is ended: by its id, never by name.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const END_LIMIT_MS = 10_000;
const MS_PER_TICK = 10; // USER_HZ is 100 on every Linux that Node runs on

/** Processor time that a process has used so far, all its threads together. */
export function cpuMs(pid) {
  const fields = statFields(pid);
  if (fields === null) throw new Error(`Process ${pid} has ended.`);
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

export function residentBytes(pid) {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

/** Asks a process to end and waits until it is gone; one that does not listen is killed. */
export async function endProcess(pid) {
  if (!isAlive(pid)) return;
  process.kill(pid, "SIGTERM");
  for (const end = Date.now() + END_LIMIT_MS; isAlive(pid); await sleep(20)) {
    if (Date.now() > end) return process.kill(pid, "SIGKILL");
  }
}

/** A zombie has ended: it only waits for its parent to notice. */
function isAlive(pid) {
  const fields = statFields(pid);
  return fields !== null && fields[0] !== "Z";
}

/** The fields of `/proc/<pid>/stat` after the program's name, which may hold anything; null when there is no process. */
function statFields(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
