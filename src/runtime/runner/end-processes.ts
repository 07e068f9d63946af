import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { signal } from "../base/processes.js";
import { SHELL_FLAGS } from "./terminal.js";

export interface EndingOptions {
  /** What is still there, asked again in every round, since programs start others while they end. */
  find(): number[];
  /** Shells that wait for what they started. */
  shells: readonly number[];
  /** After this long, what did not mind the interrupt is asked to terminate. */
  interruptMs: number;
  /** After this long, what is left is killed; it may become shorter while waiting. */
  graceMs(): number;
  /** How far it is, a few times a second. */
  onRound?(sofar: Ended): void;
}

const ROUND_MS = 40;
const UNKILLABLE_AFTER_MS = 10_000;

/** What has become of the processes that were to end. */
export interface Ended {
  /** All that were told to end, and of those how many had to be killed. */
  processes: number;
  killed: number;
  /** Those that could not be ended, such as those that wait for a dead disk. */
  left: number;
}

/** Ends processes as a person would: Ctrl-C first, then asked, then killed, until none is found twice. */
export async function endProcesses(options: EndingOptions): Promise<Ended> {
  const { find, shells, interruptMs, graceMs, onRound = () => undefined } = options;
  // A shell that runs on would start the next command of its list as soon as the present one is gone.
  const held = new Set(shells.filter(isOurShell));
  for (const pid of held) signal(pid, "SIGSTOP");

  const started = performance.now();
  const told = new Map<number, NodeJS.Signals>();
  const killed = new Set<number>();
  let ended: Ended = { processes: 0, killed: 0, left: 0 };
  for (let empty = 0; empty < 2;) {
    const elapsed = performance.now() - started;
    const left = find();
    const others = left.filter((pid) => !held.has(pid));
    if (others.length === 0) for (const pid of held) signal(pid, "SIGKILL");
    empty = left.length === 0 ? empty + 1 : 0;

    const name = elapsed >= graceMs() ? "SIGKILL" : elapsed >= interruptMs ? "SIGTERM" : "SIGINT";
    for (const pid of name === "SIGKILL" ? left : others) {
      if (told.get(pid) === name && name !== "SIGKILL") continue;
      if (name === "SIGKILL" && !held.has(pid)) killed.add(pid);
      told.set(pid, name);
      signal(pid, name);
      signal(pid, "SIGCONT"); // a stopped program could not hear it
    }
    ended = { processes: new Set([...told.keys(), ...held]).size, killed: killed.size, left: left.length };
    onRound(ended);
    if (elapsed > graceMs() + UNKILLABLE_AFTER_MS) return ended;
    if (empty < 2) await delay(empty === 0 ? ROUND_MS : 5);
  }
  return ended;
}

/** At once, for what may not wait: the process is about to be gone itself. */
export function killProcesses(find: () => number[]): void {
  for (let round = 0; round < 20; round++) {
    const left = find();
    if (left.length === 0) return;
    for (const pid of left) signal(pid, "SIGKILL");
  }
}

/** A shell that has only one command becomes that command, and that must hear the interrupt, be it a shell itself. */
function isOurShell(pid: number): boolean {
  try {
    const [, ...args] = readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
    return SHELL_FLAGS.every((flag, index) => args[index] === flag);
  } catch {
    return false;
  }
}
