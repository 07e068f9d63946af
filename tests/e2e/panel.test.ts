import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startBrowser, type TestBrowser } from "../helpers/browser.js";
import { HELLO, installHello, openHello, panelOf, startHello, stopHello } from "../helpers/frame-page.js";
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

    await panel.goTo("Running");
    await panel.reads(/^\d+\.\d of \d+ cores$/);
    const row = panel.app(`${HELLO} start.json`);
    await row
      .getByRole("list", { name: "Uses" })
      .getByText(/^[\d.]+ MB$/)
      .waitFor();
    await row.getByRole("button", { name: "Output" }).click();
    const box = row.getByRole("searchbox");
    await box.fill("counted to 1");
    await box.press("Enter");
    await row.getByRole("button", { name: /Counted to 1/ }).click();
    await row.getByRole("log").getByText("Counted to 1").waitFor();
    const saving = page.waitForEvent("download");
    await row.getByRole("button", { name: "Download all output" }).click();
    expect(readFileSync(await (await saving).path(), "utf8")).toContain("Counted to 1");

    await stopHello(panel, url);
    await panel.goTo("Running");
    await panel.reads(/^ended \d+ process.* · port \d+ closed · took \d/);
  });
});
