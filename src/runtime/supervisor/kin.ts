import type { RunId } from "../protocol/ids.js";
import type { Run } from "../protocol/runs.js";
import type { FollowedRun } from "./followed-run.js";

/** Which runs belong together: of the same app, or started by one another. */
export function createKin(followed: ReadonlyMap<RunId, FollowedRun>) {
  const rootOf = (id: RunId): RunId => {
    let root = id;
    for (let above = followed.get(id)?.record.run.parent; above != null && above !== id;) {
      root = above;
      above = followed.get(above)?.record.run.parent;
    }
    return root;
  };
  const kinOf = new Map<RunId, readonly FollowedRun[]>();
  const of = (id: RunId): Run[] => {
    const known = kinOf.get(id) ?? findKin(id);
    kinOf.set(id, known); // asked for with every piece of output
    return known.map(({ record }) => record.run);
  };
  const findKin = (id: RunId): FollowedRun[] => {
    const root = rootOf(id);
    const app = followed.get(id)?.record.run.appId ?? null;
    return [...followed.values()].filter(
      ({ record: { run } }) => (app !== null && run.appId === app) || rootOf(run.id) === root,
    );
  };
  /** Other runs are followed than before. */
  const forget = (): void => kinOf.clear();
  return { of, forget };
}
