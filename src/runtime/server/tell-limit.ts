import type { RunId } from "../protocol/ids.js";

/** More than this from one run in a second nobody can take in. */
const MOST_PER_SECOND = 20;

/** Whether what a run tells is passed on: a loop may tell without end. */
export function createTellLimit(now: () => number = Date.now): (id: RunId) => boolean {
  let second = 0;
  const told = new Map<RunId, number>();
  return (id) => {
    const current = Math.floor(now() / 1_000);
    if (current !== second) told.clear();
    second = current;
    const count = (told.get(id) ?? 0) + 1;
    told.set(id, count);
    return count <= MOST_PER_SECOND;
  };
}
