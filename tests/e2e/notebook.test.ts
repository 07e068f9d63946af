import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { readSidecarRecord } from "../../src/runtime/storage/sidecar-record.js";
import { startBrowser, type TestBrowser } from "../helpers/browser.js";
import {
  cellOf,
  expectServing,
  type FramePage,
  HELLO,
  installHello,
  openHello,
  panelOf,
  startHello,
  stopHello,
} from "../helpers/frame-page.js";
import { answers, type JupyterLab, startJupyterLab } from "../helpers/jupyter-lab.js";
import { kernelIsIdle, restartKernel, runCell, saveNotebook, SETUP } from "../helpers/notebook-page.js";

let browser: TestBrowser;
let lab: JupyterLab;
beforeAll(async () => {
  [browser, lab] = await Promise.all([startBrowser(), startJupyterLab({ savesWidgets: true })]);
});
afterEach(() => lab.home.run("stop", "hello-server"));
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

test("the setup code shows the tabs under its cell, and an app is installed, started, opened and stopped there", async () => {
  await browser.visit(lab.notebook("cell.ipynb", [SETUP]), async (page) => {
    await runCell(page);
    const cell = cellOf(page);
    await installHello(cell);
    await startHello(cell);
    await cell.app(HELLO).getByText("Ready").click({ button: "right" });
    await cell.root.getByRole("menu", { name: `More about ${HELLO}` }).waitFor();
    expect(await page.locator(".lm-Menu").count()).toBe(0); // that of the notebook stays away
    await page.keyboard.press("Escape");
    const url = await openHello(page, cell);
    await stopHello(cell, url);
  });
});

test("what JupyterLab does to the looks of outputs stops at the view", async () => {
  await browser.visit(lab.notebook("looks.ipynb", [SETUP]), async (page) => {
    await runCell(page);
    const looks = async (frame: FramePage) => {
      await frame.goTo("System");
      await frame.reads("Processor");
      await frame.reads("Log file");
      await frame.root.getByRole("button", { name: "Show what it says" }).click();
      const seen = await frame.root.locator("dl, dt, dd, pre").evaluateAll((elements) =>
        elements.map((element) => {
          const { display, cssFloat, fontWeight, fontFamily, padding, borderStyle } = getComputedStyle(element);
          return [element.tagName, display, cssFloat, fontWeight, fontFamily, padding, borderStyle].join(" | ");
        }),
      );
      return [...new Set(seen)];
    };
    expect(await looks(cellOf(page))).toEqual(await looks(panelOf(page)));
  });
});

test("keys pressed in the view are the view's: they move among its tabs and leave the notebook's cells alone", async () => {
  await browser.visit(lab.notebook("keys.ipynb", [SETUP, "1"]), async (page) => {
    await runCell(page);
    const { root, goTo } = cellOf(page);
    await goTo("Discover");
    for (const key of ["d", "d", "a", "x", "ArrowRight"]) await page.keyboard.press(key);
    await root
      .locator(":focus")
      .and(page.getByRole("tab", { name: "My Library", selected: true }))
      .waitFor();
    expect(await page.locator(".jp-Notebook .jp-Cell").count()).toBe(2);
  });
});

test("a saved notebook holds less than 10 KB of widgets and no secret, and says without its kernel what to do", async () => {
  await browser.visit(lab.notebook("saved.ipynb", [SETUP]), async (page) => {
    await runCell(page);
    await cellOf(page).goTo("System");
    const { text, metadata } = await saveNotebook(page, lab, "saved.ipynb");
    expect(metadata.widgets).toBeDefined();
    expect(JSON.stringify(metadata.widgets).length).toBeLessThan(10_000);
    const sidecar = readSidecarRecord(join(lab.home.path, "run/sidecar.json"))!;
    const secrets = [lab.token(), readFileSync(sidecar.tokenFile, "utf8").trim()];
    expect(secrets.filter((secret) => secret === "" || text.includes(secret))).toEqual([]);

    for (const { id } of (await (await page.request.get(lab.address("api/kernels"))).json()) as { id: string }[])
      await page.request.delete(lab.address(`api/kernels/${id}`));
    const address = page.url();
    await page.goto("about:blank");
    delete metadata.widgets; // as where the state of widgets is not saved, which is usual
    writeFileSync(join(lab.folder, "saved.ipynb"), JSON.stringify({ ...JSON.parse(text), metadata }));
    await page.goto(address);
    await page.locator(".pk-saved").getByText("Run the setup cell to see the tabs").waitFor();
    expect(await page.getByText("model not found").count()).toBe(0);
  });
});

test("an app goes on when the kernel restarts and the page reloads, and both show it again", async () => {
  await browser.visit(lab.notebook("again.ipynb", [SETUP]), async (page) => {
    const cell = cellOf(page);
    await runCell(page);
    await startHello(cell);
    const url = await openHello(page, cell);

    await restartKernel(page);
    expect(await answers(url)).toBe(true);
    await runCell(page);
    await cell.goTo("My Library");
    await expectServing(cell);

    await saveNotebook(page, lab, "again.ipynb");
    await page.reload();
    await kernelIsIdle(page);
    await cell.goTo("My Library");
    await expectServing(cell);
    await stopHello(cell, url);
  });
});
