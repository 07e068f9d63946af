import { expect, test } from "@jest/globals";
import { startBrowser } from "../helpers/browser.js";
import { HELLO, openHello, panelOf } from "../helpers/frame-page.js";
import { startJupyterLab } from "../helpers/jupyter-lab.js";

const INSTALL_LIMIT_MS = 40_000;

test("whoever is new is led from Install to Open, once for each home", async () => {
  await using browser = await startBrowser();
  await using lab = await startJupyterLab({ firstSteps: true });
  await lab.home.runWith({ COLAB_RELEASE_TAG: "release" }, "up"); // a platform with a policy
  const address = lab.address("lab", { pinokiocloud: "panel" });
  await browser.visit(address, async (page) => {
    const panel = panelOf(page);
    const next = (name: string) => panel.root.locator("[aria-current=step]", { hasText: name }).waitFor();
    await panel.root.getByRole("heading", { name: "Your first minutes" }).waitFor();
    await panel.reads(lab.home.path);
    await panel.root.getByRole("button", { name: "I have read it" }).click();
    await next("Install");
    const card = panel.app(HELLO);
    await card.getByRole("button", { name: "Install" }).click();
    const sheet = panel.root.getByRole("region", { name: `Install ${HELLO}` });
    await sheet.getByRole("button", { name: "Install" }).click();
    const start = card.getByRole("button", { name: "Start" });
    await start.waitFor({ timeout: INSTALL_LIMIT_MS });
    await next("Start");
    await start.click();
    await next("Open");
    await openHello(page, panel);
    await panel.reads(/^Every app goes like this/);
    await panel.root.getByRole("button", { name: "Discover apps" }).click();
    await panel.root.getByRole("searchbox").first().waitFor();
  });

  await browser.visit(address, async (page) => {
    const panel = panelOf(page);
    await panel.root.getByRole("searchbox").first().waitFor();
    expect(await panel.root.getByText("Colab's free tier").count()).toBe(0);
    await panel.goTo("System");
    await panel.root.getByRole("button", { name: "First steps" }).click();
    await panel.root.getByRole("button", { name: "Show the first steps" }).click();
    await panel.root.getByRole("heading", { name: "Your first minutes" }).waitFor();
  });
});
