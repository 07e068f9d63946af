import { readFileSync } from "node:fs";
import { isSameProcess } from "../base/processes.js";
import { namesIn } from "../base/names-in.js";
import { RunRecord } from "../protocol/channel.js";
import { isLive, type Run } from "../protocol/runs.js";
import { homePaths, runPaths } from "../storage/paths.js";

/** Runs of a home that go on although no sidecar is there, as they have last written down how they stand. */
export function runsWithoutSidecar(home: string): Run[] {
  const { runs } = homePaths(home);
  const records = namesIn(runs).flatMap((id) => recordIn(runPaths(runs, id).record) ?? []);
  return records
    .filter(({ run, process }) => isLive(run) && process !== null && isSameProcess(process))
    .map(({ run }) => run);
}

/** Nothing is put right here: that is for the next sidecar. */
function recordIn(file: string): RunRecord | null {
  try {
    return RunRecord.safeParse(JSON.parse(readFileSync(file, "utf8"))).data ?? null;
  } catch {
    return null;
  }
}
