import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor, within } from "@testing-library/dom";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const MENU = [
  { text: "Start", href: "start.json", default: true },
  { text: "Models", menu: [{ text: "Small", href: "download.js?size=small", params: { steps: 4 } }] },
  { text: "Reset", href: "reset.json", confirm: "Remove everything?" },
  { text: "Documentation", href: "https://example.org/docs" },
  { text: "Notes", href: "/notes.txt" },
];

const press = async (name: string | RegExp) => (await screen.findByRole("button", { name })).click();

test("an empty library leads to Discover", async () => {
  showView();
  await openTab("My Library");
  expect(await screen.findByText("Nothing installed yet")).toBeTruthy();
  await press("Discover apps");
  await waitFor(() => expect(screen.getByRole("tab", { name: "Discover" }).getAttribute("aria-selected")).toBe("true"));
});

test("an app is started, opened and stopped, each where the last was", async () => {
  const run = sampleRun({ state: "starting" });
  const { sidecar, opened } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ menu: MENU }));
    prepared.handlers["runs.start"] = () => ({ run, already: false });
    prepared.handlers["runs.stop"] = () => ({ run });
  });
  await openTab("My Library");
  await press("Start");
  await waitFor(() => expect(sidecar.asked("runs.start")).toEqual([{ script: "hello/start.json" }]));

  sidecar.emit({ type: "run-changed", run });
  expect(await screen.findByText("Starting")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Open" })).toBeNull();

  sidecar.emit({ type: "run-changed", run: { ...run, state: "ready", local: { url: "http://127.0.0.1:7860" } } });
  sidecar.emit({ type: "app-changed", app: sampleApp({ menu: MENU, runs: [run.id], url: "http://127.0.0.1:7860" }) });
  expect(await screen.findByText("Ready")).toBeTruthy();
  await press("Open");
  expect(opened).toEqual(["http://127.0.0.1:7860"]);

  await press("Stop");
  await waitFor(() => expect(sidecar.asked("runs.stop")).toEqual([{ runId: run.id }]));
  sidecar.emit({ type: "run-changed", run: { ...run, state: "stopping" } });
  expect(await screen.findByText("Stopping")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Stop" })).toBeNull();

  const end = { outcome: "stopped" as const, error: null, at: new Date().toISOString() };
  sidecar.emit({ type: "run-changed", run: { ...run, state: "ended", end } });
  sidecar.emit({ type: "app-changed", app: sampleApp({ menu: MENU }) });
  expect(await screen.findByText("Stopped")).toBeTruthy();
  expect(await screen.findByRole("button", { name: "Start" })).toBeTruthy();
});

test("by keyboard the next thing to do with an app is where the last one was", async () => {
  const run = sampleRun();
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ menu: MENU }), sampleApp({ id: AppId.parse("other"), title: "Other" }));
    prepared.handlers["runs.start"] = () => ({ run, already: false });
    prepared.handlers["runs.stop"] = () => ({ run });
  });
  await openTab("My Library");
  const row = within(await screen.findByRole("article", { name: "Hello" }));
  const pressFocused = async (name: string) => {
    const button = await row.findByRole("button", { name });
    await waitFor(() => expect(document.activeElement).toBe(button));
    button.click();
  };
  row.getByRole("button", { name: "More about Hello" }).focus();
  (await row.findByRole("button", { name: "Start" })).focus();
  await pressFocused("Start");
  sidecar.emit({ type: "run-changed", run });
  await pressFocused("Stop");
  sidecar.emit({ type: "run-changed", run: { ...run, state: "stopping" } });
  await waitFor(() => expect(row.queryByRole("button", { name: "Stop" })).toBeNull());
  const end = { outcome: "stopped" as const, error: null, at: new Date().toISOString() };
  sidecar.emit({ type: "run-changed", run: { ...run, state: "ended", end } });
  await pressFocused("Start");
});

test("the launcher's own menu is there, nested, and does what its entries say", async () => {
  const { sidecar, opened } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ menu: MENU }));
    prepared.handlers["runs.start"] = () => ({ run: sampleRun(), already: false });
  });
  await openTab("My Library");
  await press("Hello");
  await press("Small");
  await waitFor(() =>
    expect(sidecar.asked("runs.start")).toEqual([
      { script: "hello/download.js", input: { size: "small", steps: "4" } },
    ]),
  );
  await press("Documentation");
  expect(opened).toEqual(["https://example.org/docs"]);
  expect(screen.getByText("Notes").closest("p")?.textContent).toBe("Notescannot be opened here");
});

test("an entry whose script runs leads to its output", async () => {
  const run = sampleRun();
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ menu: MENU, runs: [run.id] }));
    prepared.state.runs.push(run);
    prepared.print(run.id, "hello\n");
  });
  await openTab("My Library");
  await press("Hello");
  await press("Start running");
  await press("Output");
  await waitFor(async () => expect((await screen.findByRole("log")).textContent).toBe("hello\n"));
  expect(sidecar.asked("runs.start")).toEqual([]);
});

test("an entry with a question is asked first", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ menu: MENU }));
    prepared.handlers["runs.start"] = () => ({ run: sampleRun(), already: false });
  });
  await openTab("My Library");
  await press("Hello");
  await press("Reset");
  expect(await screen.findByText("Remove everything?")).toBeTruthy();
  await press("Cancel");
  await waitFor(() => expect(screen.queryByText("Remove everything?")).toBeNull());
  expect(sidecar.asked("runs.start")).toEqual([]);
  await press("Reset");
  await screen.findByText("Remove everything?");
  await press("Reset");
  await waitFor(() => expect(sidecar.asked("runs.start")).toEqual([{ script: "hello/reset.json" }]));
});

test("an app whose scripts changed asks again before it starts", async () => {
  let agreed = false;
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ menu: MENU }));
    prepared.handlers["runs.start"] = () => {
      if (!agreed) throw new PinokioError("agreement-needed", "Nobody has agreed to these scripts");
      return { run: sampleRun(), already: false };
    };
    prepared.handlers["apps.agree"] = () => {
      agreed = true;
      return {};
    };
  });
  await openTab("My Library");
  await press("Start");
  expect(await screen.findByRole("region", { name: "Start Hello" })).toBeTruthy();
  await press("Agree and start");
  await waitFor(() => expect(sidecar.asked("runs.start")).toHaveLength(2));
  expect(sidecar.asked("apps.inspect")).toEqual([{ source: "/home/api/hello" }]);
  expect(sidecar.asked("apps.agree")).toEqual([{ appId: "hello", fingerprint: "f00dfeedf00dfeed" }]);
});

test("a start that fails is told in the row", async () => {
  showView((prepared) => {
    prepared.state.apps.push(sampleApp({ menu: MENU }));
    prepared.handlers["runs.start"] = () => {
      throw new PinokioError("script-missing", "start.json does not exist", { hint: "Install the app again" });
    };
  });
  await openTab("My Library");
  await press("Start");
  expect(await screen.findByText("start.json does not exist")).toBeTruthy();
  await press("Dismiss");
  await waitFor(() => expect(screen.queryByText("start.json does not exist")).toBeNull());
});

test("a launcher that throws has its reason on the card", async () => {
  showView((prepared) => {
    prepared.state.apps.push(sampleApp({ problem: { code: "menu-failed", message: "pinokio.js threw: no kernel" } }));
  });
  await openTab("My Library");
  expect(await screen.findByText("pinokio.js threw: no kernel")).toBeTruthy();
});

test("a run that failed says why until it is dismissed", async () => {
  showView((prepared) => {
    prepared.state.apps.push(sampleApp({ menu: MENU }));
    prepared.state.runs.push(
      sampleRun({ state: "ended", end: { outcome: "lost", error: null, at: "2026-01-01T00:01:00.000Z" } }),
    );
  });
  await openTab("My Library");
  expect(await screen.findByText("The script was running when its machine went away")).toBeTruthy();
  expect(screen.getByText("Lost")).toBeTruthy();
  await press("Dismiss");
  await waitFor(() => expect(screen.queryByText("The script was running when its machine went away")).toBeNull());
});

test("the ways to install an app are offered until one has worked", async () => {
  const installers = ["CPU", "CUDA"].map((kind) => ({
    text: `Install for ${kind}`,
    script: `install_${kind}.json`,
    params: { kind },
    default: false,
  }));
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ state: "choose", installers }));
    prepared.handlers["runs.start"] = () => ({ run: sampleRun({ state: "starting" }), already: false });
  });
  await openTab("My Library");
  await press("Install for CUDA");
  const wish = { script: "hello/install_CUDA.json", input: { kind: "CUDA" } };
  await waitFor(() => expect(sidecar.asked("runs.start")).toEqual([wish]));

  const run = sampleRun({ script: wish.script });
  sidecar.emit({ type: "run-changed", run });
  await waitFor(() => expect(screen.queryByRole("button", { name: "Install for CPU" })).toBeNull());
  const end = { outcome: "failed" as const, error: null, at: "2026-01-01T00:01:00.000Z" };
  sidecar.emit({ type: "run-changed", run: { ...run, state: "ended", end } });
  sidecar.emit({ type: "app-changed", app: sampleApp({ state: "install-failed", installers }) });
  expect(await screen.findByRole("button", { name: "Install for CPU" })).toBeTruthy();
  sidecar.emit({ type: "app-changed", app: sampleApp({ installers }) });
  await waitFor(() => expect(screen.queryByRole("button", { name: "Install for CPU" })).toBeNull());
});

test("when it was used is told of an app that does not run", async () => {
  const lastUsedAt = new Date(Date.now() - 960_000).toISOString();
  const statistics = { launches: 1, runningMs: 0, lastUsedAt, peakGpuMemoryBytes: null };
  const { sidecar } = showView((prepared) => void prepared.state.apps.push(sampleApp({ menu: MENU, statistics })));
  await openTab("My Library");
  expect(await screen.findByText("Used 16 min ago")).toBeTruthy();
  await press("Hello");
  expect(await screen.findByText("once, 0 min in all, last 16 min ago")).toBeTruthy();
  const run = sampleRun();
  sidecar.emit({ type: "run-changed", run });
  sidecar.emit({ type: "app-changed", app: sampleApp({ menu: MENU, statistics, runs: [run.id] }) });
  expect(await screen.findByText("once")).toBeTruthy();
  expect(screen.queryByText("Used 16 min ago")).toBeNull();
});

test("the library is a list or a grid, and stays what it was made", async () => {
  localStorage.clear();
  const show = async () => {
    const view = showView((prepared) => void prepared.state.apps.push(sampleApp({ menu: MENU })));
    await openTab("My Library");
    await screen.findByRole("article", { name: "Hello" });
    return view.element.querySelector<HTMLElement>(".pk-library")!;
  };
  const first = await show();
  expect(first.dataset["layout"]).toBe("list");
  await press("Show as a grid");
  await waitFor(() => expect(first.dataset["layout"]).toBe("grid"));
  closeViews();
  expect((await show()).dataset["layout"]).toBe("grid");
  await press("More about the library");
  (await screen.findByRole("menuitem", { name: "Show as a list" })).click();
  await waitFor(() => expect(localStorage.getItem("pinokiocloud library layout")).toBe("list"));
});

test("more about an app is what a person says of it; the rest is on its page", async () => {
  showView((prepared) => void prepared.state.apps.push(sampleApp({ menu: MENU, description: "Says hello" })));
  await openTab("My Library");
  await press("More about Hello");
  expect(await screen.findByLabelText("Notes about Hello")).toBeTruthy();
  expect(screen.getByRole("combobox", { name: "Folder of Hello" })).toBeTruthy();
  expect(screen.queryByText("Says hello")).toBeNull();
  expect(screen.queryByRole("button", { name: "Documentation" })).toBeNull();
  await press("Menu, output and all else of it");
  expect(await screen.findByRole("button", { name: "Documentation" })).toBeTruthy();
  expect(screen.getByText("Says hello")).toBeTruthy();
  expect(screen.getByText("/home/api/hello")).toBeTruthy();
});
