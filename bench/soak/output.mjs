// Two gigabytes of output must pass through a runner without staying in it.
import { join } from "node:path";
import { writeLines } from "../lib/finished-run.mjs";
import { MARK, placeScript, step } from "../lib/marked-scripts.mjs";
import { openOurEngine } from "../lib/our-engine.mjs";
import { growthRows } from "../lib/growth.mjs";

export const name = "Soak: two gigabytes of output";

const PRINTS = 10;

export async function run(context) {
  const bytes = context.quick ? 10e6 : 200e6;
  const file = join(context.folder, "printed.txt");
  writeLines(file, bytes);
  const ours = await openOurEngine(context);
  try {
    const on = [{ event: "/Uvicorn running on (\\S+)/i" }];
    const print = step("shell.run", { message: `cat '${file}'`, on });
    const script = placeScript(ours.home, "output", [MARK, ...Array(PRINTS).fill(`${print}, ${MARK}`)]);
    const { marks } = await ours.run(script);
    const seconds = (marks.at(-1).ms - marks[0].ms) / 1e3;
    return [{ name: "speed", value: (PRINTS * bytes) / 1e6 / seconds, unit: "MB/s" }, ...growthRows(marks)];
  } finally {
    await ours.end();
  }
}
