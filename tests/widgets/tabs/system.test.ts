import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor } from "@testing-library/dom";
import { sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const press = async (name: string) => (await screen.findByRole("button", { name })).click();

test("the machine and the sidecar are described", async () => {
  showView();
  await openTab("System");
  for (const text of [
    "This computer",
    "Some processor · 8 cores",
    "16 GB",
    "41 GB free of 100 GB",
    "/home/ada/pinokiocloud",
  ]) {
    expect(await screen.findByText(text)).toBeTruthy();
  }
  expect(screen.getByText("Ends after 30 min without a run and a viewer")).toBeTruthy();
});

test("the report is shown before it is copied, and selected where copying is forbidden", async () => {
  showView();
  await openTab("System");
  await press("Copy report");
  expect(await screen.findByText("Selected: copy it with the keyboard")).toBeTruthy();
  const report = String(getSelection());
  expect(report).toContain("Home: /home/ada/pinokiocloud\n");
  expect(report).toContain("Disk: 41 GB free of 100 GB at /home/ada\n");
});

test("stopping everything names the loss and asks first", async () => {
  const { sidecar } = showView((prepared) => prepared.state.runs.push(sampleRun()));
  await openTab("System");
  await press("Stop everything");
  expect(sidecar.asked("sidecar.down")).toEqual([]);
  await press("Cancel");
  await press("Stop everything");
  await press("Stop 1 running script and PinokioCloud");
  await waitFor(() => expect(sidecar.asked("sidecar.down")).toHaveLength(1));
  sidecar.end("Everything was stopped", true);
  expect(await screen.findByText("Everything was stopped")).toBeTruthy();
  await press("Start");
  await waitFor(() => expect(screen.queryByText("Everything was stopped")).toBeNull());
});
