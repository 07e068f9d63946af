import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import { PinokioError } from "../../src/runtime/protocol/errors.js";
import { AppId } from "../../src/runtime/protocol/ids.js";
import { sampleApp, sampleRun } from "../helpers/samples.js";
import { closeViews, openTab, showView } from "../helpers/show-view.js";

afterEach(closeViews);

const run = sampleRun({ state: "ready" });
const OTHER = AppId.parse("other");

function withRun() {
  return showView((prepared) => {
    prepared.state.apps.push(sampleApp({ runs: [run.id] }), sampleApp({ id: OTHER, title: "Other" }));
    prepared.state.runs.push(run);
    prepared.handlers["runs.restart"] = () => ({ run, already: false });
    prepared.handlers["library.restart"] = ({ apps }) => ({
      results: apps.map((appId) => ({ appId, error: null, runs: [run.id] })),
    });
  });
}

test("a run is restarted from Running and from its app's page", async () => {
  const { sidecar } = withRun();
  await openTab("Running");
  const row = await screen.findByRole("article", { name: "Hello start.json" });
  within(row).getByRole("button", { name: "Restart" }).click();
  await waitFor(() => expect(sidecar.asked("runs.restart")).toEqual([{ runId: run.id }]));
  within(row).getByRole("button", { name: "Hello" }).click();
  await screen.findByRole("button", { name: "Back" });
  (await screen.findByRole("button", { name: "Restart" })).click();
  await waitFor(() => expect(sidecar.asked("runs.restart")).toHaveLength(2));
  sidecar.emit({ type: "run-changed", run: { ...run, state: "stopping" } });
  await waitFor(() => expect(screen.queryByRole("button", { name: "Restart" })).toBeNull());
});

test("where nobody has agreed to what it runs by now, that is asked first", async () => {
  let agreed = false;
  const { sidecar } = withRun();
  sidecar.handlers["runs.restart"] = () => {
    if (!agreed) throw new PinokioError("agreement-needed", "Nobody has agreed to these scripts");
    return { run, already: false };
  };
  sidecar.handlers["apps.agree"] = () => {
    agreed = true;
    return {};
  };
  await openTab("My Library");
  (await screen.findByRole("button", { name: "Hello" })).click();
  (await screen.findByRole("button", { name: "Restart" })).click();
  (await screen.findByRole("button", { name: "Agree and start" })).click();
  await waitFor(() => expect(sidecar.asked("runs.restart")).toHaveLength(2));
});

test("the menu of a row restarts all that its app runs, and says why it does not", async () => {
  const { sidecar } = withRun();
  sidecar.handlers["library.restart"] = ({ apps }) => ({
    results: apps.map((appId) => ({ appId, error: { code: "app-busy", message: "It is being updated" }, runs: [] })),
  });
  await openTab("My Library");
  fireEvent.contextMenu(await screen.findByRole("button", { name: "Other" }));
  expect((await screen.findByRole("menuitem", { name: "Restart" })).getAttribute("aria-disabled")).toBe("true");
  fireEvent.keyDown(screen.getByRole("menu"), { key: "Escape" });
  fireEvent.contextMenu(await screen.findByRole("button", { name: "Hello" }));
  (await screen.findByRole("menuitem", { name: "Restart" })).click();
  await waitFor(() => expect(sidecar.asked("library.restart")).toEqual([{ apps: ["hello"] }]));
  expect(await screen.findByText("It is being updated")).toBeTruthy();
});

test("several apps are restarted at once", async () => {
  const { sidecar } = withRun();
  await openTab("My Library");
  fireEvent.contextMenu(await screen.findByRole("button", { name: "Other" }));
  (await screen.findByRole("menuitem", { name: "Select several" })).click();
  const bar = await screen.findByRole("group", { name: "What to do with the selected apps" });
  const restart = within(bar).getByRole("button", { name: "Restart" });
  expect(restart.getAttribute("aria-disabled")).toBe("true");
  screen.getByRole("checkbox", { name: "Select Hello" }).click();
  await waitFor(() => expect(restart.getAttribute("aria-disabled")).toBeNull());
  restart.click();
  await waitFor(() => expect(sidecar.asked("library.restart")).toEqual([{ apps: ["hello", "other"] }]));
});
