import type { SidecarClient } from "../../runtime/client/sidecar-client.js";

/** For about as long as browsers take a click for the reason of what a page does. */
const RECENT_MS = 5_000;

const starts = new WeakMap<SidecarClient, Map<string, number>>();

/** A person has just started something of this app, here. */
export function noteStart(client: SidecarClient, appId: string): void {
  const known = starts.get(client) ?? new Map<string, number>();
  starts.set(client, known.set(appId, Date.now()));
}

/** True once after such a click: of all views of a page, one opens what the script then wants opened. */
export function takeStart(client: SidecarClient, appId: string): boolean {
  const known = starts.get(client);
  const at = known?.get(appId);
  if (known === undefined || at === undefined) return false;
  known.delete(appId);
  return Date.now() - at <= RECENT_MS;
}
