// How long the menu of an app takes whose launcher has to be evaluated for it.
import { agreeTo, placeApps } from "./lib/many-apps.mjs";
import { openOurEngine } from "./lib/our-engine.mjs";
import { openPinokiod } from "./lib/pinokiod.mjs";
import { joinPeers, median } from "./lib/statistics.mjs";

export const name = "Launchers: menus";

const APPS = 300;

export async function run(context) {
  const rounds = context.quick ? 2 : 7;
  const ours = await openOurEngine(context);
  const pinokiod = await openPinokiod(context).catch(async (error) => {
    await ours.end();
    throw error;
  });
  try {
    const apps = placeApps(ours.home, APPS);
    if (pinokiod !== null) placeApps(pinokiod.home, APPS);
    await agreeTo(ours, apps);
    await menus(ours, apps); // starts the process that evaluates launchers
    const took = { one: [], all: [], listed: [] };
    const theirs = { one: [], all: [] };
    const [first] = apps;
    for (let round = 0; round < rounds; round++) {
      took.one.push(median(await menus(ours, Array(50).fill(first))));
      took.all.push(sum(await menus(ours, apps)));
      took.listed.push(await timed(() => ours.request("apps.list", {})));
      if (pinokiod === null) continue;
      theirs.one.push(median((await pinokiod.menus(Array(50).fill(first))).ms));
      theirs.all.push(sum((await pinokiod.menus(apps)).ms));
    }
    const beside = (key) => {
      if (pinokiod === null) return "";
      return `${pinokiod.name} ${Number(median(theirs[key]).toPrecision(3))} ms, loading and calling only`;
    };
    const all = median(took.all);
    return [
      { name: "menu of an app, warm", value: median(took.one), unit: "ms", aim: "≤ 3", peer: beside("one") },
      {
        name: `menus of ${APPS} apps, one after the other`,
        value: all,
        unit: "ms",
        aim: `≤ ${3 * APPS}`,
        peer: joinPeers(`${(all / APPS).toFixed(2)} ms each`, beside("all")),
      },
      { name: `list of ${APPS} apps, seen before`, value: median(took.listed), unit: "ms" },
    ];
  } finally {
    await pinokiod?.end();
    await ours.end();
  }
}

/** Milliseconds for each. */
async function menus({ request }, apps) {
  const took = [];
  for (const appId of apps) took.push(await timed(() => request("apps.menu", { appId })));
  return took;
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
