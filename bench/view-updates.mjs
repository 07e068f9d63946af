// What 50 runs that change every second cost a page that shows them, and whether it keeps what it no longer needs.
import { setTimeout as sleep } from "node:timers/promises";
import { bundlePage, openPage, startChromium } from "./lib/browser-page.mjs";
import { scriptingPerFrame, traced } from "./lib/frame-times.mjs";
import { heapAfterCollection } from "./lib/page-heap.mjs";
import { median } from "./lib/statistics.mjs";

export const name = "Running: 50 runs that change every second";

const RUNS = 50;

export async function run(context) {
  const files = bundlePage(context, "updates-page.mjs");
  const browser = await startChromium();
  try {
    const seconds = context.quick ? 5 : 20;
    const shown = await scripting(browser, files, true, seconds);
    const alone = await scripting(browser, files, false, seconds);
    const kept = await growth(browser, files, context.quick ? 1 : 5);
    const aside = `of it the stand-in for the sidecar: ${median(alone).toFixed(1)}`;
    return [
      { name: "scripting in a frame, 99 of 100 within", value: at(shown, 0.99), unit: "ms", aim: "≤ 8", peer: aside },
      { name: "scripting in a frame, median", value: median(shown), unit: "ms" },
      { name: "scripting in a frame, longest", value: shown.at(-1), unit: "ms" },
      { name: `memory of the page after the first minute`, value: kept.firstMB, unit: "MB" },
      { name: `growth in the ${kept.minutes} minutes after it`, value: kept.growthMB, unit: "MB", aim: "flat" },
    ];
  } finally {
    await browser.close();
  }
}

const at = (sorted, share) => sorted[Math.floor((sorted.length - 1) * share)];

async function open(browser, files, isShown) {
  const context = await browser.newContext({ viewport: { width: 900, height: 900 } });
  const page = await openPage(context, files);
  await page.evaluate(([count, shown]) => globalThis.bench.open(count, shown), [RUNS, isShown]);
  if (isShown) {
    await page.getByRole("tab", { name: /Running/ }).click();
    await page.getByRole("article", { name: "App number 49" }).waitFor();
  }
  await page.evaluate((count) => globalThis.bench.change(count), RUNS);
  return { context, page };
}

async function scripting(browser, files, isShown, seconds) {
  const { context, page } = await open(browser, files, isShown);
  await sleep(3_000); // compiled by then
  const trace = await traced(browser, page, () => sleep(seconds * 1_000));
  await context.close();
  return scriptingPerFrame(trace);
}

async function growth(browser, files, minutes) {
  const { context, page } = await open(browser, files, true);
  await sleep(60_000);
  const first = await heapAfterCollection(page);
  await sleep(minutes * 60_000);
  const last = await heapAfterCollection(page);
  await context.close();
  return { minutes, firstMB: first / 1e6, growthMB: (last - first) / 1e6 };
}
