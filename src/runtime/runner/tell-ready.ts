import { closeSync, fstatSync, writeSync } from "node:fs";

const READY_FD = 3;

/** The starter waits there for the socket to listen. Without a starter something else may have that number. */
export function tellReady(): void {
  try {
    const given = fstatSync(READY_FD);
    if (!given.isFIFO() && !given.isSocket()) return;
    writeSync(READY_FD, "ready\n");
    closeSync(READY_FD);
  } catch {
    // nobody waits
  }
}
