import { appendFileSync, writeFileSync } from "node:fs";
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
      const isUntold = ["already", "waiting", "timeout", "crashed", "lost"].includes(outcome);
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

const TOLD_AS: Partial<Record<Followed["outcome"], string>> = { already: "daemon", crashed: "failed", lost: "failed" };
