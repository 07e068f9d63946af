// A viewer in a process of its own, on Node 24: shows a run's output and says as JSON how fast it came.
import { loadClient } from "./client.mjs";

const { clientFile, way, runId, stalledSecond = false } = JSON.parse(process.argv[2]);

const result = way.kind === "plain" ? await countBytes(way.url) : await viewRun();
console.log(JSON.stringify(result));
process.exit(0);

async function viewRun() {
  const { openClient, createSocketTransport } = await loadClient(clientFile);
  const open = () =>
    openClient(way.kind === "socket" ? createSocketTransport(way.socket, way.tokenFile) : webSocketTransport(way.url));

  if (stalledSecond) await stall(open());
  const client = open();
  await client.request("sidecar.status", {}); // connected
  const begun = performance.now();
  let bytes = 0;
  await new Promise((resolve, reject) => {
    client.openOutput(runId, {
      onBytes: (piece) => void (bytes += piece.length),
      onGap: (from, to) => reject(new Error(`Bytes ${from} to ${to} are missing.`)),
      onEnd: resolve,
      onError: reject,
    });
  });
  return { bytes, ms: performance.now() - begun };
}

/** Resolves once a viewer has what its first credit allows; it never gives any more. */
function stall(client) {
  return new Promise((resolve, reject) => {
    client.openOutput(runId, {
      onBytes: () => {
        resolve();
        return new Promise(() => {});
      },
      onError: reject,
    });
  });
}

/** As the browser's, without what explains failures. */
function webSocketTransport(url) {
  return {
    name: "websocket",
    open: (listener) =>
      new Promise((resolve, reject) => {
        const socket = new globalThis.WebSocket(url);
        socket.binaryType = "arraybuffer";
        socket.onopen = () => resolve({ send: (frame) => socket.send(frame), close: () => socket.close() });
        socket.onmessage = ({ data }) => listener.onFrame(typeof data === "string" ? data : new Uint8Array(data));
        socket.onclose = ({ code, reason }) => {
          const message = `The WebSocket was closed: ${code} ${reason}`;
          reject(new Error(message));
          listener.onClosed({ code: "not-connected", message });
        };
      }),
  };
}

/** For a WebSocket that sends and closes, without a protocol of ours. */
function countBytes(url) {
  return new Promise((resolve, reject) => {
    const socket = new globalThis.WebSocket(url);
    socket.binaryType = "arraybuffer";
    let bytes = 0;
    let begun = 0;
    socket.onopen = () => (begun = performance.now());
    socket.onmessage = ({ data }) => (bytes += data.byteLength);
    socket.onclose = () => resolve({ bytes, ms: performance.now() - begun });
    socket.onerror = () => reject(new Error(`${url} does not answer.`));
  });
}
