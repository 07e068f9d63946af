import { afterAll, beforeAll, test } from "@jest/globals";
import { startBrowser, type TestBrowser } from "../helpers/browser.js";
import { installHello, openHello, panelOf, startHello, stopHello } from "../helpers/frame-page.js";
import { startJupyterLab } from "../helpers/jupyter-lab.js";

let browser: TestBrowser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
});

test.each([
  ["at the root of a server", "/"],
  ["below the address of a hub", "/user/x/"],
])("an app is installed, started, opened and stopped from the panel, %s", async (_, baseUrl) => {
  await using lab = await startJupyterLab({ baseUrl });
  await browser.visit(lab.address("lab", { pinokiocloud: "panel" }), async (page) => {
    const panel = panelOf(page);
    await installHello(panel);
    await startHello(panel);
    const url = await openHello(page, panel);
    await stopHello(panel, url);
  });
});
