import type { RunId } from "../protocol/ids.js";
import type { Source } from "./finders/finder.js";

interface RunOfApp {
  id: RunId;
  script: string;
  startedAt: string;
}

/** Runs that go on with what they read before it was changed. */
export const outdatedRuns = (
  runs: readonly RunOfApp[],
  changedAt: Readonly<Record<string, string>>,
  sources: readonly Source[],
): RunId[] =>
  runs
    .filter(({ script, startedAt }) =>
      sources.some(({ id, readBy }) => {
        const isRead = readBy === null || readBy.includes(script);
        return isRead && Date.parse(changedAt[id] ?? "") > Date.parse(startedAt);
      }),
    )
    .map(({ id }) => id);
