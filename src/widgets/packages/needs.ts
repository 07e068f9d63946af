import type { SidecarClient } from "../../runtime/client/sidecar-client.js";
import type { Inspection } from "../../runtime/protocol/apps.js";
import { fromWireError, toWireError } from "../../runtime/protocol/errors.js";
import type { JobId } from "../../runtime/protocol/ids.js";
import { isUnderWay, type Job } from "../../runtime/protocol/jobs.js";
import type { PackagePlan } from "../../runtime/protocol/package-requests.js";

/** A package that another one needs and that is not here yet, with what it would run. */
export interface NeededPackage {
  step: PackagePlan["steps"][number];
  /** Null where nothing of it is run. */
  inspection: Inspection | null;
}

/** What a package needs and is not here, what is needed first; null when somebody has ended the look at it. */
export async function lookAtNeeds(
  client: SidecarClient,
  id: string,
  onFetch: (job: JobId) => void,
): Promise<NeededPackage[] | null> {
  const { steps } = await client.request("packages.plan", { id });
  const needs: NeededPackage[] = [];
  for (const step of steps.slice(0, -1).filter(({ installed }) => !installed)) {
    if (step.inspect !== null && !(await isFetched(client, step.inspect, onFetch))) return null;
    const inspection = step.inspect === null ? null : await client.request("apps.inspect", { source: step.inspect });
    needs.push({ step, inspection });
  }
  return needs;
}

/** The same of an app, which may come without them: `problem` says why they cannot. */
export async function lookAtAppNeeds(
  client: SidecarClient,
  id: string,
  onFetch: (job: JobId) => void,
): Promise<{ needs: NeededPackage[]; problem: string | null } | null> {
  try {
    const needs = await lookAtNeeds(client, id, onFetch);
    return needs === null ? null : { needs, problem: null };
  } catch (error) {
    const { code, message } = toWireError(error);
    if (code !== "package-missing" && code !== "requirement-missing") throw error;
    return { needs: [], problem: message };
  }
}

/** What a person agrees to with all of them, as `packages.install` takes it. */
export const agreedWith = (needs: readonly NeededPackage[]): Record<string, string> =>
  Object.fromEntries(
    needs.flatMap(({ step, inspection }) => (inspection === null ? [] : [[step.id, inspection.fingerprint]])),
  );

export const isAnyWarned = (needs: readonly NeededPackage[]): boolean =>
  needs.some(({ step }) => step.warning !== null);

async function isFetched(client: SidecarClient, source: string, onFetch: (job: JobId) => void): Promise<boolean> {
  const { job } = await client.request("apps.fetch", { source });
  if (job === null) return true;
  onFetch(job.id);
  return isDone(client, job);
}

const WAIT_MS = 30_000;

/** False when somebody has ended it, who knows that. */
export async function isDone(client: SidecarClient, begun: Job): Promise<boolean> {
  let job = begun;
  while (isUnderWay(job)) job = await client.request("jobs.wait", { jobId: job.id, waitMs: WAIT_MS });
  if (job.error !== null) throw fromWireError(job.error);
  return job.state === "done";
}
