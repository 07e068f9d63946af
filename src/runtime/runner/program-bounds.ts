import { readdirSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import type { RunRequest } from "../protocol/channel.js";

/** What a run's programs are held to from their start: the system's groups that limit them, and how much they yield. */
export class ProgramBounds {
  readonly #folders: readonly string[];
  #nice: number;

  constructor({ groups, nice }: Pick<RunRequest, "groups" | "nice">) {
    this.#folders = [...new Set([groups?.memory, groups?.cpu])].filter((folder) => typeof folder === "string");
    this.#nice = nice;
  }

  /**
   * How a program is started so that it is inside of the groups before its first instruction. The runner stays outside:
   * of those who share a limit the system ends the largest, and a run without its runner would be lost.
   */
  command(program: string, args: readonly string[]): { program: string; args: readonly string[] } {
    if (this.#folders.length === 0) return { program, args };
    const enter = this.#folders.map((folder) => `echo 0 > ${quoted(join(folder, "cgroup.procs"))}`).join("; ");
    return { program: "/bin/sh", args: ["-c", `{ ${enter}; } 2>/dev/null\nexec "$0" "$@"`, program, ...args] };
  }

  started(pid: number): void {
    if (this.#nice !== 0) setNice(pid, this.#nice);
  }

  /** From now on, also for those that are started later. Taking back is not allowed everywhere. */
  beNice(nice: number, running: readonly number[]): void {
    this.#nice = nice;
    for (const pid of running) for (const thread of threadsOf(pid)) setNice(thread, nice);
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The system counts each thread for itself. */
function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}

function setNice(pid: number, nice: number): void {
  try {
    setPriority(pid, nice);
  } catch {
    // gone, or yielding less than before is not allowed
  }
}
