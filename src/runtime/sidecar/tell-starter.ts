import { closeSync, writeSync } from "node:fs";

/** File descriptor on which the starter hears how the start went: one JSON line, after spaces while it takes its time. */
const READY_FD = 3;

const EVERY_MS = 2_000;

/** What was cut off may take long to finish: the starter waits for as long as it hears of it. */
export async function tellingStarter(work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => {
    try {
      writeSync(READY_FD, " ");
    } catch {
      // started by hand: nobody listens
    }
  }, EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

export function tellStarter(message: unknown): void {
  try {
    writeSync(READY_FD, JSON.stringify(message) + "\n");
    closeSync(READY_FD); // nothing that is started later may hold it open
  } catch {
    // started by hand: nobody listens
  }
}
