import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Frame, Locator, Page } from "playwright-core";
import { shoot, startBrowser, type TestBrowser } from "../helpers/browser.js";
import { until } from "../helpers/command-line.js";
import { HELLO, panelOf } from "../helpers/frame-page.js";
import { type JupyterLab, startJupyterLab } from "../helpers/jupyter-lab.js";

let browser: TestBrowser;
let lab: JupyterLab;
beforeAll(async () => {
  [browser, lab] = await Promise.all([startBrowser(), startJupyterLab()]);
  await lab.home.run("install", "hello-server", "--yes");
  const example = new URL("../../examples/hello-server", import.meta.url).pathname;
  cpSync(example, join(lab.folder, "mine"), { recursive: true });
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

const area = (page: Page): Locator => page.locator("#jp-main-dock-panel");
const tabOf = (page: Page, icon: "icon" | "web"): Locator =>
  area(page)
    .getByRole("tab", { name: HELLO })
    .filter({ has: page.locator(`[data-icon="pinokiocloud:${icon}"]`) });
const appPage = (page: Page): Locator => page.locator("#pinokiocloud-app-hello-server");
const webPage = (page: Page): Locator => page.locator('[id="pinokiocloud-page-hello-server-"]');
const question = (page: Page): Locator => page.getByRole("region", { name: `Show the page of ${HELLO} here?` });

/** The page of the app, inside of JupyterLab's. */
async function shownPage(page: Page): Promise<Frame> {
  const held = await page.locator("iframe.pk-held-frame").elementHandle();
  const frame = await held?.contentFrame();
  if (frame == null) throw new Error("Nothing is shown");
  await frame.getByRole("button", { name: "Count one more" }).waitFor();
  return frame;
}

const boxOf = async (place: Locator): Promise<number[]> => {
  const box = await place.boundingBox();
  return box === null ? [] : [box.x, box.y, box.width, box.height].map(Math.round);
};

test("an app and its web page are tabs; the web page goes on where it is moved, and both are back after a reload", async () => {
  await browser.visit(lab.address("lab/workspaces/pages", { pinokiocloud: "panel" }), async (page) => {
    const panel = panelOf(page);
    await panel.goTo("My Library");
    await panel
      .app(HELLO)
      .locator(".pk-app-main")
      .dblclick({ position: { x: 120, y: 4 } });
    await area(page).locator(".jp-mod-current", { hasText: HELLO }).waitFor();
    await appPage(page).locator("header").getByRole("button", { name: "Start" }).click();
    await appPage(page).locator("header").getByRole("button", { name: "Open", exact: true }).click();
    await question(page).getByText("an address of its own").waitFor();
    await shoot(page, "lab-trust");
    await question(page).getByRole("button", { name: "Show it here" }).click();
    const frame = await shownPage(page);
    await frame.evaluate(() => Object.assign(window, { isStillThis: true }));

    const { x, y, width, height } = (await area(page).boundingBox())!;
    await tabOf(page, "web").hover();
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 3 });
    await page.mouse.move(x + width - 30, y + height / 2, { steps: 3 });
    await page.mouse.up();
    await until(
      () => area(page).getByRole("tablist").count(),
      (count) => count === 2,
    );
    const held = page.locator("iframe.pk-held-frame");
    expect(await boxOf(held)).toEqual(await boxOf(webPage(page).locator(".pk-lone")));
    await shoot(page, "lab-moved");
    await frame.getByRole("button", { name: "Count one more" }).click();
    expect(await frame.evaluate(() => "isStillThis" in window)).toBe(true);

    const saved = page.waitForResponse(
      (answer) => answer.url().includes("/api/workspaces") && answer.request().method() === "PUT",
    );
    await tabOf(page, "web").dragTo(tabOf(page, "icon"));
    await tabOf(page, "icon").click();
    expect(await held.isVisible()).toBe(false);
    await tabOf(page, "web").click();
    expect(await held.isVisible()).toBe(true);
    expect(await frame.evaluate(() => "isStillThis" in window)).toBe(true);

    await saved;
    await page.reload();
    await tabOf(page, "icon").waitFor();
    await tabOf(page, "web").click();
    const again = await shownPage(page);
    expect(await again.evaluate(() => "isStillThis" in window)).toBe(false);
    await lab.home.run("stop", "hello-server");
    await webPage(page).getByText(`${HELLO} does not run`).waitFor();
    await shoot(page, "lab-page-stopped");
    await webPage(page).getByRole("button", { name: "Start" }).click();
    await shownPage(page);
  });
});

test("all of it has room in the main area, and is there again after a reload", async () => {
  await browser.visit(lab.address("lab/workspaces/whole", { pinokiocloud: "panel" }), async (page) => {
    const panel = panelOf(page);
    await panel.root.getByRole("button", { name: "Open PinokioCloud in a tab" }).click();
    const tab = page.locator("#pinokiocloud-tab");
    await tab.getByRole("tab", { name: "My Library" }).click();
    await tab.getByRole("article", { name: HELLO }).waitFor();
    expect(await tab.getByRole("button", { name: "Open PinokioCloud in a tab" }).count()).toBe(0);
    await shoot(page, "lab-main-tab");
    await until(
      async () => (await page.request.get(lab.address("lab/api/workspaces/whole"))).text(),
      (text) => text.includes("pinokiocloud-main:tab"),
    );
    await page.reload();
    await area(page).getByRole("tab", { name: "PinokioCloud" }).click();
    await tab.getByRole("tab", { name: "Discover" }).waitFor();
  });
});
