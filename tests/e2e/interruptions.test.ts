import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { readSidecarRecord } from "../../src/runtime/storage/sidecar-record.js";
import { startBrowser, type TestBrowser } from "../helpers/browser.js";
import { until } from "../helpers/command-line.js";
import { expectServing, HELLO, openHello, panelOf, startHello, stopHello } from "../helpers/frame-page.js";
import { answers, type JupyterLab, startJupyterLab } from "../helpers/jupyter-lab.js";

let browser: TestBrowser;
let lab: JupyterLab;
beforeAll(async () => {
  [browser, lab] = await Promise.all([startBrowser(), startJupyterLab()]);
  await lab.home.run("install", "hello-server", "--yes");
});
afterEach(() => lab.home.run("stop", "hello-server"));
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

const sidecarPid = () => readSidecarRecord(join(lab.home.path, "run/sidecar.json"))!.pid;
const count = (url: string) => fetch(new URL("count", url), { method: "POST" });

test("an app outlives a killed sidecar: the panel says so, and a new one finds it with every line it printed", async () => {
  await browser.visit(lab.address("lab", { pinokiocloud: "panel" }), async (page) => {
    const panel = panelOf(page);
    await startHello(panel);
    const url = await openHello(page, panel);
    const killed = sidecarPid();

    const told = panel.reads(/^Not connected: .+ Trying again in \d+ s$/);
    process.kill(killed, "SIGKILL");
    await told;
    for (let more = 0; more < 3; more++) expect((await count(url)).status).toBe(200);

    await until(sidecarPid, (pid) => pid !== killed);
    await panel.root.getByText(/^Not connected: /).waitFor({ state: "detached" });
    await expectServing(panel);
    await panel.goTo("Running");
    await panel.app(`${HELLO} start.json`).getByRole("button", { name: "Output" }).click();
    const output = panel.root.getByRole("log");
    await output.getByText("Counted to 4").waitFor();
    const counted = (await output.textContent())?.match(/Counted to \d/g);
    expect(counted).toEqual(["Counted to 1", "Counted to 2", "Counted to 3", "Counted to 4"]);
    await stopHello(panel, url);
  });
});

test("a page finds its way back to a Jupyter server that was restarted", async () => {
  await browser.visit(
    lab.address("lab", { pinokiocloud: "panel" }),
    async (page) => {
      const panel = panelOf(page);
      await startHello(panel);
      const url = await openHello(page, panel);

      // JupyterLab's own word on it, where it finds out before the server is there again.
      const theirs = page.getByRole("dialog", { name: /Server Connection Error/ });
      await page.addLocatorHandler(theirs, (dialog) => dialog.getByRole("button").last().click());
      await lab.stop();
      await panel.reads(/^Not connected: The Jupyter server does not answer\. Trying again/);
      expect(await answers(url)).toBe(true);
      await lab.start();
      await panel.root.getByText(/^Not connected: /).waitFor({ state: "detached" });
      await expectServing(panel);
      await stopHello(panel, url);
    },
    { expected: [/./] },
  );
});

test("a page that is reloaded in the middle of an install finds it where it is, and sees its end", async () => {
  const source = join(lab.folder, "slow");
  const go = join(source, "go");
  mkdirSync(source);
  writeFileSync(join(source, "pinokio.js"), "module.exports = { title: 'Slow', menu: [] }");
  const message = `echo 'it has begun'; until [ -e '${go}' ]; do sleep 0.1; done; echo 'it is over'`;
  writeFileSync(join(source, "install.json"), JSON.stringify({ run: [{ method: "shell.run", params: { message } }] }));
  await browser.visit(lab.address("lab", { pinokiocloud: "panel" }), async (page) => {
    const panel = panelOf(page);
    await panel.goTo("Discover");
    await panel.root.getByRole("searchbox").fill(source);
    await panel.app("slow").getByRole("button", { name: "Install" }).click();
    const sheet = panel.root.getByRole("region", { name: /^Install/ });
    await sheet.getByRole("button", { name: "Install", exact: true }).click();
    await panel.goTo("My Library");
    await panel
      .app("Slow")
      .getByText(/^Installing/)
      .waitFor();

    await page.reload();
    await panel.goTo("My Library");
    await panel
      .app("Slow")
      .getByText(/^Installing/)
      .waitFor();
    await panel.goTo("Running");
    await panel.app("Slow install.json").getByRole("button", { name: "Output" }).click();
    await panel.root.getByRole("log").getByText("it has begun").first().waitFor();
    writeFileSync(go, "");
    await panel.root.getByRole("log").getByText("it is over").first().waitFor();
    await panel.goTo("My Library");
    await panel
      .app("Slow")
      .getByText(/^Installed/)
      .waitFor();
  });
});
