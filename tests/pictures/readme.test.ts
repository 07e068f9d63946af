import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { shoot, startBrowser } from "../helpers/browser.js";
import { until } from "../helpers/command-line.js";
import { cellOf, HELLO, openHello, panelOf, startHello } from "../helpers/frame-page.js";
import { startJupyterLab } from "../helpers/jupyter-lab.js";
import { kernelIsIdle, runCell, SETUP } from "../helpers/notebook-page.js";

const PICTURES = new URL("../../docs/pictures/", import.meta.url).pathname;
const LARGEST_BYTES = 150_000;
const PANEL_WIDTH = 300;

test("the README's picture: the panel and a notebook's cell with a running app", async () => {
  await using browser = await startBrowser();
  await using lab = await startJupyterLab();
  await lab.home.run("install", "hello-server", "--yes");
  await browser.visit(lab.notebook("PinokioCloud.ipynb", [SETUP]), async (page) => {
    const edge = (await page.locator("#jp-main-split-panel > .lm-SplitPanel-handle").first().boundingBox())!;
    const panelBox = (await page.locator("#pinokiocloud-panel").boundingBox())!;
    await page.mouse.move(edge.x + 1, 400);
    await page.mouse.down();
    await page.mouse.move(panelBox.x + PANEL_WIDTH, 400, { steps: 4 });
    await page.mouse.up();

    await runCell(page);
    const panel = panelOf(page);
    const cell = cellOf(page);
    await startHello(cell);
    for (let times = 0; times < 2; times++) await openHello(page, cell);
    await cell.goTo("Running");
    await cell.app(`${HELLO} start.json`).getByRole("button", { name: "Output" }).click();
    await cell.root.getByRole("log").getByText("Counted to 2").waitFor();
    await cell.reads(/^\d+\.\d of \d+ cores$/);
    await panel.goTo("My Library");
    await page.mouse.move(900, 750);
    await kernelIsIdle(page);
    const times = () => page.locator(".pk-state").filter({ hasText: "Ready" }).allTextContents();
    await until(times, (shown) => new Set(shown).size === 1);

    mkdirSync(PICTURES, { recursive: true });
    const picture = join(PICTURES, "jupyterlab.png");
    copyFileSync(await shoot(page, "jupyterlab"), picture);
    expect(statSync(picture).size).toBeLessThan(LARGEST_BYTES);
  });
});
