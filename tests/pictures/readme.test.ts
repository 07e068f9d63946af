import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { shoot, startBrowser } from "../helpers/browser.js";
import { until } from "../helpers/command-line.js";
import { cellOf, HELLO, openHello, panelOf, startHello } from "../helpers/frame-page.js";
import { startJupyterLab } from "../helpers/jupyter-lab.js";
import { chooseTheme, panelWidth } from "../helpers/lab-page.js";
import { kernelIsIdle, runCell, SETUP } from "../helpers/notebook-page.js";

const PICTURES = new URL("../../docs/pictures/", import.meta.url).pathname;
const LARGEST_BYTES = 150_000;
const PANEL_WIDTH = 300;

/** Keeps what the page shows as a picture of the README. */
async function keep(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const picture = join(PICTURES, `${name}.png`);
  copyFileSync(await shoot(page, name), picture);
  expect(statSync(picture).size).toBeLessThan(LARGEST_BYTES);
}

test("the README's picture: the panel and a notebook's cell with a running app", async () => {
  await using browser = await startBrowser();
  await using lab = await startJupyterLab();
  await lab.home.run("install", "hello-server", "--yes");
  await browser.visit(lab.notebook("PinokioCloud.ipynb", [SETUP]), async (page) => {
    await panelWidth(page, PANEL_WIDTH);
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

    await keep(page, "jupyterlab");
  });
});

test("three more: what there is to install, an app's own page, and the machine", async () => {
  await using browser = await startBrowser();
  await using lab = await startJupyterLab();
  await lab.home.run("install", "hello-server", "--yes");
  const viewport = { width: 1280, height: 800 };
  await browser.visit(
    lab.address("lab", { pinokiocloud: "panel" }),
    async (page) => {
      const panel = panelOf(page);
      await page.locator(".jp-Launcher").waitFor();
      await panelWidth(page, 930);
      await panel.goTo("Discover");
      await panel.root.getByRole("searchbox").fill("comfy");
      await panel.root.getByRole("button", { name: "ComfyUI", exact: true }).click();
      await panel.root.getByRole("complementary", { name: "About ComfyUI" }).waitFor();
      await page.mouse.move(1200, 780);
      await keep(page, "discover");

      await startHello(panel);
      await panel.goTo("Shared Resources");
      await panel.root.getByRole("heading", { name: "Models" }).waitFor();
      await panel.reads(/^No models yet$/);
      await panel.reads("Everything else");
      await keep(page, "shared-resources");

      await panelWidth(page, PANEL_WIDTH);
      await panel.goTo("My Library");
      await panel.app(HELLO).getByRole("button", { name: HELLO, exact: true }).click();
      await panel.root.getByRole("button", { name: "Open in a tab" }).click();
      await panel.root.getByRole("button", { name: "Back" }).click();
      await panel.goTo("Running");
      await chooseTheme(page, "Dark");
      const tab = page.locator("#pinokiocloud-app-hello-server");
      await tab.getByRole("button", { name: "Output", exact: true }).click();
      await tab.getByRole("log").getByText("Ready at").waitFor();
      await tab.getByRole("heading", { name: HELLO }).first().scrollIntoViewIfNeeded();
      await page.mouse.move(700, 780);
      await keep(page, "app");
    },
    { viewport },
  );
});
