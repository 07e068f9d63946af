import { readdirSync, rmSync } from "node:fs";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import { makeFolder } from "../base/make-folder.js";
import { namesIn } from "../base/names-in.js";
import { RunRecord, RunRequest } from "../protocol/channel.js";
import { RunId } from "../protocol/ids.js";
import { newRun, type Run } from "../protocol/runs.js";
import type { RunPaths } from "../storage/paths.js";

/** Ended runs whose folders are kept; older ones go as new ones end. */
const KEPT_ENDED_RUNS = 50;

/** Puts on disk whatever is needed to find a run again, before anything of it is started. */
export function writeRunFolder(paths: RunPaths, request: RunRequest, record: RunRecord): void {
  makeFolder(paths.folder, 0o700);
  writeJsonAtomic(paths.request, request, 0o600);
  writeJsonAtomic(paths.record, record, 0o600);
}

export interface FoundRuns {
  records: RunRecord[];
  /** What could not be read, in words for the log and the person. */
  problems: Error[];
}

/** Every run that has left a folder, oldest first. One that cannot be read hides no other. */
export function readRunFolders(runs: string, pathsOf: (id: string) => RunPaths): FoundRuns {
  const found: FoundRuns = { records: [], problems: [] };
  for (const name of namesIn(runs).sort()) {
    if (!RunId.safeParse(name).success) continue;
    try {
      const state = readState(pathsOf(name).record, RunRecord);
      if (state.kind === "read") found.records.push(state.value);
      else if (state.kind === "missing") removeUnannounced(pathsOf(name).folder);
      else {
        found.problems.push(state.error);
        found.records.push(...recordFromRequest(pathsOf(name)));
      }
    } catch (error) {
      found.problems.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  // Ids sort by the second; what followed within one is told by the record.
  found.records.sort(({ run: a }, { run: b }) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
  return found;
}

/** A sidecar that was killed while it wrote a run's folder has told nobody of the run, and started nothing. */
function removeUnannounced(folder: string): void {
  if (readdirSync(folder).every((name) => UNANNOUNCED.test(name))) rmSync(folder, { recursive: true });
}

/** The request, and files that were being written. */
const UNANNOUNCED = /^(request\.json|\..*\.tmp)$/;

/** What is left when a run's record is unreadable: enough to find its runner, if that still lives. */
function recordFromRequest({ request: file }: RunPaths): RunRecord[] {
  const state = readState(file, RunRequest);
  if (state.kind !== "read") return [];
  const { runId, appId, script, action, socket, key } = state.value;
  const run = newRun({ id: runId, appId, script, action, state: "running", startedAt: new Date().toISOString() });
  return [{ run, socket, process: null, version: "", key }];
}

/** The ended runs that are too many, those first that ended first: what has just ended is looked at, whenever it began. */
export function oldRuns(runs: readonly Run[]): RunId[] {
  const endOf = (run: Run): string => run.end?.at ?? "";
  const ended = runs
    .filter(({ state }) => state === "ended")
    .sort((a, b) => (endOf(a) < endOf(b) ? -1 : endOf(a) > endOf(b) ? 1 : 0));
  return ended.slice(0, Math.max(0, ended.length - KEPT_ENDED_RUNS)).map(({ id }) => id);
}
