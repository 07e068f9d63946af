/**
 * @jest-environment jsdom
 * @jest-environment-options {"url": "https://hub.example/user/x/lab"}
 */
import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor } from "@testing-library/dom";
import { createSidecarClient } from "../../src/runtime/client/sidecar-client.js";
import { browserTimers } from "../../src/widgets/browser-timers.js";
import notebookView from "../../src/widgets/notebook-view.js";
import { hasServerProxy } from "../../src/widgets/server-proxy.js";
import { tellPagePath } from "../../src/widgets/tell-page-path.js";
import { FakeModel } from "../helpers/fake-model.js";
import { bridge } from "../helpers/kernel-bridge.js";
import { MemorySidecar } from "../helpers/memory-sidecar.js";
import { sampleApp, sampleRun } from "../helpers/samples.js";
import "../helpers/show-view.js";

const URL = "http://127.0.0.1:7860/app?a=1";
const PORT_ADDRESS = "https://7860-gpu-t4.prod.colab.dev/";
const world = globalThis as { google?: unknown; fetch?: unknown };
const { fetch } = world;
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
  delete world.google;
  world.fetch = fetch;
  document.body.replaceChildren();
});

function appInCell(): MemorySidecar {
  const sidecar = new MemorySidecar();
  const run = sampleRun({ state: "ready", local: { url: URL } });
  sidecar.state.apps.push(sampleApp({ runs: [run.id], url: URL }));
  sidecar.state.runs.push(run);
  sidecar.handlers["pages.framing"] = () => ({ frameOptions: null, frameAncestors: null });
  const model = new FakeModel({ layout: {}, view: "app", app: "hello" });
  bridge(model, sidecar);
  const el = document.body.appendChild(document.createElement("div"));
  ends.push(notebookView.render({ model, el }));
  return sidecar;
}

/** Colab's functions for code in a cell's output. */
function onColab(): number[] {
  const asked: number[] = [];
  const proxyPort = (port: number) => {
    asked.push(port);
    return Promise.resolve(PORT_ADDRESS);
  };
  world.google = { colab: { kernel: { proxyPort } } };
  return asked;
}

const answers = (status: number, more = {}) => {
  world.fetch = () => Promise.resolve({ ok: status < 300, status, redirected: false, ...more });
};

test("on Colab a page is shown below the cell at its port's own address, with a link to a tab, until it is closed", async () => {
  const asked = onColab();
  appInCell();
  (await screen.findByRole("button", { name: "Open" })).click();
  const frame = await screen.findByTitle<HTMLIFrameElement>("The app's page");
  expect(asked).toEqual([7860]);
  expect(frame.src).toBe(`${PORT_ADDRESS}app?a=1`);
  expect(frame.referrerPolicy).toBe("no-referrer");
  const link = screen.getByRole<HTMLAnchorElement>("link", { name: "Open in a browser tab" });
  expect([link.href, link.target, link.rel]).toEqual([`${PORT_ADDRESS}app?a=1`, "_blank", "noopener noreferrer"]);

  screen.getByRole("button", { name: "Open" }).click();
  await waitFor(() => expect(asked).toHaveLength(2));
  await waitFor(() => expect(document.querySelectorAll("iframe")).toHaveLength(1));
  screen.getByRole("button", { name: "Close the page" }).click();
  await waitFor(() => expect(document.querySelectorAll("iframe")).toHaveLength(0));
  screen.getByRole("button", { name: "Open" });
});

test("a page that refuses to be shown inside of another one has the link alone", async () => {
  onColab();
  appInCell().handlers["pages.framing"] = () => ({ frameOptions: "DENY", frameAncestors: null });
  (await screen.findByRole("button", { name: "Open" })).click();
  await screen.findByText(/It does not want to be shown inside of another page \(X-Frame-Options: DENY\)/);
  expect(document.querySelector("iframe")).toBeNull();
  screen.getByRole("link", { name: "Open in a browser tab" });
});

test.each<[string, () => void, RegExp]>([
  ["jupyter-server-proxy is not there", () => answers(404), /pip install jupyter-server-proxy/],
  ["the session has expired", () => answers(403), /Reload the page and log in again/],
  ["the hub sends to its login", () => answers(200, { redirected: true }), /Reload the page and log in again/],
  [
    "the server does not answer",
    () => (world.fetch = () => Promise.reject(new TypeError("Failed to fetch"))),
    /Look whether it still runs/,
  ],
])("what to do is said where a page is opened through Jupyter: %s", async (_, prepare, remedy) => {
  const config = document.createElement("script");
  config.id = "jupyter-config-data";
  config.type = "application/json";
  config.textContent = JSON.stringify({ baseUrl: "/user/x/" });
  document.body.append(config);
  prepare();
  appInCell();
  (await screen.findByRole("button", { name: "Open" })).click();
  await screen.findByText(remedy);
});

test("a server with the proxy is known by its answer", async () => {
  answers(200);
  expect(await hasServerProxy("/user/x/")).toBe(true);
});

test("the sidecar hears below which path pages are opened, after every connection", async () => {
  const sidecar = new MemorySidecar();
  sidecar.handlers["pages.through"] = () => ({});
  const client = createSidecarClient({
    transport: sidecar.transport,
    timers: browserTimers,
    client: { name: "test", version: "0" },
  });
  ends.push(() => client.close());
  const around = { pageUrl: location.href, baseUrl: "/user/x/", serverProxy: true, colabPort: null };
  for (let views = 0; views < 2; views++) tellPagePath(client, () => Promise.resolve(around));
  const told = () => sidecar.requests.filter(({ name }) => name === "pages.through").map(({ params }) => params);
  await waitFor(() => expect(told()).toEqual([{ path: "/user/x/proxy/{port}" }]));
  sidecar.drop("gone");
  client.retryNow();
  await waitFor(() => expect(told()).toHaveLength(2));
});
