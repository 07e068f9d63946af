import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startBrowser, shoot, type TestBrowser } from "../helpers/browser.js";
import { startJupyterLab } from "../helpers/jupyter-lab.js";

let browser: TestBrowser;
beforeAll(async () => void (browser = await startBrowser()));
afterAll(() => browser[Symbol.asyncDispose]());

test("try", async () => {
  await using lab = await startJupyterLab();
  await browser.visit(lab.address("lab", { pinokiocloud: "panel" }), async (page) => {
    const panel = page.locator("#pinokiocloud-panel");
    await panel.getByRole("tab", { name: "Discover" }).waitFor();
    await panel.getByRole("button", { name: "Install" }).last().waitFor();
    await shoot(page, "try");
  });
  expect(1).toBe(1);
});
