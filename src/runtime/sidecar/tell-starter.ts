import { closeSync, writeSync } from "node:fs";

/** File descriptor on which the starter hears how the start went: one JSON line. */
const READY_FD = 3;

export function tellStarter(message: unknown): void {
  try {
    writeSync(READY_FD, JSON.stringify(message) + "\n");
    closeSync(READY_FD); // nothing that is started later may hold it open
  } catch {
    // started by hand: nobody listens
  }
}
