import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { writeJsonAtomic } from "../base/atomic-file.js";
import type { Parts } from "./build-parts.js";
import type { RunEnd } from "./play-script.js";
import type { RunStateKeeper } from "./run-state.js";
import type { StepRecord } from "./step-record.js";

const RECORD_TRIES = 5;

/** For who looks when this process is gone. */
export function keepSteps(folder: string, steps: StepRecord): void {
  steps.stop();
  if (!existsSync(dirname(folder))) return; // what was removed as a whole does not come back
  try {
    writeJsonAtomic(join(folder, "steps.json"), steps.since(0), 0o600);
  } catch {
    // a full disk: how it ended is more important, and is written next
  }
}

/** For who wants to go on where it failed. */
export function keepRetryPoint(folder: string, { retry, state }: Parts): void {
  const point = retry.found();
  if (point === null || !existsSync(folder)) return;
  try {
    writeJsonAtomic(join(folder, "resume.json"), point, 0o600);
    state.update({ failedStep: { index: point.index, total: point.methods.length } });
  } catch {
    // a full disk: it can be started again from its beginning
  }
}

/** How the run ended must be on disk; a full disk may have room again in a moment. */
export async function writeEnd(state: RunStateKeeper, { outcome, error }: RunEnd): Promise<void> {
  let isWritten = state.end(outcome, error);
  for (let attempt = 1; attempt <= RECORD_TRIES && !isWritten; attempt++) {
    await delay(200 * attempt);
    isWritten = state.publish();
  }
}
