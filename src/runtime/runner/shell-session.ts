import { listProcesses, type ProcessEntry, processesWith, startTimeOf } from "../base/processes.js";
import { RUN_TOKEN_VARIABLE } from "../protocol/channel.js";

/** A shell that a run opened leads a session, and what it starts belongs to that unless it leaves on purpose. */
export class ShellSession {
  /** Process id of the shell, and so the session's number. */
  readonly leader: number;
  readonly #runId: string;
  readonly #startTime: string | null;
  #isOpen = true;
  /** Start times of those that were in it at the last look. */
  #seen = new Map<number, string>();

  constructor(leader: number, runId: string) {
    this.leader = leader;
    this.#runId = runId;
    this.#startTime = startTimeOf(leader);
  }

  /** Those of these that belong to it. */
  membersAmong(all: readonly ProcessEntry[]): number[] {
    const there = all.filter(({ session }) => session === this.leader);
    if (!this.#isOurs(there)) return [];
    this.#seen = new Map(there.map(({ pid, startTime }) => [pid, startTime]));
    return there.map(({ pid }) => pid);
  }

  members(): number[] {
    return this.membersAmong(listProcesses());
  }

  /** The shell has ended just now: whoever is in the session is ours, and from now on nobody else is. */
  close(all: readonly ProcessEntry[]): void {
    this.membersAmong(all);
    this.#isOpen = false;
  }

  /** A session's number is not used again while it has members, and is anybody's as soon as it has had none. */
  #isOurs(there: readonly ProcessEntry[]): boolean {
    if (this.#isOpen) {
      const now = startTimeOf(this.leader);
      return now === null || now === this.#startTime;
    }
    if (there.some(({ pid, startTime }) => this.#seen.get(pid) === startTime)) return true;
    // All of those that were seen may have gone since, and left others there in their place.
    const pids = there.map(({ pid }) => pid);
    return processesWith(RUN_TOKEN_VARIABLE, this.#runId, pids).length > 0;
  }
}
