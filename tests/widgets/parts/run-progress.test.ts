import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor, within } from "@testing-library/dom";
import type { Progress } from "../../../src/runtime/protocol/progress.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const PROGRESS: Progress = {
  label: "Downloading model.safetensors",
  percent: 43.2,
  done: "2.1",
  total: "4.9 GB",
  rate: "60 MB/s",
  secondsLeft: 66,
};

const bar = () => screen.findByRole("progressbar", { name: "Downloading model.safetensors" });

test.each(["Running", "My Library"])("a bar that a program draws is one in %s, and goes with it", async (tab) => {
  const run = sampleRun({ progress: PROGRESS });
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(run);
  });
  await openTab(tab);
  expect((await bar()).getAttribute("aria-valuenow")).toBe("43.2");
  expect(within((await bar()).parentElement!).getByText("43 % · 2.1 of 4.9 GB · 1 min left")).toBeTruthy();
  sidecar.emit({ type: "run-changed", run: { ...run, progress: { ...PROGRESS, percent: null, total: null } } });
  await waitFor(async () => expect((await bar()).hasAttribute("aria-valuenow")).toBe(false));
  expect(within((await bar()).parentElement!).getByText("2.1 · 1 min left")).toBeTruthy();
  sidecar.emit({ type: "run-changed", run: sampleRun() });
  await waitFor(() => expect(screen.queryByRole("progressbar", { name: PROGRESS.label })).toBeNull());
});
