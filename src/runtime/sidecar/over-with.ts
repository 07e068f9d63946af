import type { Jobs } from "../library/jobs.js";
import { fromWireError, PinokioError } from "../protocol/errors.js";
import type { Job } from "../protocol/jobs.js";

/** Waits for a job that another one stands for: it is ended with that. */
export const overWith =
  (jobs: Jobs) =>
  async (job: Job | null, signal: AbortSignal): Promise<void> => {
    if (job === null) return;
    const end = (): void => void jobs.cancel(job.id).catch(() => undefined); // it goes on where it must
    signal.addEventListener("abort", end, { once: true });
    const { error, state } = await jobs.done(job.id);
    signal.removeEventListener("abort", end);
    signal.throwIfAborted();
    if (error !== null) throw fromWireError(error);
    if (state === "cancelled") throw new PinokioError("cancelled", "It was cancelled");
  };
