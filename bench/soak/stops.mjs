// Programs that do not want to end, stopped at any moment a thousand times, must leave nothing behind.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openOurSupervisor } from "../lib/our-supervisor.mjs";
import { killMarked, marked, newMark, placePrograms } from "../lib/programs.mjs";
import { newSeed, randomOf } from "../lib/random.mjs";
import { median } from "../lib/statistics.mjs";

export const name = "Soak: a thousand stops";

const ADVERSARIES = fileURLToPath(new URL("../../tests/fixtures/programs/", import.meta.url));
const AT_ONCE = 4;
const GRACE_S = 1;
const LONGEST_WAIT_MS = 500;

export async function run(context) {
  const stops = context.times ?? (context.quick ? 50 : 1_000);
  const seed = context.seed ?? newSeed();
  console.log(`  seed ${seed}`);
  const random = randomOf(seed);
  const kinds = Object.entries(JSON.parse(readFileSync(join(ADVERSARIES, "adversaries.json"), "utf8")));
  const plans = Array.from({ length: stops }, () => ({
    kind: kinds[Math.floor(random() * kinds.length)],
    waitMs: random() * LONGEST_WAIT_MS,
  }));
  const marks = Array.from({ length: AT_ONCE * kinds.length }, newMark);
  const slots = marks.map((mark, slot) => {
    const [, command] = kinds[slot % kinds.length];
    return placePrograms(
      join(context.folder, `slot-${slot}`),
      [`cd '${ADVERSARIES}'; ${command.replace("MARK", mark)}; sleep 600; : ${mark}`],
      mark,
    )[0];
  });
  const programs = slots.map(({ file }, slot) => ({ name: `program-${slot}`, file }));
  const ours = await openOurSupervisor(context, programs, GRACE_S);
  const took = [];
  const ended = { processes: 0, killed: 0 };
  const failures = [];
  let next = 0;
  const stopOne = async (worker) => {
    for (let plan = plans[next++]; plan !== undefined; plan = plans[next++]) {
      const slot = worker * kinds.length + kinds.indexOf(plan.kind);
      const runId = await ours.startOne(slot);
      await sleep(plan.waitMs);
      const began = performance.now();
      const { run: over } = await ours.request("runs.stop", { runId });
      took.push(performance.now() - began);
      ended.processes += over.ending?.processes ?? 0;
      ended.killed += over.ending?.killed ?? 0;
      const left = marked(marks[slot]);
      if (left.length === 0 && over.end?.outcome === "stopped") continue;
      failures.push({ program: plan.kind[0], waitMs: Math.round(plan.waitMs), left, end: over.end });
      await killMarked(marks[slot]);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, worker) => stopOne(worker)));
  } finally {
    for (const mark of marks) await killMarked(mark);
    await ours.end();
  }
  if (failures.length > 0) throw new Error(`With --seed=${seed}: ${JSON.stringify(failures, null, 2)}`);
  return [
    { name: "stops", value: took.length, unit: "" },
    { name: "stops that left something", value: failures.length, unit: "", aim: "0" },
    { name: "processes that were ended", value: ended.processes, unit: "", peer: `of them killed ${ended.killed}` },
    {
      name: "a stop took",
      value: median(took) / 1e3,
      unit: "s",
      peer: `the longest ${(Math.max(...took) / 1e3).toFixed(1)} s`,
    },
  ];
}
