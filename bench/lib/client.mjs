// The client that the command line and the browser use, bundled here for Node.
import { buildSync } from "esbuild";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const SOURCE = `
  export { createSocketTransport } from "./src/runtime/cli/socket-transport.js";
  export { createSidecarClient } from "./src/runtime/client/sidecar-client.js";
`;

/** Writes the bundle and returns its file. */
export function bundleClient({ root, folder }) {
  const outfile = join(folder, "client.mjs");
  buildSync({
    stdin: { contents: SOURCE, resolveDir: root, loader: "ts" },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    logLevel: "silent",
  });
  return outfile;
}

/** How to open clients with that bundle; `transport` is one of its own or one that looks like it. */
export async function loadClient(file) {
  const { createSidecarClient, createSocketTransport } = await import(pathToFileURL(file).href);
  const timers = { setTimeout, clearTimeout, now: Date.now };
  const openClient = (transport) =>
    createSidecarClient({
      transport,
      timers,
      client: { name: "bench", version: "0" },
      events: false,
      reconnect: false,
    });
  return { openClient, createSocketTransport };
}
