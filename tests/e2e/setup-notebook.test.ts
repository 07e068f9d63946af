import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readSidecarRecord } from "../../src/runtime/storage/sidecar-record.js";
import { startBrowser, type TestBrowser } from "../helpers/browser.js";
import { cellOf } from "../helpers/frame-page.js";
import { startJupyterLab } from "../helpers/jupyter-lab.js";
import { kernelIsIdle, runAllCells, saveNotebook } from "../helpers/notebook-page.js";

const CHECKOUT = new URL("../../", import.meta.url).pathname;
const SHOWN_WITHIN_MS = 5000;

let browser: TestBrowser;
let folder: string;
beforeAll(async () => {
  mkdirSync(join(CHECKOUT, "tests/output"), { recursive: true });
  folder = mkdtempSync(join(CHECKOUT, "tests/output/notebooks-"));
  copyFileSync(join(CHECKOUT, "notebooks/PinokioCloud.ipynb"), join(folder, "PinokioCloud.ipynb"));
  browser = await startBrowser();
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test("the notebook shows the tabs within 5 s, as often as it is run, and prints no secret", async () => {
  await using lab = await startJupyterLab({ folder });
  await browser.visit(lab.address("lab/tree/PinokioCloud.ipynb"), async (page) => {
    const cell = cellOf(page);
    await kernelIsIdle(page);
    const began = Date.now();
    await runAllCells(page);
    const tab = cell.root.getByRole("tab", { name: "Discover" });
    await tab.waitFor();
    expect(Date.now() - began).toBeLessThan(SHOWN_WITHIN_MS);
    expect((await tab.boundingBox())?.y).toBeLessThan(page.viewportSize()!.height);
    const { pid, tokenFile } = readSidecarRecord(join(lab.home.path, "run/sidecar.json"))!;

    await tab.evaluate((drawnFirst) => drawnFirst.setAttribute("data-run", "1"));
    await runAllCells(page);
    await cell.root.locator("[data-tab=discover]:not([data-run])").waitFor();
    await cell.reads("Hello Server");
    expect(await cell.root.count()).toBe(1);
    expect(readSidecarRecord(join(lab.home.path, "run/sidecar.json"))?.pid).toBe(pid);
    const { text } = await saveNotebook(page, lab, "PinokioCloud.ipynb");
    expect(text).toContain("Everything stays on this machine's disk");
    const secrets = [lab.token(), readFileSync(tokenFile, "utf8").trim()];
    expect(secrets.filter((secret) => secret === "" || text.includes(secret))).toEqual([]);
  });
});
