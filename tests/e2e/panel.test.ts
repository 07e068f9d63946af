import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "../helpers/browser.js";
import {
  type FramePage,
  HELLO,
  installHello,
  openHello,
  panelOf,
  startHello,
  stopHello,
} from "../helpers/frame-page.js";
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

    await takeWhatWasMade(page, panel, join(lab.home.path, "api/hello-server/made/it <b>.txt"));
    await stopHello(panel, url);
    await panel.goTo("Running");
    await panel.reads(/^ended \d+ process.* · port \d+ closed · took \d/);
  });
});

/** Sees a file on the app's page, downloads it, moves it away and has it back; and goes back to the library. */
async function takeWhatWasMade(page: Page, panel: FramePage, path: string): Promise<void> {
  mkdirSync(dirname(path));
  writeFileSync(path, "made by me");
  await panel.goTo("My Library");
  await panel.app(HELLO).getByRole("button", { name: HELLO, exact: true }).click();
  const files = panel.root.getByRole("region", { name: "Files" });
  await files.getByRole("button", { name: "Show what you have made" }).click();
  await files.getByRole("button", { name: "made", exact: true }).click();
  const row = files.getByRole("button", { name: "it <b>.txt", exact: true });
  await row.press("Enter");
  const file = files.getByRole("region", { name: "it <b>.txt" });
  await file.getByText("made by me").waitFor();
  const saving = page.waitForEvent("download");
  await file.getByRole("button", { name: "Download" }).click();
  expect(readFileSync(await (await saving).path(), "utf8")).toBe("made by me");
  await row.press("Delete");
  await files.getByText("This folder is empty").waitFor();
  expect(existsSync(path)).toBe(false);
  await files.getByRole("button", { name: "Undo" }).click();
  await row.waitFor();
  expect(readFileSync(path, "utf8")).toBe("made by me");
  await panel.root.getByRole("button", { name: "Back" }).click();
}
