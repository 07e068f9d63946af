import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { shoot, startBrowser, type TestBrowser } from "../helpers/browser.js";
import { expectServing, HELLO, openHello, panelOf, startHello } from "../helpers/frame-page.js";
import { type JupyterLab, startJupyterLab } from "../helpers/jupyter-lab.js";
import { callCommand } from "../helpers/lab-page.js";

let browser: TestBrowser;
let lab: JupyterLab;
beforeAll(async () => {
  [browser, lab] = await Promise.all([startBrowser(), startJupyterLab()]);
  await lab.home.run("install", "hello-server", "--yes");
  const example = new URL("../../examples/hello-server", import.meta.url).pathname;
  cpSync(example, join(lab.folder, "mine"), { recursive: true });
  const change = (file: string, text: string, other: string) =>
    writeFileSync(join(lab.folder, file), readFileSync(join(lab.folder, file), "utf8").replace(text, other));
  change("mine/pinokio.js", HELLO, "Mine");
  change("mine/app/server.py", "self.end_headers()", 'self.send_header("X-Frame-Options", "DENY"); self.end_headers()');
});
afterEach(async () => {
  await lab.home.run("stop", "hello-server");
  await lab.home.run("stop", "mine");
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

/** What Notebook 7 says by itself, without our extension. */
const NOTEBOOKS_OWN = [/^thrown: Cannot read properties of undefined \(reading 'schema'\)/];

test("commands act on apps; what runs is in the status bar, and among the running sessions with a way to stop it", async () => {
  await browser.visit(lab.address("lab/workspaces/running", { pinokiocloud: "panel" }), async (page) => {
    const panel = panelOf(page);
    await page.locator(".jp-Launcher").waitFor(); // takes the focus when it comes
    const status = page.locator("#jp-main-statusbar .pk-status-item");
    await status.getByText("0 apps run").waitFor();
    await panel.goTo("My Library");
    await panel
      .app(HELLO)
      .getByRole("button", { name: `Favourite: ${HELLO}` })
      .click();
    await callCommand(page, "Start an app");
    await page.locator(".jp-Dialog .jp-mod-accept").click();
    await status.getByText("1 app runs").waitFor();
    await expectServing(panel);
    await page.locator(`.jp-LauncherCard[title="Open ${HELLO}"]`).click();
    await page.getByRole("region", { name: `Show the page of ${HELLO} here?` }).waitFor();
    await status.click();
    await panel.root.getByRole("tab", { name: /Running/, selected: true }).waitFor();

    await page.getByRole("tab", { name: /Running Terminals and Kernels/ }).click();
    const item = page.locator('#jp-running-sessions [data-context="pinokiocloud-app"]', { hasText: HELLO });
    await item.getByText("Ready").waitFor();
    await shoot(page, "lab-running");
    await item.hover();
    await item.locator(".jp-RunningSessions-itemShutdown").click();
    await status.getByText("0 apps run").waitFor();
    await item.waitFor({ state: "detached" });
    await callCommand(page, "Show the log of an app");
    await page.locator(".jp-Dialog .jp-mod-accept").click();
    const log = page.locator("#pinokiocloud-app-hello-server").getByRole("log");
    await log.getByText("python server.py").waitFor();

    await callCommand(page, "Change the settings of an app");
    await page.locator(".jp-Dialog .jp-mod-accept").click();
    await page.locator("#pinokiocloud-app-hello-server").locator('[aria-label="Configure"]:focus').waitFor();
    await callCommand(page, "Show Shared Resources");
    await panel.root
      .getByRole("tab", { name: /Shared Resources/, selected: true })
      .and(page.locator(":focus"))
      .waitFor();
    await callCommand(page, "Free up space");
    await panel.root.locator('[aria-label="Free up space"]:focus').waitFor();
  });
});

test("a folder is installed from the file browser, its end is told, and its page refuses to be in another one", async () => {
  await browser.visit(lab.address("lab/workspaces/files"), async (page) => {
    const files = page.getByRole("tab", { name: /File Browser/ });
    await files.click();
    await page.locator(".jp-DirListing-item", { hasText: "mine" }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Install as Pinokio App" }).click();
    const { root } = panelOf(page);
    await root.getByRole("article", { name: "mine" }).getByRole("button", { name: "Install" }).click();
    const consent = root.getByRole("region", { name: /^Install/ });
    await consent.getByRole("button", { name: "Install", exact: true }).click();
    await files.click();
    const toast = page.locator(".Toastify__toast", { hasText: "Install Mine: done" });
    await toast.waitFor();
    await shoot(page, "lab-installed");
    await toast.getByRole("button", { name: "Show log" }).click();
    await page
      .locator("#pinokiocloud-app-mine")
      .getByRole("log")
      .getByText("Everything this app needs")
      .first()
      .waitFor();
    const own = page.locator("#pinokiocloud-app-mine header");
    await own.getByRole("button", { name: "Start" }).click();
    await own.getByRole("button", { name: "Open", exact: true }).click();
    await page.getByText("Mine does not want to be shown inside of another page").waitFor();
    await page.getByText("X-Frame-Options: DENY").waitFor();
    const opening = page.context().waitForEvent("page");
    await page.getByRole("button", { name: "Open in a browser tab" }).last().click();
    await (await opening).locator("output#count").waitFor();
  });
});

test("where web pages open is a setting", async () => {
  await browser.visit(lab.address("lab/workspaces/settings", { pinokiocloud: "panel" }), async (page) => {
    const panel = panelOf(page);
    await startHello(panel);
    await page.keyboard.press("Control+,");
    await page.locator(".jp-PluginList-entry", { hasText: "PinokioCloud" }).first().click();
    await page
      .locator("select", { hasText: "In a tab of the browser" })
      .selectOption({ label: "In a tab of the browser" });
    await shoot(page, "lab-settings");
    await page.waitForResponse(
      (answer) => answer.url().includes("/api/settings") && answer.request().method() === "PUT",
    );
    const opening = page.context().waitForEvent("page");
    await panel.app(HELLO).getByRole("button", { name: "Open", exact: true }).click();
    await (await opening).locator("output#count").waitFor();
    expect(await page.getByRole("region", { name: `Show the page of ${HELLO} here?` }).count()).toBe(0);
  });
});

test("in Notebook 7 there is the panel, and apps are opened in the browser and listed among what runs", async () => {
  await browser.visit(
    lab.address("tree", { pinokiocloud: "panel" }),
    async (page) => {
      const panel = panelOf(page);
      await startHello(panel);
      await openHello(page, panel);
      await page.getByRole("tab", { name: "Running" }).last().click();
      await page.locator('[data-context="pinokiocloud-app"]', { hasText: HELLO }).getByText("Ready").waitFor();
      await shoot(page, "notebook-7");
    },
    { expected: NOTEBOOKS_OWN },
  );
});
