// What people see of twenty programs that print at once while one of those who watch has stalled.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { bundleClient } from "./lib/client.mjs";
import { firstLine } from "./lib/first-line.mjs";
import { cpuMs, residentBytes } from "./lib/processes.mjs";
import { killMarked, makeMoments, newMark, placePrograms } from "./lib/programs.mjs";
import { median } from "./lib/statistics.mjs";
import { SUPERVISORS, withSupervisor } from "./lib/supervisors.mjs";

export const name = "Supervisor: many viewers";

const PRINTER = fileURLToPath(new URL("./lib/stamped_lines.py", import.meta.url));
const VIEWER = fileURLToPath(new URL("./lib/view-lines.mjs", import.meta.url));
const RUNS = 20;
const VIEWERS = 10;
/** Each run is watched by two viewers, so that those of the stalled one have another one too. */
const RUNS_PER_VIEWER = (2 * RUNS) / VIEWERS;
const BYTES_PER_SECOND = 10e6;
/** Twenty processes that compile what they do for the first time, all at once, are not what is measured. */
const WARM_UP_MS = 3_000;

export async function run(context) {
  const seconds = context.quick ? 8 : 18;
  const rounds = context.quick ? 1 : 3;
  const measured = [];
  for (let round = 0; round < rounds; round++) measured.push(await once(context, seconds));
  const of = (key) => median(measured.map((each) => each[key]));
  const lines = measured.reduce((sum, each) => sum + each.lines, 0);
  return [
    {
      name: `line to viewer, ${RUNS} programs, ${VIEWERS} viewers of which one stalls, ${BYTES_PER_SECOND / 1e6} MB/s: 99th of 100`,
      value: of("p99"),
      unit: "ms",
      aim: "≤ 50",
      peer: `half of them ${of("p50").toFixed(1)} ms, the slowest ${of("slowest").toFixed(0)} ms`,
    },
    { name: "lines that were missing or twice", value: 0, unit: "", aim: "0", peer: `of ${lines}` },
    {
      name: "memory of the sidecar at most, beyond that before",
      value: of("extraMemory"),
      unit: "MB",
      aim: "≤ 32",
    },
    { name: "processor time of the sidecar", value: of("sidecarCpu"), unit: "%" },
    { name: "processor time of the twenty runners together", value: of("runnersCpu"), unit: "%" },
  ];
}

async function once(context, seconds) {
  const mark = newMark();
  const there = makeMoments(join(context.folder, "moments"));
  const go = join(context.folder, `${mark}.go`);
  const commands = Array(RUNS).fill(
    `exec python3 -S '${PRINTER}' ${BYTES_PER_SECOND / RUNS} ${seconds} '${go}' '${there.folder}' ${mark}`,
  );
  const programs = placePrograms(join(context.folder, "programs"), commands, mark);
  try {
    return await withSupervisor(SUPERVISORS.ours, context, programs, async (ours) => {
      await ours.start();
      await there.all(RUNS);
      const order = {
        clientFile: bundleClient(context),
        socket: ours.socket,
        tokenFile: ours.tokenFile,
        warmUpMs: WARM_UP_MS,
        viewers: Array.from({ length: VIEWERS }, (_, viewer) => ({
          runIds: Array.from({ length: RUNS_PER_VIEWER }, (_, n) => ours.runIds[(viewer * 2 + n) % RUNS]),
          stallsMs: viewer === 0 ? seconds * 1_000 : 0,
        })),
      };
      // What the stalled one catches up with in the end is no work for the process of the others.
      const [stalled, ...others] = order.viewers;
      const answers = [];
      for (const viewers of [[stalled], others]) answers.push(await watch(context, { ...order, viewers }));
      await sleep(1_000);
      const runners = ours.runnerPids;
      const memoryBefore = residentBytes(ours.pid);
      const cpuBefore = { sidecar: cpuMs(ours.pid), runners: runners.map(cpuMs) };
      let most = memoryBefore;
      writeFileSync(go, "");
      for (const end = performance.now() + seconds * 1_000; performance.now() < end; await sleep(100)) {
        most = Math.max(most, residentBytes(ours.pid));
      }
      const percent = (ms) => (ms / (seconds * 1_000)) * 100;
      const sidecarCpu = percent(cpuMs(ours.pid) - cpuBefore.sidecar);
      const runnersCpu = percent(runners.reduce((sum, pid, n) => sum + cpuMs(pid) - cpuBefore.runners[n], 0));
      const [late, { p50, p99, slowest, lines: seen, wrong: lost }] = await Promise.all(
        answers.map((answer) => answer()),
      );
      const lines = late.lines + seen;
      const wrong = [...late.wrong, ...lost];
      most = Math.max(most, residentBytes(ours.pid));
      if (wrong.length > 0) throw new Error(`Lines were lost: ${wrong.slice(0, 5).join("; ")}`);
      return { p50, p99, slowest, lines, sidecarCpu, runnersCpu, extraMemory: (most - memoryBefore) / 1e6 };
    });
  } finally {
    await killMarked(mark);
  }
}

/** Resolves when these viewers watch, with how to wait for what they have seen. */
async function watch({ node }, order) {
  const viewers = spawn(node, [VIEWER, JSON.stringify(order)], { stdio: ["ignore", "pipe", "inherit", "pipe"] });
  const answer = firstLine(viewers.stdout);
  answer.catch(() => undefined);
  await firstLine(viewers.stdio[3]);
  return async () => JSON.parse(await answer);
}
