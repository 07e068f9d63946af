import { rmSync } from "node:fs";
import { isLateAssertion } from "../base/late-assertion.js";
import type { Jobs } from "../library/jobs.js";
import { endLeftGit, markOf } from "../repositories/git.js";
import type { OpenedHome } from "./open-home.js";
import type { Phase } from "./phase.js";
import { removeRecords } from "./records.js";
import type { Runs } from "./runs.js";

/** Ends the sidecar and none of its apps, once: whoever asks again has been heard. */
type End = (reason: string, how?: { code?: number; asked?: boolean; isLost?: boolean }) => void;

interface EndingParts {
  opened: OpenedHome;
  phase: Phase;
  runs: Pick<Runs, "live">;
  jobs: Pick<Jobs, "close">;
  /** Tells everybody who is connected, and lets nobody in any more. */
  closeDoor(reason: string, asked: boolean): Promise<void>;
  /** What works behind everybody's back, in the order in which it ends. */
  workers(): readonly { close(): void }[];
}

/** The reply to the request that asked for the end goes out first. */
const REPLY_MS = 20;

export function createEnding({ opened, phase, runs, jobs, closeDoor, workers }: EndingParts): End {
  const { log } = opened;

  const leave = (code: number): void => {
    for (const worker of workers()) worker.close();
    // Runners need the folder for their sockets and the token.
    removeRecords(opened, { keepFolder: runs.live.length > 0 });
    opened.release();
    process.exit(code);
  };

  /** The home is another machine's: what is half done is left to it, as after a crash. */
  const leaveToOthers = (code: number): void => {
    void endLeftGit(markOf(opened.home)); // what it begins with happens at once
    rmSync(opened.local.sidecarRecord, { force: true });
    opened.release();
    process.exit(code);
  };

  return (reason, { code = 0, asked = false, isLost = false } = {}) => {
    if (phase.isEnding) return;
    phase.isEnding = true;
    log.write("info", "ending", { reason });
    if (isLost) {
      setTimeout(() => leaveToOthers(code), REPLY_MS);
      return void closeDoor(reason, asked).catch(() => undefined);
    }
    setTimeout(() => {
      void closeDoor(reason, asked)
        .catch((error: unknown) => log.write("error", "close failed", { error: String(error) }))
        .then(() => jobs.close())
        .finally(() => leave(code));
    }, REPLY_MS);
  };
}

export function endOnSignals(end: End, { log, onLost }: Pick<OpenedHome, "log" | "onLost">): void {
  onLost((reason) => end(reason, { isLost: true }));
  process.on("SIGTERM", () => end("The sidecar was asked to end by a signal"));
  process.on("SIGINT", () => end("The sidecar was interrupted"));
  process.on("SIGHUP", () => undefined); // a terminal that closes is no reason to end
  process.on("uncaughtException", (error) => {
    if (isLateAssertion(error)) return log.write("warn", "an answer ended early", { error: error.stack });
    log.write("error", "uncaught error", { error: error.stack });
    end("The sidecar met an error it did not expect; it is written in its log", { code: 1 });
  });
  process.on("unhandledRejection", (error) => {
    log.write("error", "unhandled rejection", { error: error instanceof Error ? error.stack : String(error) });
  });
}
