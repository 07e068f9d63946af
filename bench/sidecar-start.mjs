// How long a person waits for a sidecar that does not run yet.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { BARE_SERVER } from "./lib/bare-node.mjs";
import { bundleClient, loadClient } from "./lib/client.mjs";
import { firstLine } from "./lib/first-line.mjs";
import { makeHome } from "./lib/homes.mjs";
import { cpuMs, endProcess } from "./lib/processes.mjs";
import { describePeer, mean, median } from "./lib/statistics.mjs";

export const name = "Sidecar: start";

export async function run(context) {
  const client = await loadClient(bundleClient(context));
  const rounds = context.quick ? 3 : 15;
  const times = { bare: [], sidecar: [], up: [], upAgain: [] };
  const cpu = { bare: [], sidecar: [] };
  for (let round = 0; round < rounds; round++) {
    const bare = await startBareNode(context);
    times.bare.push(bare.ms);
    cpu.bare.push(bare.cpu);
    const sidecar = await startSidecar(context, client);
    times.sidecar.push(sidecar.ms);
    cpu.sidecar.push(sidecar.cpu);
    const { first, again } = await startThroughCommandLine(context, client);
    times.up.push(first);
    times.upAgain.push(again);
  }
  const row = (label, ours, aim) => ({
    name: label,
    value: median(ours),
    unit: "ms",
    aim,
    peer: describePeer("bare Node 24", "ms", ours, times.bare),
  });
  return [
    row("process to first answered request", times.sidecar, "≤ 250"),
    row("`pinokiocloud up` to first answered request", times.up),
    row("the same when it runs already", times.upAgain),
    // Unlike the times above, this hardly depends on what else the machine does.
    {
      name: "processor time of the process until then",
      value: mean(cpu.sidecar),
      unit: "ms",
      peer: `bare Node 24 ${mean(cpu.bare).toFixed(0)} ms`,
    },
  ];
}

/** As the command line starts it, in a home that does not exist yet. */
async function startSidecar(context, client) {
  const home = makeHome(context);
  const begun = performance.now();
  const child = spawn(
    context.node,
    ["--disable-warning=ExperimentalWarning", join(context.staticDir, "sidecar.mjs"), "--home", home.path],
    { cwd: "/", env: home.env, stdio: ["ignore", "ignore", "inherit", "pipe"] },
  );
  try {
    await firstLine(child.stdio[3]);
    await askOnce(client, home.record());
    return { ms: performance.now() - begun, cpu: cpuMs(child.pid) };
  } finally {
    await home.end();
  }
}

async function startThroughCommandLine(context, client) {
  const home = makeHome(context);
  const upAndAsk = async () => {
    const begun = performance.now();
    await askOnce(client, await home.up());
    return performance.now() - begun;
  };
  try {
    return { first: await upAndAsk(), again: await upAndAsk() };
  } finally {
    await home.end();
  }
}

async function askOnce({ openClient, createSocketTransport }, { socket, tokenFile }) {
  const client = openClient(createSocketTransport(socket, tokenFile));
  await client.request("sidecar.status", {});
  client.close();
}

async function startBareNode({ node, folder }) {
  const path = join(mkdtempSync(join(folder, "bare-")), "socket");
  const begun = performance.now();
  const child = spawn(node, ["-e", BARE_SERVER, path], { cwd: "/", stdio: ["ignore", "ignore", "inherit", "pipe"] });
  try {
    await firstLine(child.stdio[3]);
    const socket = connect(path);
    socket.write("ping\n");
    await once(socket, "data");
    return { ms: performance.now() - begun, cpu: cpuMs(child.pid) };
  } finally {
    await endProcess(child.pid);
  }
}
