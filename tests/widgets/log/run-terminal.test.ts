import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor } from "@testing-library/dom";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView, type ShownView } from "../../helpers/show-view.js";

afterEach(closeViews);

// What a browser does for a terminal; how that looks is tested in one.
Object.assign(window, {
  ResizeObserver: class {
    observe(): void {}
    disconnect(): void {}
  },
  matchMedia: () => ({ matches: false, addListener() {}, removeListener() {}, addEventListener() {} }),
});

HTMLCanvasElement.prototype.getContext = () => null;

const SIZE = { columns: 80, rows: 24 };
const TERMINAL = { ...SIZE, since: 0, earlier: [] };

async function showOutput(run: Run, output: string): Promise<ShownView["sidecar"]> {
  const { sidecar } = showView((prepared) => {
    prepared.state.runs.push(run);
    prepared.print(run.id, output);
    prepared.handlers["output.screen"] = () => ({ ...SIZE, offset: output.length, text: output });
    prepared.handlers["runs.type"] = () => ({});
  });
  await openTab("Running");
  (await screen.findByRole("button", { name: "Output" })).click();
  return sidecar;
}

test("a run without a terminal has lines only", async () => {
  await showOutput(sampleRun({ shells: 1 }), "text\r\n");
  await screen.findByText(/text/);
  expect(screen.queryByRole("button", { name: "Terminal" })).toBeNull();
});

test("lines are shown until somebody wants the terminal", async () => {
  const run = sampleRun({ shells: 1, terminal: TERMINAL });
  const sidecar = await showOutput(run, "text\r\n");
  await screen.findByRole("log");
  expect(sidecar.asked("output.screen")).toEqual([]);
  screen.getByRole("button", { name: "Terminal" }).click();
  await waitFor(() => expect(sidecar.asked("output.screen")).toEqual([{ runId: run.id, scrollback: 1000 }]));
  expect(screen.queryByRole("log")).toBeNull();
  expect(screen.queryByRole("textbox", { name: "Send input" })).toBeNull();
  screen.getByRole("button", { name: "Lines" }).click();
  await screen.findByRole("log");
});

test("a program that draws is shown as a terminal at once", async () => {
  const sidecar = await showOutput(sampleRun({ shells: 1, terminal: TERMINAL }), "\x1b[?1049h\x1b[H\x1b[2Jscreen");
  await waitFor(() => expect(sidecar.asked("output.screen")).toHaveLength(1));
  expect(screen.getByRole("button", { name: "Terminal" }).getAttribute("aria-pressed")).toBe("true");
});

test("keys go to the program while it lives, in order", async () => {
  const run = sampleRun({ shells: 1, terminal: TERMINAL });
  const sidecar = await showOutput(run, "\x1b[?1049h");
  const keys = await screen.findByLabelText(/what you type goes there/);
  for (const key of ["a", "b"]) {
    keys.dispatchEvent(
      new KeyboardEvent("keypress", { key, charCode: key.charCodeAt(0), keyCode: key.charCodeAt(0), bubbles: true }),
    );
  }
  await waitFor(() => expect(sidecar.asked("runs.type").map(({ text }) => text)).toEqual(["a", "b"]));
  sidecar.emit({ type: "run-changed", run: { ...run, shells: 0 } });
  await waitFor(() => expect(screen.queryByLabelText(/what you type goes there/)).toBeNull());
});
