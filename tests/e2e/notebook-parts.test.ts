import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { shoot, startBrowser, type TestBrowser } from "../helpers/browser.js";
import { until } from "../helpers/command-line.js";
import { type JupyterLab, startJupyterLab } from "../helpers/jupyter-lab.js";
import { kernelIsIdle, restartKernel, runCell } from "../helpers/notebook-page.js";

let browser: TestBrowser;
let lab: JupyterLab;
beforeAll(async () => {
  [browser, lab] = await Promise.all([startBrowser(), startJupyterLab({ labextension: false, baseUrl: "/user/x/" })]);
  await lab.home.run("install", "hello-server", "--yes");
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

const START = [
  "import pinokiocloud as pc",
  "run = pc.start('hello-server').wait_ready()",
  "print('The page is', run.url)",
].join("\n");

test("a notebook starts an app in a line, opens its page behind the server, and shows the page of the app and what runs", async () => {
  const notebook = lab.notebook("parts.ipynb", [START, "pc.app('hello-server')", "pc.running()"]);
  await browser.visit(notebook, async (page) => {
    await runCell(page);
    const said = await page.locator(".jp-OutputArea-output", { hasText: "The page is" }).textContent();
    const url = /The page is (\/user\/x\/proxy\/\d+\/)$/.exec(said?.trim() ?? "")?.[1] ?? "";
    const opened = await page.context().newPage();
    await opened.goto(new URL(url, page.url()).href);
    await opened.getByRole("button", { name: "Count one more" }).click();
    await opened.close();

    await runCell(page, 1);
    await runCell(page, 2);
    const [app, running] = [0, 1].map((at) => page.locator(".jp-OutputArea .pk-in-cell").nth(at));
    await app?.getByRole("heading", { name: "Hello Server" }).waitFor();
    await running?.getByText("start.json").first().waitFor();
    expect(await page.getByRole("tablist", { name: "PinokioCloud" }).count()).toBe(0);
    await shoot(page, "notebook-parts");
    await app?.getByRole("button", { name: "Stop", exact: true }).first().click();
    await running?.getByText("Nothing is running").waitFor();

    await restartKernel(page);
    const words = () => page.getByText("Run the setup cell, then this cell again").count();
    await until(words, (count) => count === 2);
    for (const cell of [0, 1, 2]) await runCell(page, cell);
    await kernelIsIdle(page);
    await until(words, (count) => count === 0);
    await running?.getByText("start.json").first().waitFor();
  });
});
