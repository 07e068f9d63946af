import { join } from "node:path";
import { readState } from "../base/atomic-file.js";
import { RunRecord, type RunRequest } from "../protocol/channel.js";
import { newRun, type Run } from "../protocol/runs.js";

/** The sidecar has written the run's folder; when it did is when the run began. */
export function firstState(folder: string, request: RunRequest, outputBytes: number): Run {
  const found = readState(join(folder, "run.json"), RunRecord);
  const { runId: id, appId, script, action, parent } = request;
  const startedAt = found.kind === "read" ? found.value.run.startedAt : new Date().toISOString();
  return newRun({ id, appId, script, action, startedAt, outputBytes, ...(parent === undefined ? {} : { parent }) });
}
