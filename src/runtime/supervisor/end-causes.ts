import { bootId } from "../base/processes.js";
import type { RunRecord } from "../protocol/channel.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import type { Outcome } from "../protocol/runs.js";

const lost = (outcome: Outcome, message: string, hint: string): [Outcome, WireError] => [
  outcome,
  toWireError(new PinokioError("runner-lost", message, { hint })),
];

const REBOOTED = lost("lost", "The machine was restarted while this script ran", "Start it again");
export const NEVER_STARTED = lost("lost", "The machine was restarted before this script was started", "Start it again");
const CRASHED = lost(
  "crashed",
  "The process that ran this script was killed or crashed",
  "Its last output is kept; start it again",
);

/** Why a run is over whose runner is gone. */
export const causeOf = ({ process: runner }: RunRecord): [Outcome, WireError] =>
  runner !== null && runner.bootId !== bootId() ? REBOOTED : CRASHED;
