import type { SidecarClient } from "../../runtime/client/sidecar-client.js";
import type { JobId } from "../../runtime/protocol/ids.js";

/** What a person has ordered here, and what takes it back. */
export interface RecentChange {
  /** In words, once it is done. */
  done: string;
  /** Of the trash. */
  entry: string;
}

const changes = new WeakMap<SidecarClient, Map<JobId, RecentChange>>();

export function noteChange(client: SidecarClient, job: JobId, change: RecentChange): void {
  const known = changes.get(client) ?? new Map<JobId, RecentChange>();
  changes.set(client, known.set(job, change));
}

/** What a job was ordered for; once, so that of all views of a page one offers to take it back. */
export function takeChange(client: SidecarClient, job: JobId): RecentChange | null {
  const known = changes.get(client);
  const change = known?.get(job) ?? null;
  known?.delete(job);
  return change;
}
