import { afterAll, beforeAll, test } from "@jest/globals";
import { shoot, startBrowser, type TestBrowser } from "../helpers/browser.js";
import { cellOf, startHello } from "../helpers/frame-page.js";
import { startJupyterLab } from "../helpers/jupyter-lab.js";
import { kernelIs, restartKernel, runCell, saveNotebook } from "../helpers/notebook-page.js";

let browser: TestBrowser;
beforeAll(async () => void (browser = await startBrowser()));
afterAll(() => browser[Symbol.asyncDispose]());

for (const labextension of [true, false])
test(`explore ${labextension}`, async () => {
  await using lab = await startJupyterLab({labextension, serverExtension: labextension });
  await lab.home.run("install", "hello-server", "--yes");
  const address = lab.notebook("a.ipynb", ["import pinokiocloud; pinokiocloud.start()"]);
  await browser.visit(address, async (page) => {
    const cell = cellOf(page);
    await runCell(page);
    await startHello(cell);
    await saveNotebook(page);
    await new Promise((r) => setTimeout(r, 1000));
    await restartKernel(page);
    await kernelIs(page, "Idle");
    await page.reload();
    await new Promise((r) => setTimeout(r, 5000));
    await shoot(page, `g-${labextension}`);
    console.log(await page.locator(".jp-OutputArea").first().innerHTML().then((t)=>t.slice(0,3000)));
  }, {expected: [/pinokiocloud.(ws|api)/]});
}, 100000);
