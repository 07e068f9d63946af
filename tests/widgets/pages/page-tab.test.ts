import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor } from "@testing-library/dom";
import { createSidecarClient } from "../../../src/runtime/client/sidecar-client.js";
import { browserTimers } from "../../../src/widgets/browser-timers.js";
import { mountPage } from "../../../src/widgets/mount-page.js";
import { untranslated } from "../../../src/widgets/view.js";
import { MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";
import { closeViews } from "../../helpers/show-view.js";

const URL = "http://127.0.0.1:7860/";
const run = sampleRun({ state: "ready", local: { url: URL } });
const ends: (() => void)[] = [];
afterEach(() => {
  closeViews();
  for (const end of ends.splice(0)) end();
});

function showTab(address = URL, framing = { frameOptions: null as string | null, frameAncestors: null }) {
  const sidecar = new MemorySidecar();
  sidecar.state.apps.push(sampleApp({ runs: [run.id], url: URL }));
  sidecar.state.runs.push(run);
  sidecar.handlers["pages.framing"] = () => framing;
  const client = createSidecarClient({
    transport: sidecar.transport,
    timers: browserTimers,
    client: { name: "test", version: "0" },
  });
  const removed = new AbortController();
  const shown: (string | null)[] = [];
  const trusted = new Set<string>();
  const opened: string[] = [];
  const element = document.createElement("div");
  document.body.append(element);
  const host = { client, t: untranslated, openUrl: () => Promise.resolve(), showsToasts: true, signal: removed.signal };
  mountPage(element, host, {
    appId: run.appId!,
    url: null,
    isTrusted: ({ id }) => trusted.has(id),
    trust: ({ id }) => Promise.resolve(void trusted.add(id)),
    addressOf: () => Promise.resolve(address),
    openInBrowser: (url) => Promise.resolve(void opened.push(url)),
    show: (next) => shown.push(next),
  });
  ends.push(() => {
    removed.abort();
    client.close();
    element.remove();
  });
  return { sidecar, shown, trusted, opened };
}

test("a page is shown after one question, which says what it could do", async () => {
  const { shown, trusted, opened } = showTab();
  await screen.findByText(/an address of its own \(http:\/\/127\.0\.0\.1:7860\)/);
  expect(shown.every((address) => address === null)).toBe(true);
  screen.getByRole("button", { name: "Open in a browser tab" }).click();
  await waitFor(() => expect(opened).toEqual([URL]));
  screen.getByRole("button", { name: "Show it here" }).click();
  await waitFor(() => expect(shown.at(-1)).toBe(URL));
  expect([...trusted]).toEqual(["hello"]);
});

test("one at Jupyter's own address could do what the person can", async () => {
  showTab(`${location.origin}/proxy/7860/`);
  await screen.findByText(/Its address here is that of Jupyter itself .* run code/);
});

/** What whoever looks at a page gets, until the test is over. */
function everyPageIs(html: string): void {
  const { fetch } = globalThis;
  const answer = { ok: true, headers: new Headers({ "content-type": "text/html" }), text: () => Promise.resolve(html) };
  Object.assign(globalThis, { fetch: () => Promise.resolve(answer) });
  ends.push(() => Object.assign(globalThis, { fetch }));
}

test("a page that would miss its parts below the path is not shown before somebody wants it so", async () => {
  everyPageIs('<script type="module" src="/@vite/client"></script>');
  showTab(`${location.origin}/proxy/7860/`);
  await screen.findByText("The page of Hello would not be whole here");
  await screen.findByText(/looks for its parts at the top of a server, .* below \/proxy\/7860\//);
  expect(screen.queryByRole("button", { name: "Restart" })).toBeNull();
  screen.getByRole("button", { name: "Show it all the same" }).click();
  await screen.findByText(/that of Jupyter itself/);
});

test("Gradio that was started without the path is offered to be restarted", async () => {
  everyPageIs('<script>window.gradio_config = {"root":""}</script>');
  const { sidecar } = showTab(`${location.origin}/proxy/7860/`);
  const asked = new Promise((resolve) => {
    sidecar.handlers["runs.restart"] = (params) => {
      resolve(params);
      throw new Error("enough");
    };
  });
  (await screen.findByRole("button", { name: "Restart" })).click();
  expect(await asked).toEqual({ runId: run.id });
});

test("a page that refuses to be shown inside of another is offered in the browser", async () => {
  const { shown } = showTab(URL, { frameOptions: "DENY", frameAncestors: null });
  await screen.findByText("Hello does not want to be shown inside of another page");
  await screen.findByText(/X-Frame-Options: DENY/);
  expect(screen.queryByRole("button", { name: "Show it here" })).toBeNull();
  screen.getByRole("button", { name: "Open in a browser tab" });
  expect(shown.at(-1)).toBeNull();
});

test("when the app is stopped the page goes, and the tab offers to start it", async () => {
  const { sidecar, shown } = showTab();
  (await screen.findByRole("button", { name: "Show it here" })).click();
  await waitFor(() => expect(shown.at(-1)).toBe(URL));
  const menu = [{ text: "Start", href: "start.json" }];
  sidecar.emit({ type: "app-changed", app: sampleApp({ url: null, menu }) });
  sidecar.emit({ type: "run-removed", runId: run.id });
  await screen.findByText("Hello does not run");
  expect(shown.at(-1)).toBeNull();
  screen.getByRole("button", { name: "Start" });
});
