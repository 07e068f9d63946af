import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import { PinokioError } from "../../src/runtime/protocol/errors.js";
import { sampleApp, sampleRun } from "../helpers/samples.js";
import { createNavigation } from "../../src/widgets/navigation.js";
import { closeViews, openTab, showView } from "../helpers/show-view.js";

afterEach(closeViews);

const tab = (name: string) => screen.getByRole("tab", { name: new RegExp(`^${name}`) });

test("the tabs are there, in order, and the first one is open", async () => {
  showView();
  const tabs = await screen.findAllByRole("tab");
  expect(tabs.map((element) => element.title)).toEqual([
    "Discover",
    "My Library",
    "Running",
    "Shared Resources",
    "System",
  ]);
  expect(tabs.map((element) => element.getAttribute("aria-selected"))).toEqual([
    "true",
    "false",
    "false",
    "false",
    "false",
  ]);
});

test("arrow keys, Home and End move between tabs; only the open one is in the tab order", async () => {
  showView();
  await screen.findByText("The catalog is empty");
  tab("Discover").focus();
  for (const [key, name] of [
    ["ArrowRight", "My Library"],
    ["ArrowLeft", "Discover"],
    ["ArrowLeft", "System"],
    ["ArrowRight", "Discover"],
    ["End", "System"],
    ["Home", "Discover"],
  ] as const) {
    fireEvent.keyDown(document.activeElement as Element, { key });
    await waitFor(() => expect(tab(name).getAttribute("aria-selected")).toBe("true"));
    expect(document.activeElement).toBe(tab(name));
  }
  expect(screen.getAllByRole("tab").filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
});

test("when something else shows a tab, whoever was at the tabs is at that one", async () => {
  const navigation = createNavigation();
  showView(undefined, undefined, { navigation });
  await screen.findByText("The catalog is empty");
  tab("Discover").focus();
  navigation.show({ appId: null, runId: null, tabId: "running" });
  await waitFor(() => expect(tab("Running").getAttribute("aria-selected")).toBe("true"));
  expect(document.activeElement).toBe(tab("Running"));
});

test("what is no longer heard of is told as last known, and no time goes on", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(sampleRun({ state: "ready" }));
  });
  await openTab("My Library");
  const row = await screen.findByRole("article", { name: "Hello" });
  const state = () => row.querySelector(".pk-state")?.textContent;
  expect(state()).toMatch(/^Ready · \d/);
  sidecar.refusal = { code: "session-ended", message: "The kernel was restarted" };
  sidecar.drop("The kernel was restarted");
  await waitFor(() => expect(state()).toBe("Last known: Ready"));
  expect(row.querySelector(".pk-dot-good")).toBeNull();
});

test("the panel belongs to its tab", async () => {
  showView();
  await openTab("My Library");
  const panel = await screen.findByRole("tabpanel", { name: /My Library/ });
  expect(tab("My Library").getAttribute("aria-controls")).toBe(panel.id);
});

test("the title row says what the machine has and how much runs", async () => {
  showView((sidecar) => {
    sidecar.machine = { ...sidecar.machine, gpus: [{ name: "Tesla T4", memoryBytes: 15 * 1024 ** 3, driver: null }] };
    sidecar.state.runs.push(sampleRun());
  });
  expect(await screen.findByTitle("Tesla T4 · 15 GB · 41 GB disk free · 1 running")).toBeTruthy();
});

test("a lost connection is said in words; what was known stays, and nothing can be changed", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ menu: [{ text: "Start", href: "start.json", default: true }] }));
  });
  await openTab("My Library");
  const start = await screen.findByRole("button", { name: "Start" });
  const open = sidecar.transport.open;
  sidecar.transport.open = () =>
    Promise.reject(new PinokioError("not-connected", "The Jupyter server does not answer"));
  sidecar.drop("The connection to the Jupyter server was lost");

  expect(await screen.findByText(/^Not connected: The .* server .*\. Trying again in \d+ s$/)).toBeTruthy();
  expect(screen.getByText("Hello")).toBeTruthy();
  expect(start.getAttribute("aria-disabled")).toBe("true");
  expect(start.title).toBe("Not connected to PinokioCloud");
  start.click();
  expect(sidecar.asked("runs.start")).toEqual([]);

  sidecar.transport.open = open;
  (await screen.findByRole("button", { name: "Try now" })).click();
  await waitFor(() => expect(screen.queryByText(/^Not connected/)).toBeNull());
  await waitFor(() => expect(start.getAttribute("aria-disabled")).toBeNull());
});

test("a sidecar of another version is explained instead of the tabs", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.refusal = {
      code: "protocol-mismatch",
      message: "This page speaks protocol 1, the sidecar 2",
      hint: "Reload the page",
    };
  });
  expect(await screen.findByText("This page speaks protocol 1, the sidecar 2")).toBeTruthy();
  expect(screen.getByText("Reload the page")).toBeTruthy();
  sidecar.refusal = null;
  screen.getByRole("button", { name: "Try again" }).click();
  expect(await screen.findByText("The catalog is empty")).toBeTruthy();
});

test("a page that is older than the sidecar is to be loaded anew", async () => {
  showView((prepared) => {
    const context = { older: "asker" };
    prepared.refusal = { code: "protocol-mismatch", message: "This page is version 0.1.0", hint: "Reload it", context };
  });
  expect(await screen.findByRole("button", { name: "Reload the page" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
});

test("a read-only home says why nothing can be started", async () => {
  showView((sidecar) => {
    sidecar.state.mode = "read-only";
    sidecar.state.modeReason = "The machine box-2 uses this home";
    sidecar.state.apps.push(sampleApp({ menu: [{ href: "start.json" }] }));
  });
  expect(await screen.findByText(/^Read-only/)).toBeTruthy();
  await openTab("My Library");
  expect((await screen.findByRole("button", { name: "Start" })).title).toBe("The machine box-2 uses this home");
});

test("notices wait behind the most urgent one and go when they are dismissed", async () => {
  const { sidecar } = showView((prepared) => {
    const at = "2026-01-01T00:00:00.000Z";
    prepared.state.notices = [
      { id: "1", level: "info", message: "First", at },
      { id: "2", level: "error", message: "Second", hint: "Do this", at },
    ];
  });
  expect(await screen.findByText("Second")).toBeTruthy();
  expect(screen.getByText("Do this")).toBeTruthy();
  expect(screen.getByText("+1 more")).toBeTruthy();
  screen.getByRole("button", { name: "Dismiss" }).click();
  expect(await screen.findByText("First")).toBeTruthy();
  expect(sidecar.asked("notices.dismiss")).toEqual([{ id: "2" }]);
});

test("a page that cannot be opened says why", async () => {
  const { opened } = showView(
    (sidecar) => {
      const run = sampleRun({ state: "ready" });
      sidecar.state.runs.push(run);
      sidecar.state.apps.push(sampleApp({ runs: [run.id], url: "http://127.0.0.1:7860" }));
    },
    () => Promise.reject(new PinokioError("page-unreachable", "It is on another machine", { hint: "Install a proxy" })),
  );
  await openTab("My Library");
  (await screen.findByRole("button", { name: "Open" })).click();
  expect(await screen.findByText("It is on another machine")).toBeTruthy();
  expect(screen.getByText("Install a proxy")).toBeTruthy();
  expect(opened).toEqual(["http://127.0.0.1:7860"]);
});

test("state changes are spoken, the passing of seconds is not", async () => {
  const { sidecar, element } = showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(sampleRun());
  });
  await screen.findByText("The catalog is empty");
  const spoken = () => element.querySelector("[aria-live=polite]")?.textContent;
  expect(spoken()).toBe("");
  sidecar.emit({ type: "run-changed", run: sampleRun({ state: "ready" }) });
  await waitFor(() => expect(spoken()).toBe("Hello: Ready"));
  sidecar.emit({ type: "run-changed", run: sampleRun({ state: "ready", outputBytes: 5 }) });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(spoken()).toBe("Hello: Ready");
});

test("what an abort leaves behind is nothing", async () => {
  const { element, close } = showView();
  await screen.findByText("The catalog is empty");
  close();
  expect(element.children).toHaveLength(0);
});

test("markup in names is shown, not run", async () => {
  const evil = `<img src=x onerror="globalThis.hacked = true">`;
  const { element } = showView((sidecar) => {
    const run = sampleRun({ warnings: [evil], local: { url: "javascript:globalThis.hacked=true" } });
    sidecar.state.runs.push(run);
    sidecar.state.apps.push(
      sampleApp({
        title: evil,
        description: evil,
        icon: "https://tracker.example/x.png",
        runs: [run.id],
        menu: [{ text: `<b>Go</b>${evil}`, href: "start.js" }],
      }),
    );
    sidecar.print(run.id, `${evil}\n`);
  });
  for (const name of ["My Library", "Running"]) {
    await openTab(name);
    expect(
      (await screen.findAllByText((_, node) => node?.textContent?.includes(evil) ?? false)).length,
    ).toBeGreaterThan(0);
  }
  screen.getByRole("button", { name: "Output" }).click();
  await waitFor(() => expect(within(screen.getByRole("log")).getByText(/onerror/)).toBeTruthy());
  expect(element.querySelector("img")).toBeNull();
  expect(element.querySelector("a[href], button.pk-link")).toBeNull();
  expect((globalThis as { hacked?: boolean }).hacked).toBeUndefined();
});
