import { bareAppName } from "../protocol/ids.js";
import type { Run } from "../protocol/runs.js";

/** Whether a run is one that a person has named: by its id, its app, or its script (app/start.js). */
export function isMeantBy(which: string): (run: Run) => boolean {
  const name = bareAppName(which);
  return ({ id, appId, script }) => [id, appId, script].some((one) => one === name);
}
