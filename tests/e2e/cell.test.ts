import { afterAll, beforeAll, test } from "@jest/globals";
import { shoot, startBrowser, type TestBrowser } from "../helpers/browser.js";
import { cellOf, installHello, openHello, startHello, stopHello } from "../helpers/frame-page.js";
import { startJupyterLab } from "../helpers/jupyter-lab.js";
import { kernelIs, restartKernel, runCell, saveNotebook } from "../helpers/notebook-page.js";

let browser: TestBrowser;
beforeAll(async () => void (browser = await startBrowser()));
afterAll(() => browser[Symbol.asyncDispose]());

test("explore", async () => {
  await using lab = await startJupyterLab({ });
  await lab.home.run("install", "hello-server", "--yes");
  const address = lab.notebook("a.ipynb", ["import pinokiocloud; pinokiocloud.start()"]);
  await browser.visit(address, async (page) => {
    const cell = cellOf(page);
    await runCell(page);
    await startHello(cell);
    await saveNotebook(page);
    await new Promise((r) => setTimeout(r, 1000));
    console.log(lab.readNotebook("a.ipynb").text);
    await page.reload();
    await new Promise((r) => setTimeout(r, 5000));
    await shoot(page, "d1");
    await restartKernel(page);
    await kernelIs(page, "Idle");
    await page.reload();
    await new Promise((r) => setTimeout(r, 5000));
    await shoot(page, "d2");
  });
}, 100000);
test("explore2", async () => {
  await using lab = await startJupyterLab({serverExtension: false });
  await lab.home.run("install", "hello-server", "--yes");
  const address = lab.notebook("a.ipynb", ["import pinokiocloud; pinokiocloud.start()"]);
  await browser.visit(address, async (page) => {
    const cell = cellOf(page);
    page.on("response", (r) => r.url().includes("pinokiocloud/") && console.log(r.status(), r.url()));
    page.on("websocket", (s) => s.url().includes("pinokiocloud/") && console.log(s.url()));
    await runCell(page);
    await startHello(cell);
    await saveNotebook(page);
    await shoot(page, "e0");
    await restartKernel(page);
    await new Promise((r) => setTimeout(r, 2000));
    await shoot(page, "e1");
    await page.reload();
    await new Promise((r) => setTimeout(r, 5000));
    await shoot(page, "e2");
  });
}, 100000);
test("explore3", async () => {
  await using lab = await startJupyterLab({serverExtension: false, labextension: false });
  await lab.home.run("install", "hello-server", "--yes");
  const address = lab.notebook("a.ipynb", ["import pinokiocloud; pinokiocloud.start()"]);
  await browser.visit(address, async (page) => {
    const cell = cellOf(page);
    await runCell(page);
    await startHello(cell);
    await saveNotebook(page);
    await shoot(page, "f0");
    await restartKernel(page);
    await new Promise((r) => setTimeout(r, 2000));
    await shoot(page, "f1");
    await page.reload();
    await new Promise((r) => setTimeout(r, 5000));
    await shoot(page, "f2");
    console.log(lab.readNotebook("a.ipynb").text);
  });
}, 100000);
