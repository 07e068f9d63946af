import { readdirSync, rmSync } from "node:fs";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import { makeFolder } from "../base/make-folder.js";
import { RunRecord, type RunRequest } from "../protocol/channel.js";
import { RunId } from "../protocol/ids.js";
import type { Run } from "../protocol/runs.js";
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

/** Every run that has left a folder, oldest first. */
export function readRunFolders(runs: string, pathsOf: (id: string) => RunPaths): FoundRuns {
  const found: FoundRuns = { records: [], problems: [] };
  for (const name of foldersOf(runs)) {
    if (!RunId.safeParse(name).success) continue;
    const state = readState(pathsOf(name).record, RunRecord);
    if (state.kind === "read") found.records.push(state.value);
    else if (state.kind === "set-aside") found.problems.push(state.error);
  }
  // Ids sort by the second; what followed within one is told by the record.
  found.records.sort(({ run: a }, { run: b }) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
  return found;
}

/** Removes the folders of the oldest ended runs and returns their ids. `runs` is oldest first. */
export function forgetOldRuns(runs: readonly Run[], pathsOf: (id: string) => RunPaths): RunId[] {
  const ended = runs.filter(({ state }) => state === "ended");
  const old = ended.slice(0, Math.max(0, ended.length - KEPT_ENDED_RUNS)).map(({ id }) => id);
  for (const id of old) rmSync(pathsOf(id).folder, { recursive: true, force: true });
  return old;
}

function foldersOf(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
