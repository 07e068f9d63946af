import { readdirSync, readFileSync } from "node:fs";
import { processesWith, startTimeOf } from "../base/processes.js";
import { RUN_TOKEN_VARIABLE } from "../protocol/channel.js";

/** A shell that a run opened. It leads a session, and what it starts belongs to that unless it leaves on purpose. */
export interface Session {
  /** Process id of the shell, and so the session's number. */
  leader: number;
  startTime: string | null;
}

/**
 * Everything that a run started and that still lives: members of its shells' sessions, whatever carries the run's token
 * in its environment although it left them, and their children although they dropped the token.
 */
export function processesOfRun(runId: string, sessions: readonly Session[]): number[] {
  const all = listProcesses();
  const found = new Set(processesWith(RUN_TOKEN_VARIABLE, runId));
  for (const pid of membersOf(sessions, all)) found.add(pid);
  for (let grew = true; grew;) {
    grew = false;
    for (const { pid, parent } of all) {
      if (found.has(pid) || pid === process.pid) continue;
      if (parent === process.pid || found.has(parent)) {
        found.add(pid);
        grew = true;
      }
    }
  }
  return [...found];
}

/** What is left of the sessions that these shells led. */
export function processesOfSessions(sessions: readonly Session[]): number[] {
  return membersOf(sessions, listProcesses());
}

function membersOf(sessions: readonly Session[], all: readonly ProcessEntry[]): number[] {
  // A session's number is not used again while it has members; one whose leader is another process by now is not ours.
  const ours = new Set(
    sessions
      .filter(({ leader, startTime }) => {
        const now = startTimeOf(leader);
        return now === null || startTime === null || now === startTime;
      })
      .map(({ leader }) => leader),
  );
  return all.filter(({ session }) => ours.has(session)).map(({ pid }) => pid);
}

interface ProcessEntry {
  pid: number;
  parent: number;
  session: number;
}

function listProcesses(): ProcessEntry[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const [state, parent, , session] = statFields(name);
      const pid = Number(name);
      if (state === undefined || state === "Z" || pid === process.pid) return [];
      return [{ pid, parent: Number(parent), session: Number(session) }];
    });
}

/** From the state on; the name before it may hold spaces and brackets. */
function statFields(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
