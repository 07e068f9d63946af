import type { RunId } from "../protocol/ids.js";
import { isLive, type Run } from "../protocol/runs.js";
import type { FollowedRun } from "./followed-run.js";

export const hasSettled = (run: Run): boolean => run.state === "ready" || !isLive(run);

interface Runs {
  all(): readonly Run[];
  entryOf(id: RunId): FollowedRun;
  listeners: Set<(run: Run) => void>;
}

/** How to wait for what becomes of runs. */
export function createWaiting({ all, entryOf, listeners }: Runs) {
  /** Whether a run, or one that it has started and waits for, waits for a person. */
  const isWaiting = (run: Run): boolean => {
    if (hasSettled(run)) return false;
    if (run.questions !== undefined && run.questions.length > 0) return true;
    return all().some((other) => other.parent === run.id && isWaiting(other));
  };

  /** Resolves when the run is as wanted, or after `waitMs`. */
  const when = async (id: RunId, isAsWanted: (run: Run) => boolean, waitMs: number): Promise<Run> => {
    const entry = entryOf(id);
    if (isAsWanted(entry.record.run)) return entry.record.run;
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        listeners.delete(listener);
        resolve(entry.record.run);
      };
      const listener = () => {
        if (isAsWanted(entry.record.run)) finish();
      };
      const timer = waitMs === Infinity ? undefined : setTimeout(finish, waitMs);
      listeners.add(listener);
    });
  };
  const settled = (id: RunId): Promise<Run> => when(id, hasSettled, Infinity);
  return { isWaiting, when, settled };
}
