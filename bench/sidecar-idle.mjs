// What a sidecar costs while nobody uses it.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BARE_SERVER } from "./lib/bare-node.mjs";
import { firstLine } from "./lib/first-line.mjs";
import { makeHome } from "./lib/homes.mjs";
import { cpuMs, endProcess, residentBytes } from "./lib/processes.mjs";

export const name = "Sidecar: idle";

export async function run(context) {
  const settleMs = context.quick ? 5_000 : 20_000;
  const watchMs = context.quick ? 10_000 : 60_000;
  const home = makeHome(context);
  const bare = spawn(context.node, ["-e", BARE_SERVER, join(context.folder, "idle.sock")], {
    cwd: "/",
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  try {
    await firstLine(bare.stdio[3]);
    const { pid } = await home.up();
    await sleep(settleMs);
    const memory = [pid, bare.pid].map((each) => residentBytes(each) / 1e6);
    const before = [pid, bare.pid].map(cpuMs);
    await sleep(watchMs);
    const [sidecarCpu, bareCpu] = [pid, bare.pid].map((each, index) => ((cpuMs(each) - before[index]) / watchMs) * 100);
    return [
      {
        name: `memory after ${settleMs / 1000} s`,
        value: memory[0],
        unit: "MB",
        aim: "≤ 70",
        peer: `bare Node 24 ${memory[1].toFixed(1)} MB, × ${(memory[0] / memory[1]).toFixed(2)}`,
      },
      {
        name: `processor over ${watchMs / 1000} s`,
        value: sidecarCpu,
        unit: "%",
        aim: "≤ 0.1",
        peer: `bare Node 24 ${bareCpu.toFixed(3)} %`,
      },
    ];
  } finally {
    await endProcess(bare.pid);
    await home.end();
  }
}
