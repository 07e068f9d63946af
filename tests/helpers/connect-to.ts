import { join } from "node:path";
import { createSidecarClient, type SidecarClient } from "../../src/runtime/client/sidecar-client.js";
import { createSocketTransport } from "../../src/runtime/cli/socket-transport.js";
import { readSidecarRecord } from "../../src/runtime/storage/sidecar-record.js";
import { type TestHome, until } from "./command-line.js";

/** A client of the home's sidecar, as a view is one. */
export async function connectTo(home: TestHome): Promise<SidecarClient> {
  await home.run("up");
  const { socket, tokenFile } = readSidecarRecord(join(home.path, "run/sidecar.json"))!;
  const client = createSidecarClient({
    transport: createSocketTransport(socket, tokenFile),
    timers: { setTimeout, clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout), now: Date.now },
    client: { name: "test", version: "0" },
    reconnect: false,
  });
  await until(
    () => client.state,
    (state) => state !== null,
  );
  return client;
}
