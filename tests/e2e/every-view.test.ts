import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type axe from "axe-core";
import type { Locator, Page } from "playwright-core";
import { shoot, startBrowser, type TestBrowser } from "../helpers/browser.js";
import { cellOf, expectServing, HELLO, panelOf } from "../helpers/frame-page.js";
import { type JupyterLab, startJupyterLab } from "../helpers/jupyter-lab.js";
import { chooseTheme, panelWidth, type Theme } from "../helpers/lab-page.js";
import { runCell, SETUP } from "../helpers/notebook-page.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = ["Discover", "My Library", "Running", "Shared Resources", "System"] as const;
/** Widths of the panel, by theme. */
const WIDTHS: Record<Theme, readonly number[]> = { Light: [900, 300], Dark: [900, 300], "Dark High Contrast": [300] };

/** Of axe; a view in which it finds less than that is not there. */
const FEWEST_RULES = 10;

let browser: TestBrowser;
let lab: JupyterLab;
beforeAll(async () => {
  browser = await startBrowser();
  lab = await startJupyterLab();
  await lab.home.run("install", "hello-server", "--yes");
  await lab.home.run("run", "hello-server");
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await browser[Symbol.asyncDispose]();
});

test("every view can be read and used by everybody, in light and dark, narrow and wide", async () => {
  await browser.visit(
    lab.address("lab", { pinokiocloud: "panel" }),
    async (page) => {
      const panel = panelOf(page);
      await panel.goTo("My Library");
      await expectServing(panel);
      for (const [theme, widths] of Object.entries(WIDTHS) as [Theme, number[]][]) {
        await chooseTheme(page, theme);
        for (const width of widths) {
          await panelWidth(page, width);
          for (const view of VIEWS) {
            await panel.goTo(view);
            await judge(page, panel.root, `${view} ${width} ${theme}`);
          }
        }
        await panel.goTo("My Library");
        await panel.app(HELLO).getByRole("button", { name: HELLO, exact: true }).click();
        await judge(page, panel.root, `App 300 ${theme}`);
        await panel.root.getByRole("button", { name: "Open in a tab" }).click();
        const tab = page.locator("#pinokiocloud-app-hello-server");
        await tab.getByRole("heading", { name: "Runs" }).waitFor();
        await judge(page, tab, `App tab ${theme}`);
        await panel.root.getByRole("button", { name: "Back" }).click();
      }
    },
    { viewport: { width: 1280, height: 900 } },
  );
});

test("so can the tabs in a notebook's cell", async () => {
  await browser.visit(lab.notebook("Views.ipynb", [SETUP]), async (page) => {
    await runCell(page);
    const cell = cellOf(page);
    for (const theme of ["Light", "Dark"] as const) {
      await chooseTheme(page, theme);
      for (const view of ["Discover", "My Library"] as const) {
        await cell.goTo(view);
        await judge(page, cell.root, `${view} cell ${theme}`);
      }
    }
  });
});

/** Writes a picture for a person to judge, and fails on what no person can use. */
async function judge(page: Page, root: Locator, name: string): Promise<void> {
  await root.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
  await shoot(page, `view-${name.toLowerCase().replaceAll(" ", "-")}`);
  await page.evaluate(AXE);
  const node = await root.elementHandle();
  const found = await page.evaluate(
    async ([element, fewest]) => {
      const { passes, violations } = await (window as unknown as { axe: typeof axe }).axe.run(element as Element);
      if (passes.length < fewest) return [`Only ${passes.length} rules of axe had something to look at`];
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ""}`));
    },
    [node, FEWEST_RULES] as const,
  );
  expect({ name, found }).toEqual({ name, found: [] });
}
