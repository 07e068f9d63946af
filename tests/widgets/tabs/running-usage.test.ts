import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor, within } from "@testing-library/dom";
import { AppId, RunId } from "../../../src/runtime/protocol/ids.js";
import type { GpuEnding } from "../../../src/runtime/protocol/runs.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

const GB = 1024 ** 3;
const OTHER = RunId.parse("run_000000000002");
const T4 = { name: "Tesla T4", busy: 0.45, memoryBytes: 5.8 * GB, totalBytes: 15 * GB };
const ESTIMATED = { processes: 3, cpu: 1.52, memoryBytes: 2.3 * GB, gpuMemoryBytes: 5.2 * GB, isGpuEstimate: true };

const setVisible = (state: DocumentVisibilityState) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
};

afterEach(() => {
  closeViews();
  setVisible("visible");
  Reflect.deleteProperty(globalThis, "IntersectionObserver");
});

const figures = (list: HTMLElement) =>
  within(list)
    .getAllByRole("listitem")
    .map(({ textContent }) => textContent?.trim());

test("a row says what its run uses, and the totals what the machine has", async () => {
  const run = sampleRun();
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(run);
    const gpuWork = { busy: 0.45, of: "machine" as const };
    prepared.usage = { ...prepared.usage, gpus: [T4], runs: { [run.id]: { ...ESTIMATED, gpuWork } } };
    prepared.handlers["usage.history"] = () => ({
      at: [60_000, 30_000].map((ago) => new Date(Date.now() - ago).toISOString()),
      cpu: [0.5, 1],
      memoryBytes: [GB, GB],
      gpuMemoryBytes: [null, null],
    });
  });
  await openTab("Running");
  const row = await screen.findByRole("article", { name: "Hello start.json" });
  await within(row).findByText("1.5 cores");
  expect(figures(within(row).getByRole("list", { name: "Uses" }))).toEqual([
    "CPU 1.5 cores",
    "Memory 2.3 GB",
    "GPU memory GPU≈ 5.2 GB (estimate)",
    "GPU, machine total 45 %",
  ]);
  expect(figures(screen.getByRole("list", { name: "This machine uses" }))).toEqual([
    "CPU 2.1 of 8 cores",
    "Memory 7.2 of 16 GB",
    "Disk 59 of 100 GB",
    "GPU memory 5.8 of 15 GB",
  ]);
  await waitFor(() => expect(row.querySelector(".pk-spark path")?.getAttribute("d")).toMatch(/^M.+L.+L/));
  const histories = sidecar.asked("usage.history").map(({ runId }) => runId ?? null);
  expect(histories).toEqual([null, run.id]);
});

test("GPU memory that nobody can tell is called unknown", async () => {
  const run = sampleRun();
  showView((prepared) => {
    prepared.state.runs.push(run);
    prepared.usage = {
      ...prepared.usage,
      gpus: [T4],
      runs: { [run.id]: { ...ESTIMATED, cpu: null, gpuMemoryBytes: null } },
    };
  });
  await openTab("Running");
  await screen.findByText("2.3 GB");
  const row = screen.getByRole("article");
  expect(figures(within(row).getByRole("list", { name: "Uses" }))).toEqual([
    "CPU –",
    "Memory 2.3 GB",
    "GPU memory GPU– (not known)",
    "GPU busy –",
  ]);
});

test("nothing is measured while the page is behind another one or the tab is not shown", async () => {
  setVisible("hidden");
  const { sidecar } = showView((prepared) => prepared.state.runs.push(sampleRun()));
  await screen.findByRole("tab", { name: /Running/ });
  expect(sidecar.asked("usage.now")).toEqual([]);
  await openTab("Running");
  await screen.findByRole("article");
  await sidecar.answer("sidecar.status", {});
  expect(sidecar.asked("usage.now")).toEqual([]);
  setVisible("visible");
  await waitFor(() => expect(sidecar.asked("usage.now")).toHaveLength(1));
});

test("nothing is measured while the panel is closed or the view scrolled away", async () => {
  let tell: (isIntersecting: boolean) => void = () => undefined;
  class Observer {
    constructor(listener: (entries: { isIntersecting: boolean }[]) => void) {
      tell = (isIntersecting) => listener([{ isIntersecting }]);
    }
    observe() {}
    disconnect() {}
  }
  Object.assign(globalThis, { IntersectionObserver: Observer });
  const { sidecar } = showView((prepared) => prepared.state.runs.push(sampleRun()));
  await openTab("Running");
  await screen.findByRole("article");
  tell(false);
  await sidecar.answer("sidecar.status", {});
  expect(sidecar.asked("usage.now")).toEqual([]);
  tell(true);
  await waitFor(() => expect(sidecar.asked("usage.now")).toHaveLength(1));
});

test("while it stops the row says what happens, and afterwards what it took", async () => {
  const run = sampleRun({
    state: "stopping",
    ending: { processes: 7, killed: 1, left: 2, portsClosed: [7860], portsOpen: [], tookMs: 0 },
  });
  const { sidecar } = showView((prepared) => prepared.state.runs.push(run));
  await openTab("Running");
  await screen.findByText("asked 7 processes to end · killed 1 · 2 left · port 7860 closed");
  sidecar.emit({
    type: "run-changed",
    run: {
      ...run,
      state: "ended",
      end: { outcome: "stopped", error: null, at: "2026-01-01T00:01:00.000Z" },
      ending: { processes: 7, killed: 1, left: 0, portsClosed: [7860], portsOpen: [7861, 7862], tookMs: 1_240 },
    },
  });
  await screen.findByText("ended 7 processes · killed 1 · port 7860 closed · ports 7861 7862 still open · took 1.2 s");
});

test("a run that has ended says what GPU memory came back, and who holds some still", async () => {
  const ending = { processes: 2, killed: 0, left: 0, portsClosed: [], portsOpen: [], tookMs: 900 };
  const end = { outcome: "stopped" as const, error: null, at: "2026-01-01T00:01:00.000Z" };
  const stopped = (id: RunId, gpu: GpuEnding) => sampleRun({ id, state: "ended", end, ending: { ...ending, gpu } });
  const unseen = { pid: 12, name: null, run: null, bytes: null };
  showView((prepared) => {
    prepared.state.runs.push(
      stopped(OTHER, { freedBytes: 4 * GB, isEstimate: false, heldBytes: 0, holders: [] }),
      stopped(RunId.parse("run_000000000003"), {
        freedBytes: 4 * GB,
        isEstimate: true,
        heldBytes: 2.5 * GB,
        holders: [
          { pid: 1, name: "comfyui/start.js", run: OTHER, bytes: null },
          { pid: 2, name: "python3", run: null, bytes: null },
          unseen,
          unseen,
        ],
      }),
      stopped(RunId.parse("run_000000000004"), { freedBytes: 0, isEstimate: true, heldBytes: GB, holders: [] }),
    );
  });
  await openTab("Running");
  await screen.findByText("ended 2 processes · 4 GB of GPU memory given back · took 0.9 s");
  await screen.findByText(
    "ended 2 processes · about 4 GB of GPU memory given back · 2.5 GB still held by " +
      "comfyui/start.js, python3 (process 2), process 12, 1 more · took 0.9 s",
  );
  await screen.findByText(/1 GB of GPU memory still held by a program that cannot be seen from here · took/);
});

test("an app that does not answer is not called ready, and ports are links where no page is known", async () => {
  const { opened } = showView((prepared) => {
    const serving = { ports: [7860], url: "http://127.0.0.1:7860", isAnswering: false };
    prepared.state.runs.push(
      sampleRun({ state: "ready", local: { url: "http://127.0.0.1:7860" }, serving }),
      sampleRun({
        id: OTHER,
        appId: AppId.parse("other"),
        script: "other/start.json",
        state: "ready",
        serving: { ports: [9000, 9001], url: null, isAnswering: false },
      }),
    );
  });
  await openTab("Running");
  const silent = await screen.findByRole("article", { name: "hello start.json" });
  expect(within(silent).getByText("Not answering")).toBeTruthy();
  expect(within(silent).queryByText("Port 7860")).toBeNull();
  const other = screen.getByRole("article", { name: "other start.json" });
  expect(within(other).getByText("Ready")).toBeTruthy();
  within(other).getByText("Port 9001").click();
  expect(opened).toEqual(["http://127.0.0.1:9001"]);
});
