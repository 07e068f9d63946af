import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor, within } from "@testing-library/dom";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import type { RunStep } from "../../../src/runtime/protocol/steps.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const OTHER = RunId.parse("run_000000000002");

const step = (place: number, change: Partial<RunStep> = {}): RunStep => ({
  place,
  index: place,
  method: "log",
  what: `raw: ${place}`,
  state: "done",
  why: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: "2026-01-01T00:00:05.000Z",
  output: { from: 0, to: 0 },
  ...change,
});

async function openPage(): Promise<HTMLElement> {
  await openTab("My Library");
  (await screen.findByRole("button", { name: "Hello" })).click();
  await screen.findByRole("button", { name: "Back" });
  return screen.getByRole("article", { name: "Hello" });
}

test("opens from a card with the app's menu and runs, and Back leads to where one was", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ menu: [{ text: "Update", href: "update.json" }] }));
    prepared.state.runs.push(sampleRun());
    prepared.handlers["runs.start"] = () => ({ run: sampleRun({ id: OTHER }), already: false });
  });
  const page = await openPage();
  expect(document.activeElement?.textContent).toBe("Hello");
  within(page).getByRole("button", { name: "Update" }).click();
  await waitFor(() => expect(sidecar.asked("runs.start")).toMatchObject([{ script: "hello/update.json" }]));
  within(page).getByRole("button", { name: "Back" }).click();
  expect(await screen.findByRole("button", { name: "More about Hello" })).toBeTruthy();
  expect(screen.queryByRole("heading", { name: "Runs" })).toBeNull();
});

test("what its launcher does that it should not is told with its place", async () => {
  const message = "It prints when it is loaded or asked for a menu: “hi”";
  const finding = { level: "warning", kind: "prints", message, file: "pinokio.js", line: 4, column: 13 } as const;
  showView((prepared) => void prepared.state.apps.push(sampleApp({ findings: [finding] })));
  const page = await openPage();
  expect(within(page).getByText(message).textContent).toBe(`pinokio.js:4:13 ${message}`);
});

test("opens from a row of Running at that run", async () => {
  showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(sampleRun(), sampleRun({ id: OTHER, script: "hello/train.json" }));
  });
  await openTab("Running");
  const row = await screen.findByRole("article", { name: "Hello train.json" });
  within(row).getByRole("button", { name: "Hello" }).click();
  const chosen = await screen.findByRole("button", { name: /train\.json/, pressed: true });
  expect(chosen).toBeTruthy();
});

test("steps say what they do, how they stand, why, and how long", async () => {
  const run = sampleRun({ step: { index: 3, total: 5, method: "shell.run", startedAt: "2026-01-01T00:00:00.000Z" } });
  showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(run);
    prepared.steps.set(run.id, {
      version: 4,
      total: 6,
      count: 4,
      steps: [
        step(0),
        step(1, { state: "skipped", why: "{{gpu === 'nvidia'}}" }),
        step(2, { state: "failed", why: "It broke" }),
        step(3, { state: "running", endedAt: null }),
      ],
    });
  });
  const page = await openPage();
  const rows = await within(page).findAllByText(/^Step \d, /);
  expect(rows.map(({ textContent }) => textContent?.trim())).toEqual([
    "Step 1, Done:",
    "Step 2, Skipped:",
    "Step 3, Failed:",
    "Step 4, Running:",
  ]);
  expect(within(page).getByText("raw: 0")).toBeTruthy();
  expect(within(page).getByText("Skipped: gpu === 'nvidia' is not true")).toBeTruthy();
  expect(within(page).getByText("It broke")).toBeTruthy();
  expect(within(page).getAllByText("0:05").length).toBeGreaterThan(0);
  expect(within(page).getByText("2 more steps")).toBeTruthy();
});

test("a run that waits for other apps has no steps yet", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(sampleRun({ state: "queued", waitsFor: ["base"] }));
  });
  const page = await openPage();
  expect(within(page).getByText("It has not been started")).toBeTruthy();
  expect(within(page).getByText("Starts after base")).toBeTruthy();
  expect(sidecar.asked("runs.steps")).toEqual([]);
});

test("steps are asked for only while they are looked at, and only what is new", async () => {
  const run = sampleRun();
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(run);
    prepared.steps.set(run.id, {
      version: 7,
      total: 2,
      count: 1,
      steps: [step(0, { state: "running", endedAt: null })],
    });
  });
  await openTab("Running");
  await screen.findByRole("article", { name: "Hello start.json" });
  expect(sidecar.asked("runs.steps")).toEqual([]);
  const page = await openPage();
  await within(page).findByText("Step 1, Running:", { exact: false });
  sidecar.steps.set(run.id, { version: 9, total: 2, count: 2, steps: [step(0), step(1)] });
  sidecar.emit({ type: "run-changed", run: { ...run, outputBytes: 5 } });
  await within(page).findByText("Step 2, Done:", { exact: false });
  expect(within(page).getByText("Step 1, Done:", { exact: false })).toBeTruthy();
  expect(sidecar.asked("runs.steps").map(({ after }) => after)).toEqual([0, 7]);
});

test("of a step and of those after it is said how long they usually take, where that is long", async () => {
  const run = sampleRun();
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(run);
    const present = step(0, { state: "running", endedAt: null, usualMs: 240_000 });
    prepared.steps.set(run.id, { version: 1, total: 3, count: 1, steps: [present], usualRestMs: 70_000 });
  });
  const page = await openPage();
  await within(page).findByText("usually about 4 min");
  expect(page.querySelector(".pk-step-ahead")?.textContent).toBe("2 more steps, usually about 1 min");
  const quick = [step(0), step(1, { state: "running", endedAt: null, usualMs: 4_000 })];
  sidecar.steps.set(run.id, { version: 2, total: 3, count: 2, steps: quick });
  sidecar.emit({ type: "run-changed", run: { ...run, outputBytes: 5 } });
  await within(page).findByText("1 more step");
  expect(within(page).queryByText(/usually/)).toBeNull();
});

test("a long list begins short, and says what is not kept", async () => {
  const run = sampleRun();
  showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(run);
    const steps = Array.from({ length: 100 }, (_, index) => step(900 + index, { index: 0 }));
    prepared.steps.set(run.id, { version: 1, total: 1, count: 1_000, steps });
  });
  const page = await openPage();
  const more = await within(page).findByRole("button", { name: "Show 70 steps before these" });
  expect(within(page).getAllByText(/^Step 1, Done/)).toHaveLength(30);
  more.click();
  await waitFor(() => expect(within(page).getAllByText(/^Step 1, Done/)).toHaveLength(100));
  expect(within(page).getByText("900 steps before these are not kept")).toBeTruthy();
});

test("the output of one step is what came while it was running", async () => {
  const run = sampleRun();
  showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(run);
    prepared.print(run.id, "before\nmine\nafter\n");
    prepared.steps.set(run.id, { version: 1, total: 1, count: 1, steps: [step(0, { output: { from: 7, to: 12 } })] });
  });
  const page = await openPage();
  (await within(page).findByRole("button", { name: "Output of step 1" })).click();
  await waitFor(async () => expect((await screen.findByRole("log")).textContent).toBe("mine\n"));
  within(page).getByRole("button", { name: "Output" }).click();
  await waitFor(async () => expect((await screen.findByRole("log")).textContent).toBe("before\nmine\nafter\n"));
});

test("a run whose steps nobody knows any more says so", async () => {
  const end = { outcome: "crashed", error: null, at: "2026-01-01T00:00:09.000Z" } as const;
  showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(sampleRun({ state: "ended", end }));
  });
  const page = await openPage();
  expect(await within(page).findByText("The steps of this run are not known any more")).toBeTruthy();
});

test("what a run works on and shows is there until it is taken away, or put away here", async () => {
  const window = { id: "w", params: { id: "w", title: "Look", html: "<p>words</p>" } };
  const run = sampleRun({ shown: { loading: "Downloading the model", windows: [window] } });
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(run);
  });
  const page = await openPage();
  expect(await within(page).findByText("Downloading the model")).toBeTruthy();
  const frame = within(page).getByTitle("Look") as HTMLIFrameElement;
  expect(frame.getAttribute("sandbox")).toBe("");
  expect(frame.srcdoc).toContain("default-src 'none'");
  within(page).getByRole("button", { name: "Close" }).click();
  await waitFor(() => expect(within(page).queryByTitle("Look")).toBeNull());
  const changed = { ...window, params: { ...window.params, html: "<p>new</p>" } };
  sidecar.emit({ type: "run-changed", run: { ...run, shown: { loading: null, windows: [changed] } } });
  expect(await within(page).findByTitle("Look")).toBeTruthy();
  expect(within(page).queryByText("Downloading the model")).toBeNull();
});

test("a step whose condition was written as false is not asked after what it means", async () => {
  const run = sampleRun();
  showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(run);
    const steps = [step(0, { state: "skipped", why: "{{false}}" })];
    prepared.steps.set(run.id, { version: 1, total: 1, count: 1, steps });
  });
  expect(await within(await openPage()).findByText("Skipped: its condition is false")).toBeTruthy();
});

test("what an app uses stands on its page while it runs, and how it was used afterwards", async () => {
  const statistics = { launches: 3, runningMs: 7_200_000, lastUsedAt: null, peakGpuMemoryBytes: 2 * 1024 ** 3 };
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ statistics, runs: [sampleRun().id] }));
    prepared.state.runs.push(sampleRun());
    const use = { processes: 1, cpu: 1.52, memoryBytes: 1024 ** 3, gpuMemoryBytes: null, isGpuEstimate: false };
    prepared.usage = { ...prepared.usage, runs: { [sampleRun().id]: use } };
  });
  const usage = await within(await openPage()).findByRole("region", { name: "Usage" });
  expect(await within(usage).findByText("1.5 cores")).toBeTruthy();
  expect(within(usage).getByText("at most 2 GB")).toBeTruthy();
  const end = { outcome: "finished" as const, error: null, at: new Date().toISOString() };
  sidecar.emit({ type: "run-changed", run: sampleRun({ state: "ended", end }) });
  sidecar.emit({ type: "app-changed", app: sampleApp({ statistics }) });
  expect(await within(usage).findByText("3 times, 2 h in all")).toBeTruthy();
  expect(within(usage).queryByRole("list", { name: "Uses" })).toBeNull();
});

test("what is started from the page is what the page shows, with why it failed, whatever was looked at before", async () => {
  const started = sampleRun({ id: OTHER, script: "hello/fails.json", startedAt: "2026-01-01T00:01:00.000Z" });
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ menu: [{ text: "Fails", href: "fails.json" }] }));
    prepared.state.runs.push(sampleRun());
    prepared.handlers["runs.start"] = () => ({ run: started, already: false });
  });
  const page = await openPage();
  (await within(page).findByRole("button", { name: /^start\.json/ })).click();
  within(page).getByRole("button", { name: "Fails" }).click();
  await waitFor(() => expect(sidecar.asked("runs.start")).toHaveLength(1));
  const error = { code: "step-failed", message: "It broke at once" } as const;
  const end = { outcome: "failed", at: "2026-01-01T00:01:01.000Z", error } as const;
  sidecar.emit({
    type: "run-changed",
    run: { ...started, state: "ended", end: { ...sampleRun().end, ...end } as never },
  });
  await within(page).findByRole("button", { name: /^fails\.json/, pressed: true });
  await within(within(page).getByRole("group", { name: "Error" })).findByText("It broke at once");
});
