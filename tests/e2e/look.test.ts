import { afterAll, beforeAll, test } from "@jest/globals";
import { cpSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { shoot, startBrowser, type TestBrowser } from "../helpers/browser.js";
import { cellOf, HELLO, panelOf, startHello } from "../helpers/frame-page.js";
import { startJupyterLab } from "../helpers/jupyter-lab.js";
import { runCell, SETUP } from "../helpers/notebook-page.js";

let browser: TestBrowser;
beforeAll(async () => void (browser = await startBrowser()));
afterAll(() => browser[Symbol.asyncDispose]());
const pause = (ms: number) => new Promise((r) => setTimeout(r, ms));

for (const theme of ["light", "dark"] as const)
test(`bad ${theme}`, async () => {
  await using lab = await startJupyterLab({ theme });
  const bad = join(lab.folder, "bad-app");
  mkdirSync(bad);
  writeFileSync(join(bad, "pinokio.js"), `module.exports = { title: "Bad App with a rather long name for an app", description: "Fails when it is installed, and says why, and has a description that goes on and on", menu: [{ text: "Install", href: "install.json" }, { text: "Start", href: "start.json" }] }`);
  writeFileSync(join(bad, "install.json"), JSON.stringify({ run: [{ method: "shell.run", params: { message: "echo about to fail; exit 3" } }] }));
  writeFileSync(join(bad, "start.json"), JSON.stringify({ daemon: true, run: [{ method: "shell.run", params: { message: "echo hi; sleep 1; exit 4" } }] }));
  await lab.home.run("install", "hello-server", "--yes");
  await browser.visit(lab.notebook("a.ipynb", [SETUP]), async (page) => {
    const s = (name: string) => `bad-${theme}-${name}`;
    await runCell(page);
    const panel = panelOf(page);
    const cell = cellOf(page);
    await startHello(cell);
    await panel.root.getByLabel("Install from a folder").fill(bad + "x");
    await page.keyboard.press("Enter");
    await pause(1500);
    await shoot(page, s("missing-folder"));
    await panel.root.getByLabel("Install from a folder").fill(bad);
    await page.keyboard.press("Enter");
    await panel.root.getByRole("region").getByRole("button", { name: "Install" }).click();
    await pause(5000);
    await cell.goTo("My Library");
    await pause(500);
    await shoot(page, s("failed"));
    await panel.goTo("Running");
    await cell.goTo("Running");
    await pause(500);
    await shoot(page, s("failed-running"));
    await panel.goTo("My Library");
    await cell.goTo("My Library");
    await lab.stop();
    await panel.reads(/^Not connected:/);
    await pause(2500);
    await shoot(page, s("down"));
  }, { expected: [/./] });
}, 120000);
