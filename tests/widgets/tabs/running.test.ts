import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor, within } from "@testing-library/dom";
import { AppId, RunId } from "../../../src/runtime/protocol/ids.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const ENDED = RunId.parse("run_000000000009");

test("a run has its state, how long, how far, its links and Stop", async () => {
  const { sidecar, opened } = showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    const startedAt = new Date(Date.now() - 130_000).toISOString();
    prepared.state.runs.push(
      sampleRun({
        startedAt,
        step: { index: 2, total: 5, method: "shell.run", startedAt },
        local: { port: 7860, docs: "http://127.0.0.1:7860/docs", url: "http://127.0.0.1:7860/" },
        warnings: ["no terminal: using pipes"],
      }),
    );
    prepared.handlers["runs.stop"] = () => ({ run: null });
  });
  await openTab("Running");
  const row = await screen.findByRole("article", { name: "Hello start.json" });
  expect(within(row).getByText("Running 3/5")).toBeTruthy();
  expect(within(row).getByText(/2:1\d/)).toBeTruthy();
  expect(within(row).getByText("no terminal: using pipes")).toBeTruthy();
  const links = [...row.querySelectorAll<HTMLElement>(".pk-link")];
  expect(links.map(({ textContent }) => textContent)).toEqual(["127.0.0.1:7860", "127.0.0.1:7860/docs"]);
  links[1]?.click();
  expect(opened).toEqual(["http://127.0.0.1:7860/docs"]);
  within(row).getByRole("button", { name: "Stop" }).click();
  await waitFor(() => expect(sidecar.asked("runs.stop")).toHaveLength(1));
});

test("a run that waits for other apps says for which, and can be stopped", async () => {
  const base = AppId.parse("base");
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp(), sampleApp({ id: base, title: "Base server" }));
    prepared.state.runs.push(sampleRun({ state: "queued", waitsFor: [base, "gone"] }));
    prepared.handlers["runs.stop"] = () => ({ run: null });
  });
  await openTab("Running");
  const row = await screen.findByRole("article", { name: "Hello start.json" });
  expect(within(row).getByText("Queued")).toBeTruthy();
  expect(within(row).getByText("Starts after Base server, gone")).toBeTruthy();
  expect(within(row).queryByRole("button", { name: "Restart" })).toBeNull();
  within(row).getByRole("button", { name: "Stop" }).click();
  await waitFor(() => expect(sidecar.asked("runs.stop")).toHaveLength(1));
  await openTab("My Library");
  expect(await screen.findByText("Starts after Base server, gone")).toBeTruthy();
});

test("apps of the same title are told apart by their folders, in the library and where they run", async () => {
  const twin = AppId.parse("hello-2");
  showView((prepared) => {
    prepared.state.apps.push(
      sampleApp(),
      sampleApp({ id: twin }),
      sampleApp({ id: AppId.parse("base"), title: "Base" }),
    );
    prepared.state.runs.push(sampleRun({ appId: twin, script: `${twin}/start.json` }));
  });
  await openTab("Running");
  expect(await screen.findByText("hello-2/start.json")).toBeTruthy();
  await openTab("My Library");
  const row = await screen.findByRole("article", { name: "Hello (hello-2)" });
  expect(within(row).getByRole("heading").textContent).toContain("Hellohello-2");
  const other = await screen.findByRole("article", { name: "Base" });
  expect(within(other).getByRole("heading").textContent).not.toContain("base");
});

test("ended runs stay below with their outcome and reason", async () => {
  showView((prepared) => {
    prepared.state.runs.push(
      sampleRun({
        id: ENDED,
        state: "ended",
        end: {
          outcome: "failed",
          at: "2026-01-01T00:00:12.000Z",
          error: { code: "step-failed", message: "Step 2 ended with exit code 1", hint: "Look at its output" },
        },
      }),
    );
  });
  await openTab("Running");
  expect(await screen.findByText("Nothing is running")).toBeTruthy();
  expect(screen.getByRole("heading", { name: "Ended" })).toBeTruthy();
  expect(screen.getByText("Failed")).toBeTruthy();
  expect(screen.getByText(/0:12/)).toBeTruthy();
  expect(screen.getByText("Step 2 ended with exit code 1")).toBeTruthy();
});

test("output is followed as it grows, plain and with the last state of a progress bar", async () => {
  const run = sampleRun();
  const { sidecar } = showView((prepared) => {
    prepared.state.runs.push(run);
    prepared.print(run.id, "\x1b[32mfirst\x1b[0m\n10%\r20%");
  });
  await openTab("Running");
  (await screen.findByRole("button", { name: "Output" })).click();
  const log = await screen.findByRole("log");
  await waitFor(() => expect(log.textContent).toBe("first\n20%"));
  sidecar.print(run.id, "\r30%\nlast ünd ✓\n");
  await waitFor(() => expect(log.textContent).toBe("first\n30%\nlast ünd ✓\n"));
});

test("output goes on where it was after a lost connection", async () => {
  const run = sampleRun();
  const { sidecar } = showView((prepared) => {
    prepared.state.runs.push(run);
    prepared.print(run.id, "one\n");
  });
  await openTab("Running");
  (await screen.findByRole("button", { name: "Output" })).click();
  const log = await screen.findByRole("log");
  await waitFor(() => expect(log.textContent).toBe("one\n"));
  sidecar.drop("The network went away");
  sidecar.print(run.id, "two\n");
  await waitFor(() => expect(log.textContent).toBe("one\ntwo\n"), { timeout: 3000 });
});

test("a flood keeps the newest lines and few elements", async () => {
  const run = sampleRun();
  showView((prepared) => {
    prepared.state.runs.push(run);
    prepared.print(run.id, Array.from({ length: 60_000 }, (_, line) => `line ${line}\n`).join(""));
  });
  await openTab("Running");
  (await screen.findByRole("button", { name: "Output" })).click();
  const log = await screen.findByRole("log");
  await waitFor(() => expect(log.textContent).toMatch(/line 59999\n$/));
  const lines = (log.textContent ?? "").trim().split("\n");
  expect(lines.length).toBeGreaterThan(4700);
  expect(lines.length).toBeLessThan(5300);
  expect(log.querySelectorAll("*").length).toBeLessThan(40);
});

test("a person who scrolls up is left there, and can jump to the end", async () => {
  const run = sampleRun();
  const { sidecar } = showView((prepared) => {
    prepared.state.runs.push(run);
    prepared.print(run.id, "one\n");
  });
  await openTab("Running");
  (await screen.findByRole("button", { name: "Output" })).click();
  const log = await screen.findByRole("log");
  await waitFor(() => expect(log.textContent).toBe("one\n"));
  Object.defineProperties(log, { scrollHeight: { value: 1000 }, clientHeight: { value: 100 } });
  log.scrollTop = 300;
  log.dispatchEvent(new Event("scroll"));
  const jump = await screen.findByRole("button", { name: "Jump to the end" });
  sidecar.print(run.id, "two\n");
  await waitFor(() => expect(log.textContent).toBe("one\ntwo\n"));
  expect(log.scrollTop).toBe(300);
  jump.click();
  await waitFor(() => expect(screen.queryByRole("button", { name: "Jump to the end" })).toBeNull());
  expect(log.scrollTop).toBe(1000);
});

test("a single step, and one whose program draws a bar, have no bar of steps", async () => {
  const startedAt = new Date().toISOString();
  const step = { index: 1, total: 3, method: "shell.run", startedAt };
  const [first, second] = [RunId.parse("run_000000000002"), RunId.parse("run_000000000003")];
  const progress = { label: "Fetching", percent: 43, done: null, total: null, rate: null, secondsLeft: null };
  showView((prepared) => {
    prepared.state.runs.push(
      sampleRun({ step }),
      sampleRun({ id: first, script: "hello/one.json", step: { ...step, index: 0, total: 1 } }),
      sampleRun({ id: second, script: "hello/two.json", step, progress }),
    );
  });
  await openTab("Running");
  const bars = async (script: string) =>
    within(await screen.findByRole("article", { name: `hello ${script}` }))
      .queryAllByRole("progressbar")
      .map((bar) => bar.getAttribute("aria-label"));
  expect(await bars("start.json")).toEqual(["Progress"]);
  expect(await bars("one.json")).toEqual([]);
  expect(await bars("two.json")).toEqual(["Fetching"]);
});
