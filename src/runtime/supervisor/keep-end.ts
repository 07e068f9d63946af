import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import type { Log } from "../base/log.js";
import { RunRecord } from "../protocol/channel.js";
import { isLive } from "../protocol/runs.js";
import type { RunPaths } from "../storage/paths.js";

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2_000;

/** Writes down how a run ended where nobody else has; on a full disk as soon as there is room. */
export async function keepEnd(
  record: RunRecord,
  { folder, record: file }: Pick<RunPaths, "folder" | "record">,
  { isOver, log }: { isOver(): boolean; log: Log },
): Promise<void> {
  const { id } = record.run;
  for (let wait = FIRST_WAIT_MS; !isOver(); wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    if (!existsSync(folder)) return; // what somebody has removed does not come back
    const known = readState(file, RunRecord);
    if (known.kind === "read" && !isLive(known.value.run)) return;
    try {
      return writeJsonAtomic(file, record, 0o600);
    } catch (error) {
      if (wait === FIRST_WAIT_MS) log.write("error", "run record not written", { run: id, error: String(error) });
    }
    await delay(wait, undefined, { ref: false });
  }
}
