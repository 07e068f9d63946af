import { RUN_GROUP_PREFIX } from "../base/cgroups.js";
import type { RunId } from "../protocol/ids.js";
import type { MemoryKill } from "./detector.js";
import type { LoggedKill } from "./memory-kills.js";

/** A run, and the processes of it that anybody has seen. */
export interface SeenRun {
  id: RunId;
  pids: ReadonlySet<number>;
}

export interface KillEvidence {
  /** What the kernel wrote down while the run lived. */
  logged: readonly LoggedKill[];
  /** By how much the kernel's count grew meanwhile. */
  counted: number;
  /** The other runs that lived meanwhile. */
  others: readonly SeenRun[];
}

/** Which of the kernel's kills were of this run's programs, or may have been. */
export function killsOf(run: SeenRun, { logged, counted, others }: KillEvidence): MemoryKill[] {
  if (logged.length === 0) {
    return counted > 0 ? [{ program: null, pid: null, isSure: others.length === 0 }] : [];
  }
  return logged.flatMap(({ program, pid, group }) => {
    const owner = ownerOf(pid, group, [run, ...others]);
    return owner === null || owner === run.id ? [{ program, pid, isSure: owner !== null }] : [];
  });
}

const GROUP_OF_RUN = new RegExp(`/${RUN_GROUP_PREFIX}(run_[0-9a-z]{12})(?:[./]|$)`);

/** Null when nobody knows. A group says it, also that of a run of another home. */
function ownerOf(pid: number, group: string | null, runs: readonly SeenRun[]): string | null {
  const named = GROUP_OF_RUN.exec(group ?? "")?.[1];
  return named ?? runs.find(({ pids }) => pids.has(pid))?.id ?? null;
}
