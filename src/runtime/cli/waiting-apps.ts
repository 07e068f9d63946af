import type { SidecarClient } from "../client/sidecar-client.js";
import type { App } from "../protocol/apps.js";
import { onOneLine } from "./words.js";

/** What those of these apps wait for that are queued. */
export async function waitingTexts(client: SidecarClient, apps: readonly App[]): Promise<string[]> {
  const queued = new Set<string>(apps.filter(({ status }) => status === "queued").map(({ id }) => id));
  if (queued.size === 0) return [];
  const runs = await client.request("runs.list", {});
  return runs
    .filter(({ appId, state }) => state === "queued" && queued.has(appId ?? ""))
    .map(({ appId, waitsFor = [] }) => onOneLine(`${appId} waits for ${waitsFor.join(", ")} to be ready`));
}
