import type { RunGroups, RunRequest } from "../protocol/channel.js";
import type { AppId, RunId } from "../protocol/ids.js";

/** Groups of the system that hold everything a run starts. */
export interface GroupsOfRuns {
  /** Null where none can be made. */
  make(id: RunId, appId: AppId | null): RunGroups | null;
  /** The run is over. */
  remove(groups: RunGroups): void;
}

/** Which groups each run has; a sidecar that was started later reads them from the run's request. */
export function createGroupsOfRuns(groups: GroupsOfRuns, requestOf: (id: RunId) => RunRequest | null) {
  const madeGroups = new Map<RunId, RunGroups | null>();
  const make = (id: RunId, appId: AppId | null): RunGroups | null => {
    const made = groups.make(id, appId);
    madeGroups.set(id, made);
    return made;
  };
  const of = (id: RunId): RunGroups | null => {
    const made = madeGroups.get(id);
    return made === undefined ? (requestOf(id)?.groups ?? null) : made;
  };
  const giveBack = (id: RunId): void => {
    const found = of(id);
    madeGroups.delete(id);
    if (found !== null) groups.remove(found);
  };
  return { make, of, giveBack, remove: (made: RunGroups) => groups.remove(made) };
}
