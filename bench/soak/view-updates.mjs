// Whether a page that shows what runs keeps what it no longer needs: an hour of updates, or --times=<minutes>.
import { setTimeout as sleep } from "node:timers/promises";
import { bundlePage, openPage, startChromium } from "../lib/browser-page.mjs";
import { heapAfterCollection } from "../lib/page-heap.mjs";

export const name = "Running: an hour of updates";

const RUNS = 50;

export async function run(context) {
  const minutes = context.times ?? 60;
  const files = bundlePage(context, "updates-page.mjs");
  const browser = await startChromium();
  try {
    const page = await openPage(await browser.newContext({ viewport: { width: 900, height: 900 } }), files);
    await page.evaluate((count) => globalThis.bench.open(count, true), RUNS);
    await page.getByRole("tab", { name: /Running/ }).click();
    await page.evaluate((count) => globalThis.bench.change(count), RUNS);
    const heaps = [];
    for (let minute = 0; minute < minutes; minute++) {
      await sleep(60_000);
      heaps.push((await heapAfterCollection(page)) / 1e6);
    }
    const [first, last] = [heaps[0], heaps.at(-1)];
    return [
      { name: "memory of the page after the first minute", value: first, unit: "MB" },
      { name: "at its most", value: Math.max(...heaps), unit: "MB" },
      { name: `growth in ${minutes} minutes`, value: last - first, unit: "MB", aim: "flat" },
    ];
  } finally {
    await browser.close();
  }
}
