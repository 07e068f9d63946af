import type { SidecarClient } from "../client/sidecar-client.js";
import type { Failure } from "../protocol/failures.js";
import type { Run } from "../protocol/runs.js";

/** Why it failed; a sidecar that cannot say keeps nobody from hearing that it did. */
export async function failureOf(client: SidecarClient, { id, end }: Run): Promise<Failure | null> {
  if (end === null || end.outcome === "finished" || end.outcome === "stopped") return null;
  return client.request("runs.diagnose", { runId: id }).catch(() => null);
}
