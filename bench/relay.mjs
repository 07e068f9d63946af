// How fast a run's output reaches a viewer through the Jupyter server.
import { execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundleClient } from "./lib/client.mjs";
import { placeFinishedRun } from "./lib/finished-run.mjs";
import { firstLine } from "./lib/first-line.mjs";
import { makeHome } from "./lib/homes.mjs";
import { startJupyterServer } from "./lib/jupyter-server.mjs";
import { cpuMs, endProcess, residentBytes } from "./lib/processes.mjs";
import { describePeer, median } from "./lib/statistics.mjs";

export const name = "Output through the Jupyter server";

const runProgram = promisify(execFile);

const VIEWER = fileURLToPath(new URL("./lib/view-output.mjs", import.meta.url));
const BARE_WEBSOCKET = fileURLToPath(new URL("./lib/bare_websocket.py", import.meta.url));

export async function run(context) {
  const bytes = context.quick ? 50e6 : 200e6;
  const rounds = context.quick ? 2 : 7;
  const home = makeHome(context);
  const ending = [() => home.end()];
  try {
    const { runId, log } = placeFinishedRun(home.path, bytes);
    const { pid, socket, tokenFile } = await home.up();
    const bare = spawn(context.python, [BARE_WEBSOCKET, log], { stdio: ["ignore", "pipe", "inherit"] });
    ending.push(() => endProcess(bare.pid));
    const jupyter = await startJupyterServer(context, home.env);
    ending.push(() => jupyter.end());

    const clientFile = bundleClient(context);
    const relay = { kind: "websocket", url: jupyter.relayUrl };
    const ways = {
      plain: { way: { kind: "plain", url: `ws://127.0.0.1:${await firstLine(bare.stdout)}/` } },
      socket: { way: { kind: "socket", socket, tokenFile } },
      relay: { way: relay },
      stalled: { way: relay, stalledSecond: true },
    };
    const speeds = { plain: [], socket: [], relay: [], stalled: [] };
    const costs = { sidecar: [], jupyter: [] };
    for (let round = 0; round < rounds; round++) {
      for (const [key, what] of Object.entries(ways)) {
        const before = [pid, jupyter.pid].map(cpuMs);
        speeds[key].push(await view(context, { clientFile, runId, ...what }, bytes));
        if (key !== "relay") continue;
        costs.sidecar.push((cpuMs(pid) - before[0]) / (bytes / 1e6));
        costs.jupyter.push((cpuMs(jupyter.pid) - before[1]) / (bytes / 1e6));
      }
    }

    const row = (label, ours, aim) => ({
      name: label,
      value: median(ours),
      unit: "MB/s",
      aim,
      peer: describePeer("bare tornado WebSocket", "MB/s", ours, speeds.plain),
    });
    const cost = (label, values) => ({ name: label, value: median(values), unit: "ms per MB" });
    return [
      row("relay", speeds.relay, "≥ 40"),
      row("relay, a second viewer stalled", speeds.stalled, "≥ 40"),
      row("unix socket, without Jupyter", speeds.socket),
      cost("processor time of the Jupyter server", costs.jupyter),
      cost("processor time of the sidecar", costs.sidecar),
      { name: "memory of the sidecar afterwards", value: residentBytes(pid) / 1e6, unit: "MB" },
      { name: "memory of the Jupyter server afterwards", value: residentBytes(jupyter.pid) / 1e6, unit: "MB" },
    ];
  } finally {
    for (const end of ending.reverse()) await end();
  }
}

/** Lets one viewer see the whole output and returns MB per second. */
async function view({ node }, what, bytes) {
  const { stdout } = await runProgram(node, [VIEWER, JSON.stringify(what)]);
  const result = JSON.parse(stdout);
  if (result.bytes !== bytes) throw new Error(`The viewer got ${result.bytes} of ${bytes} bytes.`);
  return bytes / 1e6 / (result.ms / 1000);
}
