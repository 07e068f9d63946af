// How long lists take where many apps are installed, and what arranging them takes.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { agreeTo, placeApps } from "./lib/many-apps.mjs";
import { openOurEngine } from "./lib/our-engine.mjs";
import { median } from "./lib/statistics.mjs";

export const name = "Library";

const APPS = 300;
const FILES = 40;
const LISTS = 5;
/** Whoever has changed something is told of every app that it concerns. */
const CALM_MS = 500;

export async function run(context) {
  const rounds = context.quick ? 3 : 15;
  const ours = await openOurEngine(context);
  const { request, home } = ours;
  try {
    const apps = placeApps(home, APPS);
    for (const app of apps) placeFiles(join(home, "api", app));
    await agreeTo(ours, apps);
    await request("apps.list", {});
    const measured = await timed(() => request("library.disk", { wait: true }));
    const took = { list: [], changed: [], moved: [], marked: [], looked: [] };
    for (let round = 0; round < rounds; round++) {
      await delay(CALM_MS);
      for (let time = 0; time < LISTS; time++) took.list.push(await timed(() => request("apps.list", {})));
      mkdirSync(join(home, "api", apps[round], "models"));
      took.changed.push(await timed(() => request("apps.list", {})));
      const [thing, before] = [apps[(round * 37) % APPS], apps[(round * 53 + 1) % APPS]].map((app) => ({ app }));
      took.moved.push(await timed(() => request("library.move", { things: [thing], to: { folder: null, before } })));
      const change = { notes: `round ${round}`, favorite: round % 2 === 0 };
      took.marked.push(await timed(() => request("library.mark", { apps, change })));
      took.looked.push(await timed(() => request("library.disk", { wait: true })));
    }
    const row = (label, values, aim) => ({ name: label, value: median(values), unit: "ms", ...(aim && { aim }) });
    return [
      row(`list of ${APPS} apps, warm`, took.list, "≤ 50"),
      row("the same after a folder of an app has changed", took.changed, "≤ 50"),
      row("move an app", took.moved),
      row(`mark ${APPS} apps`, took.marked),
      row(`measure the disk use of ${APPS} apps, ${FILES} files each`, [measured]),
      row("the same when nothing has changed", took.looked),
    ];
  } finally {
    await ours.end();
  }
}

/** What scripts leave beside themselves. */
function placeFiles(folder) {
  for (const below of ["app/outputs", "env/lib/package"]) {
    mkdirSync(join(folder, below), { recursive: true });
    for (let file = 0; file < FILES / 2; file++) writeFileSync(join(folder, below, `${file}.bin`), "x".repeat(100));
  }
  writeFileSync(join(folder, "env/pyvenv.cfg"), "version = 3.12\n");
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
