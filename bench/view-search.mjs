// How long it takes from a key in the search box until what was found is on the screen.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { bundlePage, openPage, startChromium } from "./lib/browser-page.mjs";
import { median } from "./lib/statistics.mjs";

export const name = "Discover: search";

const SIZES = [
  [284, "≤ 16"],
  [10_000, "≤ 50"],
];
const PLACES = [
  ["wide", { width: 1400, height: 900 }],
  ["a side panel", { width: 300, height: 900 }],
];
/** Typed letter by letter and taken back: a name, two words, a slip. */
const TYPED = ["comfyui", "voice clone", "difusion"];

export async function run(context) {
  const page = bundlePage(context, "search-page.mjs");
  const browser = await startChromium();
  const rows = [];
  try {
    for (const [size, aim] of SIZES) {
      const files = { ...page, "packages.json": printPackages(context, size) };
      for (const [place, viewport] of PLACES) {
        const { keys, keyMs, listBytes, readyMs } = await measure(browser, files, viewport, context.quick ? 1 : 3);
        const many = `${size.toLocaleString("en")} packages, ${place}`;
        const painted = keys.map(({ paintedMs }) => paintedMs).sort((a, b) => a - b);
        rows.push({ name: `key to screen, median: ${many}`, value: median(painted), unit: "ms", aim });
        rows.push({ name: `key to screen, 95 of 100 within: ${many}`, value: at(painted, 0.95), unit: "ms" });
        rows.push({
          name: `of it until the page holds it, laid out: ${many}`,
          value: median(keys.map(({ drawnMs }) => drawnMs)),
          unit: "ms",
        });
        rows.push({ name: `processor time of a key: ${many}`, value: keyMs, unit: "ms" });
        if (place !== "wide") continue;
        rows.push({
          name: `list sent once: ${size.toLocaleString("en")} packages`,
          value: listBytes / 1e6,
          unit: "MB",
        });
        rows.push({ name: `until it is searched: ${size.toLocaleString("en")} packages`, value: readyMs, unit: "ms" });
      }
    }
  } finally {
    await browser.close();
  }
  return rows;
}

const at = (sorted, share) => sorted[Math.floor(sorted.length * share)];

function printPackages({ root, folder, node }, size) {
  const outfile = join(folder, "print-packages.mjs");
  buildSync({
    entryPoints: [join(root, "bench/lib/print-packages.mjs")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "silent",
  });
  const args = [outfile, join(root, "src/runtime/catalog/apps.json"), String(size)];
  const file = join(folder, `packages-${size}.json`);
  writeFileSync(file, execFileSync(node, args, { maxBuffer: 1 << 28 }));
  return readFileSync(file);
}

async function measure(browser, files, viewport, rounds) {
  const context = await browser.newContext({ viewport });
  try {
    const page = await openPage(context, files);
    await page.evaluate(() => globalThis.bench.open());
    const box = page.getByRole("searchbox");
    const began = performance.now();
    await untilSearchedHere(page, box);
    const readyMs = performance.now() - began;
    const searches = await page.evaluate(() => globalThis.bench.searches());
    await typeAndTakeBack(page, box, TYPED[0]); // compiles it
    await page.evaluate(() => void globalThis.bench.keys.splice(0));
    const session = await context.newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const busyBefore = await busyMs(session);
    for (let round = 0; round < rounds; round++) {
      for (const text of TYPED) await typeAndTakeBack(page, box, text);
    }
    const told = await page.evaluate(() => ({
      keys: globalThis.bench.keys,
      searches: globalThis.bench.searches(),
      listBytes: globalThis.bench.listBytes(),
    }));
    if (told.searches !== searches) throw new Error("The sidecar was asked at a key");
    const keyMs = ((await busyMs(session)) - busyBefore) / told.keys.length;
    return { ...told, keyMs, readyMs };
  } finally {
    await context.close();
  }
}

/** Processor time that the page's main thread has taken. */
async function busyMs(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return 1000 * metrics.find(({ name: metric }) => metric === "TaskDuration").value;
}

/** The sidecar in memory has no packages to search. */
async function untilSearchedHere(page, box) {
  await page.locator(".pk-cards article").first().waitFor();
  await box.fill("comfiui");
  await page.locator(".pk-cards article[aria-label*=omfy]").first().waitFor();
  await box.fill("");
}

/** As a fast hand types. */
async function typeAndTakeBack(page, box, text) {
  await box.focus();
  for (const key of [...text, ...Array.from(text, () => "Backspace")]) {
    await page.keyboard.press(key === " " ? "Space" : key);
    await page.waitForTimeout(80);
  }
}
