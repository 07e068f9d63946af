import type { SidecarClient } from "../runtime/client/sidecar-client.js";
import { pathOfPorts, reachesPorts, type Surroundings } from "./open-url.js";

const told = new WeakSet<SidecarClient>();

/**
 * Tells the sidecar below which path this browser reaches ports, whenever it is connected: programs that have to know
 * it for their pages are started with it.
 */
export function tellPagePath(client: SidecarClient, lookAround: () => Promise<Surroundings>): void {
  if (reachesPorts(location.href) || told.has(client)) return;
  told.add(client); // views of one kernel share theirs
  let wasConnected = false;
  const tell = async (): Promise<void> => {
    const path = pathOfPorts(await lookAround());
    if (path !== null) await client.request("pages.through", { path });
  };
  const follow = (): void => {
    const isConnected = client.connection.kind === "connected";
    // Who cannot look around says so when a page is opened; a sidecar of another version may not know the request.
    if (isConnected && !wasConnected) tell().catch(() => undefined);
    wasConnected = isConnected;
  };
  client.subscribe(follow);
  follow();
}
