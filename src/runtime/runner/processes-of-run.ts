import { groupProcesses } from "../base/cgroups.js";
import { listProcesses, processesWith, startTimeOf } from "../base/processes.js";
import { RUN_TOKEN_VARIABLE } from "../protocol/channel.js";
import type { ShellSession } from "./shell-session.js";

export interface Trails {
  runId: string;
  sessions: readonly ShellSession[];
  /** The process that adopts whatever lost its parent, or null. */
  reaper: number | null;
  /** Folders of the system's groups that are the run's own. */
  groups?: readonly string[];
}

/**
 * Everything that a run started and that still lives: members of its shells' sessions, whatever carries the run's token
 * in its environment although it left them, their children although they dropped the token, and what the reaper has
 * adopted or a group of the run holds although it dropped everything.
 */
export function processesOfRun({ runId, sessions, reaper, groups = [] }: Trails): number[] {
  const all = listProcesses();
  // Whatever is older than this process cannot carry the run's token.
  const own = Number(startTimeOf(process.pid));
  const later = all.filter(({ startTime }) => Number(startTime) >= own).map(({ pid }) => pid);
  const found = new Set(processesWith(RUN_TOKEN_VARIABLE, runId, later));
  for (const session of sessions) for (const pid of session.membersAmong(all)) found.add(pid);
  const isAlive = new Set(all.map(({ pid }) => pid)); // a group names those that nobody has reaped yet
  for (const pid of groups.flatMap(groupProcesses)) {
    if (pid === process.pid || pid === reaper) continue;
    if (isAlive.has(pid) || startTimeOf(pid) !== null) found.add(pid);
  }
  for (let grew = true; grew;) {
    grew = false;
    for (const { pid, parent } of all) {
      if (found.has(pid) || pid === process.pid) continue;
      if (parent === process.pid || parent === reaper || found.has(parent)) {
        found.add(pid);
        grew = true;
      }
    }
  }
  return [...found];
}
