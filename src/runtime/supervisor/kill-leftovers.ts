import { setTimeout as delay } from "node:timers/promises";
import { isSameProcess, type ProcessId, processesWith, signal } from "../base/processes.js";
import { RUN_TOKEN_VARIABLE } from "../protocol/channel.js";
import type { RunId } from "../protocol/ids.js";

const ROUND_MS = 50;
const GRACE_MS = 2_000;
/** A process that waits for a dead disk cannot be killed: nobody should wait for it. */
const LIMIT_MS = 13_000;

/**
 * Ends whatever a run without a runner left behind: asked first, killed after two seconds, until none is found
 * twice. Found by the run's token in their environment, so a pid that was reused is never touched. A reaper does the
 * same for what it has adopted, and is waited for.
 */
export async function killLeftovers(id: RunId, reaper: ProcessId | null): Promise<{ ended: number; left: number[] }> {
  const seen = new Set<number>();
  const asked = new Set<number>();
  const started = Date.now();
  let left: number[] = [];
  for (let empty = 0; empty < 2 && Date.now() - started < LIMIT_MS;) {
    left = processesWith(RUN_TOKEN_VARIABLE, id);
    const isReaping = reaper !== null && isSameProcess(reaper);
    empty = left.length === 0 && !isReaping ? empty + 1 : 0;
    for (const pid of left) {
      seen.add(pid);
      if (Date.now() - started > GRACE_MS) signal(pid, "SIGKILL");
      else if (!asked.has(pid)) {
        asked.add(pid);
        signal(pid, "SIGTERM");
        signal(pid, "SIGCONT");
      }
    }
    await delay(ROUND_MS);
  }
  return { ended: seen.size - left.length, left };
}
