import { randomBytes } from "node:crypto";
import { RunId } from "../protocol/ids.js";

/** Sorts by time: ids made later come later in the alphabet. */
export function newRunId(now: number): RunId {
  const time = Math.floor(now / 1000)
    .toString(36)
    .padStart(7, "0");
  const salt = [...randomBytes(5)].map((byte) => (byte % 36).toString(36)).join("");
  return RunId.parse(`run_${time.slice(-7)}${salt}`);
}
