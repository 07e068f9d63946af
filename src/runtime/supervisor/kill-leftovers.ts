import { setTimeout as delay } from "node:timers/promises";
import { groupProcesses, killGroup } from "../base/cgroups.js";
import { givenBackPorts } from "../base/given-back-ports.js";
import { gpuMemoryOf } from "../base/gpu-memory.js";
import { listeningPortsOf } from "../base/listening-ports.js";
import { isSameProcess, type ProcessId, processesWith, signal } from "../base/processes.js";
import { groupFolders, RUN_TOKEN_VARIABLE, type RunGroups } from "../protocol/channel.js";
import type { RunId } from "../protocol/ids.js";
import type { Ending } from "../protocol/runs.js";

const ROUND_MS = 50;
const GRACE_MS = 2_000;
/** A process that waits for a dead disk cannot be killed: nobody should wait for it. */
const LIMIT_MS = 13_000;

interface LostRun {
  runner: ProcessId | null;
  reaper: ProcessId | null;
  groups?: RunGroups | null;
  /** The folder that holds the folders of all runs. */
  runs: string;
  warn(message: string): void;
}

/**
 * Ends whatever a run without a runner left behind: asked first, killed after two seconds, until none is found
 * twice. Found by the run's token in their environment and by its groups, so a pid that was reused is never touched. A
 * reaper does the same for what it has adopted, and is waited for. Null when nothing was left behind.
 */
export async function killLeftovers(id: RunId, lost: LostRun): Promise<Ending | null> {
  const { runner, reaper, groups = null, runs, warn } = lost;
  const folders = groups === null ? [] : groupFolders(groups);
  const find = (): number[] => {
    const inside = folders.flatMap(groupProcesses).filter((pid) => pid !== reaper?.pid);
    return [...new Set([...processesWith(RUN_TOKEN_VARIABLE, id), ...inside])];
  };
  const seen = new Set<number>();
  const asked = new Set<number>();
  const killed = new Set<number>();
  const began = performance.now();
  let left = find();
  const listening = listeningPortsOf(left.filter((pid) => pid !== runner?.pid));
  const gpu = await gpuMemoryOf(left, { runs, warn });
  const started = performance.now();
  for (let empty = 0; empty < 2 && performance.now() - started < LIMIT_MS;) {
    left = find();
    const isReaping = reaper !== null && isSameProcess(reaper);
    empty = left.length === 0 && !isReaping ? empty + 1 : 0;
    if (left.length > 0 && performance.now() - started > GRACE_MS) folders.forEach(killGroup);
    for (const pid of left) {
      seen.add(pid);
      if (performance.now() - started > GRACE_MS) {
        killed.add(pid);
        signal(pid, "SIGKILL");
      } else if (!asked.has(pid)) {
        asked.add(pid);
        signal(pid, "SIGTERM");
        signal(pid, "SIGCONT");
      }
    }
    await delay(ROUND_MS);
  }
  for (const own of [runner, reaper]) if (own !== null) seen.delete(own.pid);
  if (seen.size === 0) return null;
  const givenBack = (await gpu?.givenBack()) ?? null;
  return {
    processes: seen.size,
    killed: [...killed].filter((pid) => seen.has(pid)).length,
    left: left.length,
    ...givenBackPorts(listening),
    ...(givenBack === null ? {} : { gpu: givenBack }),
    tookMs: performance.now() - began,
  };
}
