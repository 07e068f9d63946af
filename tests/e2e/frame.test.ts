import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "../helpers/browser.js";
import { expectServing, HELLO, panelOf } from "../helpers/frame-page.js";
import { type JupyterLab, startJupyterLab } from "../helpers/jupyter-lab.js";

let browser: TestBrowser;
let lab: JupyterLab;
let address: string;
beforeAll(async () => {
  [browser, lab] = await Promise.all([startBrowser(), startJupyterLab()]);
  address = lab.address("lab", { pinokiocloud: "panel" });
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

/** Presses Tab until something of this name has the focus. */
async function tabTo(page: Page, role: "button" | "tab", name: string): Promise<void> {
  const wanted = page.locator("#pinokiocloud-panel :focus").and(page.getByRole(role, { name, exact: true }));
  for (let presses = 0; presses < 20; presses++) {
    if ((await wanted.count()) > 0) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach “${name}”`);
}

test("everything is reached by keyboard: the panel, its tabs, and an app from Install to Stop", async () => {
  await browser.visit(address, async (page) => {
    const panel = panelOf(page);
    await panel.app(HELLO).getByRole("button", { name: "Install" }).waitFor();
    await page.locator(".jp-Launcher").waitFor(); // takes the focus when it comes
    await page.keyboard.press("Control+Shift+C");
    await page.keyboard.type("PinokioCloud Show the panel");
    await page.keyboard.press("Enter");
    const selected = (name: string) =>
      panel.root
        .locator(":focus")
        .and(page.getByRole("tab", { name, selected: true }))
        .waitFor();
    await selected("Discover");
    await page.keyboard.press("ArrowLeft");
    await selected("System");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await selected("My Library");
    await panel.reads("Nothing installed yet");
    await page.keyboard.press("ArrowLeft");
    await selected("Discover");

    await page.keyboard.press("/"); // to the search, and Enter from there to the first that was found
    await page.keyboard.type("hello");
    await panel.app("ACE-Step").waitFor({ state: "hidden" });
    await page.keyboard.press("Enter");
    await tabTo(page, "button", "Install");
    await page.keyboard.press("Enter");
    await panel.root.getByRole("region", { name: `Install ${HELLO}` }).waitFor();
    await tabTo(page, "button", "Install");
    await page.keyboard.press("Enter");
    await panel.app(HELLO).getByRole("button", { name: "Start" }).waitFor();
    await tabTo(page, "button", "Start");
    await page.keyboard.press("Space");
    await expectServing(panel);
    await tabTo(page, "button", "Stop");
    await page.keyboard.press("Enter");
    await panel.app(HELLO).getByText("Stopped").waitFor();
  });
});

test("two pages show the same, and nothing an app writes is run by them", async () => {
  const markup = `<img src=x onerror="window.wasRun = 1"><script>window.wasRun = 1</script>`;
  const folder = join(lab.folder, "hostile");
  cpSync(new URL("../../examples/hello-server", import.meta.url).pathname, folder, { recursive: true });
  const change = (file: string, from: RegExp, to: string) => {
    const text = readFileSync(join(folder, file), "utf8");
    expect(text).toMatch(from);
    writeFileSync(join(folder, file), text.replace(from, to));
  };
  change("pinokio.js", /"Hello Server"/, JSON.stringify(markup));
  change("pinokio.js", /"A small web page[^"]*"/, JSON.stringify(markup));
  change("pinokio.js", /"Start"/, JSON.stringify(`Start ${markup}`));
  change("install.json", /"Installed\.[^"]*"/, JSON.stringify(markup));

  await browser.visit(address, (first) =>
    browser.visit(address, async (second) => {
      const panels = [panelOf(first), panelOf(second)] as const;
      const [one, other] = panels;
      await one.root.getByLabel("Search apps").fill(folder);
      await one.app("hostile").getByRole("button", { name: "Install" }).click();
      const sheet = one.root.getByRole("region", { name: `Install ${markup}` });
      await sheet.getByRole("button", { name: "Install" }).click();
      await other.goTo("My Library");
      await other
        .app(markup)
        .getByText(/^Installing/)
        .waitFor();
      await one.app(markup).getByRole("button", { name: "Start" }).waitFor();
      await one.app(markup).getByRole("button", { name: "Start" }).click();
      for (const panel of panels) await panel.app(markup).getByText("Ready").waitFor();
      await other.app(markup).getByRole("button", { name: "Stop" }).click();
      for (const panel of panels) await panel.app(markup).getByText("Stopped").waitFor();

      await other
        .app(markup)
        .getByRole("button", { name: /^More about/ })
        .click();
      await one.goTo("Running");
      await one.app(`${markup} install.json`).getByRole("button", { name: "Output" }).click();
      await one.root.getByRole("log").getByText(markup).waitFor();
      for (const page of [first, second]) {
        expect(await page.evaluate(() => "wasRun" in window)).toBe(false);
        expect(await page.locator("#pinokiocloud-panel img[src=x]").count()).toBe(0);
      }
    }),
  );
});
