import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "../helpers/browser.js";
import {
  cellOf,
  expectServing,
  installHello,
  openHello,
  panelOf,
  startHello,
  stopHello,
} from "../helpers/frame-page.js";
import { answers, startJupyterLab } from "../helpers/jupyter-lab.js";
import { restartKernel, runCell, SETUP } from "../helpers/notebook-page.js";

let browser: TestBrowser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
});

const OUR_ROUTES = /\/pinokiocloud\/(api|ws)/;
/** What the browser writes down when they are not there. */
const expected = [OUR_ROUTES];

/** Everything that our routes in the Jupyter server answered with other than "there is nothing here". */
function listenToOurRoutes(page: Page): string[] {
  const heard: string[] = [];
  page.on("response", (response) => {
    if (OUR_ROUTES.test(response.url()) && response.status() !== 404) heard.push(response.url());
  });
  page.on("websocket", (socket) => {
    if (OUR_ROUTES.test(socket.url())) socket.on("framereceived", () => heard.push(socket.url()));
  });
  return heard;
}

test("everything works from the cell over the kernel, and the panel says what is missing", async () => {
  await using lab = await startJupyterLab({ serverExtension: false });
  await browser.visit(
    lab.notebook("cell.ipynb", [SETUP]),
    async (page) => {
      const heard = listenToOurRoutes(page);
      await runCell(page);
      const cell = cellOf(page);
      await installHello(cell);
      await startHello(cell);
      const url = await openHello(page, cell);

      const panel = panelOf(page);
      await panel.reads("The PinokioCloud server extension is not enabled");
      await panel.reads(/jupyter server extension list/);

      await restartKernel(page);
      await cell.reads("The kernel was restarted");
      await cell.reads("Run the setup cell to reconnect");
      expect(await answers(url)).toBe(true);
      await runCell(page);
      await cell.goTo("My Library");
      await expectServing(cell);
      await stopHello(cell, url);
      expect(heard).toEqual([]);
    },
    { expected },
  );
});

test("without our JupyterLab extension the cell brings its view through the kernel, as in Colab", async () => {
  await using lab = await startJupyterLab({ serverExtension: false, labextension: false });
  await lab.home.run("install", "hello-server", "--yes");
  await browser.visit(lab.notebook("cell.ipynb", [SETUP]), async (page) => {
    const heard = listenToOurRoutes(page);
    await runCell(page);
    const cell = cellOf(page);
    await startHello(cell);
    const url = await openHello(page, cell);
    await stopHello(cell, url);
    expect(await page.locator("#pinokiocloud-panel").count()).toBe(0);
    expect(heard).toEqual([]);
  });
});
