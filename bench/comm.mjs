// How fast a run's output reaches a viewer through a kernel, as it does where there is no server extension.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { placeFinishedRun } from "./lib/finished-run.mjs";
import { makeHome } from "./lib/homes.mjs";
import { describePeer, median } from "./lib/statistics.mjs";

export const name = "Output through a kernel";

const runProgram = promisify(execFile);
const VIEWER = fileURLToPath(new URL("./lib/view_over_comm.py", import.meta.url));

export async function run(context) {
  const bytes = context.quick ? 20e6 : 60e6;
  const rounds = context.quick ? 1 : 5;
  const home = makeHome(context);
  try {
    const { runId, log } = placeFinishedRun(home.path, bytes);
    await home.up();
    const order = { runId, log, bytes, rounds, helpers: join(context.root, "tests/python/helpers") };
    const { stdout } = await runProgram(context.python, [VIEWER, JSON.stringify(order)], {
      cwd: context.folder,
      env: { ...home.env, PYTHONPATH: context.root, PYTHONDONTWRITEBYTECODE: "1", JUPYTER_RUNTIME_DIR: context.folder },
    });
    const measured = JSON.parse(stdout);
    const speeds = (key) => measured[key].map(({ seconds }) => bytes / 1e6 / seconds);
    const row = (label, ours) => ({
      name: label,
      value: median(ours),
      unit: "MB/s",
      peer: describePeer("bare comm", "MB/s", ours, speeds("bare")),
    });
    const busiest = [...measured.bridge, ...measured.stalled].map(({ busiestSecond }) => busiestSecond);
    return [
      row("comm bridge", speeds("bridge")),
      row("comm bridge, a second view stalled", speeds("stalled")),
      { name: "messages from the kernel in the busiest second", value: median(busiest), unit: "", aim: "≤ 20" },
    ];
  } finally {
    await home.end();
  }
}
