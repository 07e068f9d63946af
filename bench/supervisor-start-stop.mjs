// How long twenty programs take to start and to be gone, and what of programs that do not want to end is left.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { clockMs } from "./lib/marked-scripts.mjs";
import { recordedOf } from "./lib/peer-packages.mjs";
import { killMarked, makeMoments, marked, newMark, placePrograms } from "./lib/programs.mjs";
import { describePeer, joinPeers, median } from "./lib/statistics.mjs";
import { SUPERVISORS, withSupervisor } from "./lib/supervisors.mjs";

export const name = "Supervisor: start and stop";

const READY = fileURLToPath(new URL("./lib/ready.py", import.meta.url));
const ADVERSARIES = fileURLToPath(new URL("../tests/fixtures/programs/", import.meta.url));
const PROGRAMS = 20;
/** What adversaries get to become what they want to be, and what those who have stopped them get to prove it. */
const SETTLE_MS = 1_500;

export async function run(context) {
  const rounds = context.quick ? 1 : 5;
  const columns = () => Object.fromEntries(Object.keys(SUPERVISORS).map((key) => [key, []]));
  const took = { start: columns(), stop: columns(), left: columns() };
  const names = {};
  for (let round = 0; round < rounds; round++) {
    for (const [key, open] of Object.entries(SUPERVISORS)) {
      const measured = await startAndStop(context, open);
      if (measured === null) continue;
      names[key] = measured.name;
      took.start[key].push(measured.startMs);
      took.stop[key].push(measured.stopMs);
      took.left[key].push(measured.left);
    }
  }
  const stubborn = {};
  for (const [key, open] of Object.entries(SUPERVISORS)) stubborn[key] = await stopAdversaries(context, open);
  const peers = Object.keys(names).filter((key) => key !== "ours");
  const isShort = peers.length + 1 < Object.keys(SUPERVISORS).length;
  const beside = (what) => {
    const found = peers.map((key) => {
      const left = what === "stop" ? `, ${median(took.left[key])} left` : "";
      return `${describePeer(names[key], "ms", took[what].ours, took[what][key])}${left}`;
    });
    return joinPeers(...found, isShort ? recordedOf(what) : "");
  };
  if (Math.max(...took.left.ours) > 0)
    throw new Error(`${Math.max(...took.left.ours)} of ours were left after a stop.`);
  if (stubborn.ours.left.length > 0) throw new Error(`Of ours these were left: ${stubborn.ours.left.join("; ")}`);
  return [
    {
      name: `start of ${PROGRAMS} until each has printed its first line`,
      value: median(took.start.ours),
      unit: "ms",
      peer: beside("start"),
    },
    { name: `stop of ${PROGRAMS} until proven gone`, value: median(took.stop.ours), unit: "ms", peer: beside("stop") },
    {
      name: `processes left of ${stubborn.ours.kinds} programs that do not want to end`,
      value: stubborn.ours.left.length,
      unit: `of ${stubborn.ours.before}`,
      aim: "0",
      peer: joinPeers(
        ...peers.map((key) => `${names[key]} ${stubborn[key].left.length} of ${stubborn[key].before}`),
        isShort ? recordedOf("left") : "",
      ),
    },
    {
      name: "stopping those took, with a grace of 3 s",
      value: stubborn.ours.ms,
      unit: "ms",
      peer: peers.map((key) => `${names[key]} ${Math.round(stubborn[key].ms)} ms`).join("; "),
    },
  ];
}

async function startAndStop(context, open) {
  const mark = newMark();
  const moments = makeMoments(join(context.folder, "moments"));
  const commands = Array(PROGRAMS).fill(`exec python3 -S '${READY}' '${moments.folder}' ${mark}`);
  const programs = placePrograms(join(context.folder, "programs"), commands, mark);
  try {
    return await withSupervisor(open, context, programs, async (supervisor) => {
      const asked = clockMs();
      const answered = supervisor.start();
      const startMs = Math.max(...(await moments.all(PROGRAMS))) - asked;
      await answered;
      await sleep(SETTLE_MS);
      const began = performance.now();
      await supervisor.stop();
      return { name: supervisor.name, startMs, stopMs: performance.now() - began, left: marked(mark).length };
    });
  } finally {
    await killMarked(mark);
  }
}

/** One of each kind at the same time. */
async function stopAdversaries(context, open) {
  const mark = newMark();
  const kinds = Object.values(JSON.parse(readFileSync(join(ADVERSARIES, "adversaries.json"), "utf8")));
  const commands = kinds.map((kind) => `cd '${ADVERSARIES}'; ${kind.replace("MARK", mark)}; sleep 600; : ${mark}`);
  const programs = placePrograms(join(context.folder, "programs"), commands, mark);
  try {
    return await withSupervisor(open, context, programs, async (supervisor) => {
      await supervisor.start();
      await sleep(2 * SETTLE_MS);
      const before = marked(mark).length;
      const began = performance.now();
      await supervisor.stop();
      const ms = performance.now() - began;
      await sleep(supervisor.name === "ours" ? 0 : SETTLE_MS); // others may need a moment beyond what they say
      return { kinds: kinds.length, before, ms, left: marked(mark) };
    });
  } finally {
    await killMarked(mark);
  }
}
