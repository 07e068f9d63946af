// What supervision costs while twenty programs run and do nothing.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { BARE_SERVER } from "./lib/bare-node.mjs";
import { firstLine } from "./lib/first-line.mjs";
import { recordedOf } from "./lib/peer-packages.mjs";
import { cpuMs, endProcess, residentBytes } from "./lib/processes.mjs";
import { killMarked, makeMoments, newMark, placePrograms } from "./lib/programs.mjs";
import { joinPeers, median } from "./lib/statistics.mjs";
import { PEERS, SUPERVISORS, withSupervisor } from "./lib/supervisors.mjs";

export const name = "Supervisor: idle";

const READY = fileURLToPath(new URL("./lib/ready.py", import.meta.url));
const PROGRAMS = 20;

export async function run(context) {
  const settleMs = context.quick ? 3_000 : 30_000;
  const watchMs = context.quick ? 10_000 : 60_000;
  const bare = spawn(context.node, ["-e", BARE_SERVER, join(context.folder, "idle-beside-runs.sock")], {
    cwd: "/",
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  try {
    await firstLine(bare.stdio[3]);
    const ours = await watch(context, SUPERVISORS.ours, settleMs, watchMs);
    const bareMemory = residentBytes(bare.pid) / 1e6;
    const found = [];
    for (const open of Object.values(PEERS)) found.push(await watch(context, open, settleMs, watchMs));
    const peers = found.filter((peer) => peer !== null);
    const isShort = peers.length < found.length;
    const beside = (what, key, unit, digits) =>
      joinPeers(
        ...peers.map((peer) => `${peer.name} ${peer[key].toFixed(digits)} ${unit}`),
        isShort ? recordedOf(what) : "",
      );
    return [
      {
        name: "memory of a runner whose program runs",
        value: ours.runner,
        unit: "MB",
        aim: "≤ bare Node + 25",
        peer: `bare Node 24 ${bareMemory.toFixed(1)} MB, + ${(ours.runner - bareMemory).toFixed(1)}`,
      },
      { name: `memory of the sidecar with ${PROGRAMS} runs`, value: ours.sidecar, unit: "MB" },
      {
        name: "memory of all supervision, what is shared counted once",
        value: ours.memory,
        unit: "MB",
        peer: beside("memory", "memory", "MB", 0),
      },
      {
        name: `processor over ${watchMs / 1000} s, runners and sidecar together`,
        value: ours.cpu,
        unit: "%",
        aim: "≤ 0.5",
        peer: joinPeers(`of it the sidecar ${ours.sidecarCpu.toFixed(2)} %`, beside("idle", "cpu", "%", 2)),
      },
    ];
  } finally {
    await endProcess(bare.pid);
  }
}

async function watch(context, open, settleMs, watchMs) {
  const mark = newMark();
  const moments = makeMoments(join(context.folder, "moments"));
  const commands = Array(PROGRAMS).fill(`exec python3 -S '${READY}' '${moments.folder}' ${mark}`);
  const programs = placePrograms(join(context.folder, "programs"), commands, mark);
  try {
    return await withSupervisor(open, context, programs, async (supervisor) => {
      await supervisor.start();
      await moments.all(PROGRAMS);
      await sleep(settleMs);
      const { pids } = supervisor;
      const before = pids.map(cpuMs);
      await sleep(watchMs);
      const spent = pids.map((pid, index) => ((cpuMs(pid) - before[index]) / watchMs) * 100);
      return {
        name: supervisor.name,
        cpu: spent.reduce((sum, each) => sum + each, 0),
        sidecarCpu: spent[0],
        memory: pids.reduce((sum, pid) => sum + proportionalBytes(pid), 0) / 1e6,
        sidecar: residentBytes(pids[0]) / 1e6,
        runner: supervisor.runnerPids === undefined ? 0 : median(supervisor.runnerPids.map(residentBytes)) / 1e6,
      };
    });
  } finally {
    await killMarked(mark);
  }
}

/** Memory of a process where each page counts for its share of those that have it. */
function proportionalBytes(pid) {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}
