import { appendFileSync, closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { toWireError } from "../protocol/errors.js";
import type { Run } from "../protocol/runs.js";
import type { Followed } from "./start-and-follow.js";

/** The part of a trace that a run itself cannot tell: how the command that started it saw it. */
export function startTrace(file: string | undefined, script: string) {
  if (file !== undefined) writeFileSync(file, "");
  const write = (event: object): void => {
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(event)}\n`);
  };
  return {
    followed: (outcome: Followed["outcome"], run: Run): void => {
      // A run tells its own end; it is told for it when it still goes on, or ended because of us or without a word.
      const isUntold = ["already", "waiting", "crashed", "lost"].includes(outcome);
      if (outcome === "timeout" && !(file !== undefined && saidLate(file, run.script))) {
        write({ type: "end", script: run.script, outcome });
      }
      if (outcome === "crashed" || outcome === "lost") {
        write({ type: "error", script: run.script, message: run.end?.error?.message ?? "The run is gone" });
      }
      if (isUntold) write({ type: "end", script: run.script, outcome: TOLD_AS[outcome] ?? outcome });
    },
    failed: (error: unknown): void => {
      write({ type: "error", script, message: toWireError(error).message });
      write({ type: "end", script, outcome: "failed" });
    },
  };
}

/**
 * A run that we have stopped has said so itself: that line is made to tell that it was late, in place, since scripts
 * that it has started may be writing to the file. Both words are of one length.
 */
function saidLate(file: string, script: string): boolean {
  const said = Buffer.from(`${JSON.stringify({ type: "end", script, outcome: "stopped" })}\n`);
  const late = Buffer.from(`${JSON.stringify({ type: "end", script, outcome: "timeout" })}\n`);
  const at = existsSync(file) ? readFileSync(file).lastIndexOf(said) : -1;
  if (at < 0) return false;
  const fd = openSync(file, "r+");
  writeSync(fd, late, 0, late.length, at);
  closeSync(fd);
  return true;
}

const TOLD_AS: Partial<Record<Followed["outcome"], string>> = { already: "daemon", crashed: "failed", lost: "failed" };
