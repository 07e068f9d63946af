// The panel in a real JupyterLab: when it can be used, and whether an app that floods its log slows down the page.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChromium } from "./lib/browser-page.mjs";
import { makeHome } from "./lib/homes.mjs";
import { startJupyterServer } from "./lib/jupyter-server.mjs";
import { mean, median } from "./lib/statistics.mjs";

export const name = "The panel in JupyterLab";

const FLOOD = fileURLToPath(new URL("./lib/flood.py", import.meta.url));
const FLOOD_MB = 20;
const TYPED = "The quick brown fox jumps over the lazy dog. ";

export async function run(context) {
  const home = makeHome(context);
  const ending = [() => home.end()];
  try {
    placeApp(home.path, context.python);
    await home.up();
    const jupyter = await startJupyterServer(context, home.env, { lab: true });
    ending.push(() => jupyter.end());
    const browser = await startChromium();
    ending.push(() => browser.close());
    const ready = [];
    for (let round = 0; round < (context.quick ? 2 : 7); round++) ready.push(await panelReady(browser, jupyter));
    const quiet = await typing(browser, jupyter, false, context.quick ? 1 : 6);
    const flooded = await typing(browser, jupyter, true, context.quick ? 1 : 6);
    return [
      { name: "panel can be used after JupyterLab", value: median(ready), unit: "ms", aim: "≤ 300" },
      {
        name: `longest frame while typing beside a log of ${FLOOD_MB} MB/s`,
        value: flooded.longestMs,
        unit: "ms",
        aim: "≤ 100",
        peer: `without the log ${Math.round(quiet.longestMs)} ms`,
      },
      {
        name: "key to screen meanwhile",
        value: mean(flooded.keysMs),
        unit: "ms",
        peer: `without the log ${mean(quiet.keysMs).toFixed(1)} ms`,
      },
    ];
  } finally {
    for (const end of ending.reverse()) await end();
  }
}

/** An app whose only script prints as fast as it is told to. */
function placeApp(home, python) {
  const folder = join(home, "api/flood");
  mkdirSync(folder, { recursive: true });
  const message = `'${python}' '${FLOOD}' ${FLOOD_MB}`;
  // Somebody who was here before.
  mkdirSync(join(home, "library"), { recursive: true });
  writeFileSync(join(home, "library/first-steps.json"), JSON.stringify({ version: 1, isOver: true, read: [] }));
  const menu = "[{ text: 'Flood it', href: 'start.json' }]";
  writeFileSync(join(folder, "pinokio.js"), `module.exports = { title: 'Flood', menu: ${menu} }`);
  writeFileSync(join(folder, "start.json"), JSON.stringify({ run: [{ method: "shell.run", params: { message } }] }));
}

/** Milliseconds from JupyterLab's own readiness until the panel shows what can be installed. */
async function panelReady(browser, { address }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(() => {
      const seen = {};
      globalThis.seen = seen;
      new MutationObserver(() => {
        const isRestored = document.querySelector("#main") && !document.querySelector("#jupyterlab-splash");
        if (isRestored) seen.lab ??= performance.now();
        if (document.querySelector("#pinokiocloud-panel article button")) seen.panel ??= performance.now();
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(address);
    await page.waitForFunction(() => globalThis.seen.lab && globalThis.seen.panel);
    return await page.evaluate(() => Math.max(0, globalThis.seen.panel - globalThis.seen.lab));
  } finally {
    await context.close();
  }
}

/** Types into a file of JupyterLab's, with the app's log open beside it or not. */
async function typing(browser, jupyter, isFlooded, rounds) {
  writeFileSync(join(jupyter.files, "typed.txt"), "");
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  try {
    await page.goto(jupyter.address.replace("/lab?", "/lab/tree/typed.txt?"));
    const panel = page.locator("#pinokiocloud-panel");
    if (isFlooded) await openFlood(panel);
    const editor = page.locator(".jp-FileEditor .cm-content");
    await editor.click();
    await page.keyboard.type(TYPED); // compiled by then
    await page.evaluate(watchFrames);
    for (let round = 0; round < rounds; round++) await page.keyboard.type(TYPED, { delay: 60 });
    return await page.evaluate(() => globalThis.frames_);
  } finally {
    if (isFlooded) await page.locator("#pinokiocloud-panel").getByRole("button", { name: "Stop" }).first().click();
    await context.close();
  }
}

async function openFlood(panel) {
  await panel.getByRole("tab", { name: "My Library" }).click();
  const app = panel.getByRole("article", { name: "Flood" });
  await app.getByRole("button", { name: "Flood", exact: true }).click();
  await panel.getByRole("button", { name: "Flood it" }).first().click();
  await panel.getByRole("button", { name: "Agree and start" }).click();
  await panel.getByRole("button", { name: "Output", exact: true }).click();
  await panel.getByRole("log").getByText("Downloading package").first().waitFor();
}

/** Runs in the page: the longest time between two frames, and how long keys took. */
function watchFrames() {
  const told = { longestMs: 0, keysMs: [] };
  globalThis.frames_ = told;
  let before = performance.now();
  const frame = (at) => {
    told.longestMs = Math.max(told.longestMs, at - before);
    before = at;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  document.addEventListener(
    "keydown",
    ({ timeStamp }) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => told.keysMs.push(performance.now() - timeStamp);
        port2.postMessage(null);
      });
    },
    true,
  );
}
