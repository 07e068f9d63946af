// JupyterLab as somebody sees it who is not at its machine: apps' pages come through its own address.
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { shoot, startBrowser, type TestBrowser } from "../helpers/browser.js";
import { until } from "../helpers/command-line.js";
import { panelOf } from "../helpers/frame-page.js";
import { type JupyterLab, startJupyterLab } from "../helpers/jupyter-lab.js";
import { runCell } from "../helpers/notebook-page.js";

const HUB = "hub.example";
const SOCKET_APP = new URL("../fixtures/apps/echo-socket", import.meta.url).pathname;
const INSTALL_LIMIT_MS = 150_000;

let browser: TestBrowser;
let lab: JupyterLab;
beforeAll(async () => {
  [browser, lab] = await Promise.all([startBrowser(HUB), startJupyterLab({ baseUrl: "/user/x/", host: HUB })]);
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

test(
  "Gradio is installed from Discover, started, opened through Jupyter, asked for a picture, stopped, and is there at once when installed again",
  async () => {
    const title = "Gradio Sketch";
    await browser.visit(lab.address("lab", { pinokiocloud: "panel" }), async (page) => {
      const panel = panelOf(page);
      await panel.root.getByLabel("Search apps").fill("gradio sketch");
      const card = panel.app(title);
      await card.getByRole("button", { name: "Install" }).click();
      const sheet = panel.root.getByRole("region", { name: `Install ${title}` });
      await sheet.getByText("uv pip install -r requirements.txt").waitFor();
      await sheet.getByRole("button", { name: "Install" }).click();
      await card.getByRole("button", { name: "Start" }).waitFor({ timeout: INSTALL_LIMIT_MS });
      await panel.goTo("My Library");
      await panel.app(title).getByRole("button", { name: "Start" }).click();
      await panel.app(title).getByRole("button", { name: "Open" }).click({ timeout: 60_000 });

      const asked = page.getByRole("region", { name: `Show the page of ${title} here?` });
      await asked.getByText("that of Jupyter itself").waitFor();
      await asked.getByRole("button", { name: "Show it here" }).click();
      const held = page.locator("iframe.pk-held-frame");
      expect(await held.getAttribute("src")).toMatch(/^http:\/\/hub\.example:\d+\/user\/x\/proxy\/\d+\/$/);
      const shown = held.contentFrame();
      await shown.getByRole("button", { name: "Submit" }).click();
      const sketch = shown.locator('img[src*="/user/x/proxy/"]');
      await until(
        () => sketch.evaluate((picture: HTMLImageElement) => picture.naturalWidth),
        (width) => width === 480,
      );
      await shoot(page, "far-gradio");

      await panel.app(title).getByRole("button", { name: "Stop" }).click();
      await panel.app(title).getByText("Stopped").waitFor();
    });
    const printed = async () => (await lab.home.run("logs", "gradio-sketch")).out;
    expect(await printed()).toMatch(/Set, since its page is opened .*GRADIO_ROOT_PATH=\/user\/x\/proxy\/\d+/);

    await lab.home.run("run", "gradio-sketch", "install.js");
    const again = await printed();
    expect(again).toMatch(/(?:Audited|Checked) \d+ package/);
    expect(again).not.toMatch(/Downloading|Prepared/);
  },
  INSTALL_LIMIT_MS + 60_000,
);

test(
  "Gradio is installed again, started, opened, asked for a picture and stopped from lines of a notebook",
  async () => {
    await lab.home.run("uninstall", "gradio-sketch", "--yes");
    const lines = [
      "import pinokiocloud as pc",
      "app = pc.install('gradio-sketch', agree=True)",
      "run = pc.start(app).wait_ready()",
      "print('The page is', run.url)",
    ].join("\n");
    await browser.visit(lab.notebook("gradio.ipynb", [lines, "pc.running()", "print(run.stop())"]), async (page) => {
      await runCell(page);
      const said = page.locator(".jp-OutputArea-output", { hasText: "The page is" });
      await said.waitFor({ timeout: INSTALL_LIMIT_MS });
      const url = /The page is (\S+)/.exec((await said.textContent()) ?? "")?.[1] ?? "";
      const opened = await page.context().newPage();
      await opened.goto(new URL(url, page.url()).href);
      await opened.getByRole("button", { name: "Submit" }).click();
      const sketch = opened.locator('img[src*="/user/x/proxy/"]');
      await until(
        () => sketch.evaluate((picture: HTMLImageElement) => picture.naturalWidth),
        (width) => width === 480,
      );
      await opened.close();
      await runCell(page, 1);
      const running = page.locator(".jp-OutputArea .pk-in-cell");
      await running.getByText("start.js").first().waitFor();
      await runCell(page, 2);
      await running.getByText("Nothing is running").waitFor();
    });
  },
  INSTALL_LIMIT_MS + 60_000,
);

test("a page's WebSocket comes through too", async () => {
  await lab.home.run("install", SOCKET_APP, "--yes");
  await lab.home.run("run", "echo-socket");
  await browser.visit(lab.address("lab", { pinokiocloud: "panel" }), async (page) => {
    const panel = panelOf(page);
    await panel.goTo("My Library");
    await panel.app("Echo Socket").getByRole("button", { name: "Open" }).click();
    const opening = page.context().waitForEvent("page");
    const asked = page.getByRole("region", { name: "Show the page of Echo Socket here?" });
    await asked.getByRole("button", { name: "Open in a browser tab" }).click();
    const opened = await opening;
    await opened.getByText("hello from /echo").waitFor();
    expect(opened.url()).toMatch(/^http:\/\/hub\.example:\d+\/user\/x\/proxy\/\d+\/$/);
  });
});

test("where something keeps WebSockets away, the panel says so and what to do", async () => {
  const target = new URL(lab.address(""));
  const proxy = createServer((asked, answer) => {
    const { method, url: path, headers } = asked;
    const passed = request({ host: "127.0.0.1", port: target.port, method, path, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  });
  proxy.on("upgrade", (_, socket) => socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"));
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = new URL(lab.address("lab", { pinokiocloud: "panel" }));
  address.port = String((proxy.address() as AddressInfo).port);
  try {
    await browser.visit(
      address.href,
      async (page) => {
        const panel = panelOf(page);
        await panel.reads(/The Jupyter server answers, but WebSockets do not get through to it/);
        await panel.reads(/has to pass on WebSockets and the Host header/);
        await shoot(page, "far-without-websockets");
      },
      { expected: [/WebSocket connection to .* failed/] },
    );
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});
