import { keepReserve } from "../base/reserve.js";
import type { Jobs } from "../library/jobs.js";
import { isUnderWay } from "../protocol/jobs.js";

/** Keeps room for removals on the home's disk; where there is none, the end of a job may have made some. */
export function holdReserve(home: string, jobs: Jobs): void {
  keepReserve(home);
  jobs.onChanged((job) => {
    if (!isUnderWay(job)) keepReserve(home);
  });
}
