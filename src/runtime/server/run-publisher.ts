import { isDeepStrictEqual } from "node:util";
import type { RunId } from "../protocol/ids.js";
import { isLive, type Run } from "../protocol/runs.js";

/** Turns every small change of a run into few events: moves of state at once, the rest at most four times a second. */
export interface RunPublisher {
  changed(run: Run): void;
  close(): void;
}

const BETWEEN_MS = 250;

export function createRunPublisher(publish: (run: Run) => void): RunPublisher {
  const published = new Map<RunId, Run>();
  const timers = new Map<RunId, NodeJS.Timeout>();
  const latest = new Map<RunId, Run>();

  const send = (run: Run) => {
    clearTimeout(timers.get(run.id));
    timers.delete(run.id);
    latest.delete(run.id);
    if (isLive(run)) published.set(run.id, run);
    else published.delete(run.id);
    publish(run);
  };

  return {
    changed: (run) => {
      const before = published.get(run.id);
      const urgent =
        before === undefined || before.state !== run.state || !isDeepStrictEqual(before.questions, run.questions);
      if (urgent) return send(run);
      latest.set(run.id, run);
      if (timers.has(run.id)) return;
      timers.set(
        run.id,
        setTimeout(() => {
          const newest = latest.get(run.id);
          if (newest !== undefined) send(newest);
        }, BETWEEN_MS),
      );
    },
    close: () => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
