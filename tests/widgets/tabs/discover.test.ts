import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { AppId, RunId } from "../../../src/runtime/protocol/ids.js";
import { inspectionOf, type MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";
import { closeViews, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const HELLO = AppId.parse("hello");
const INSTALL = RunId.parse("run_000000000007");

function withHello(sidecar: MemorySidecar): void {
  sidecar.catalog = [
    { id: "hello", title: "Hello", description: "Says hello", icon: null, source: "built-in:hello", installed: null },
  ];
  sidecar.handlers["apps.install"] = () => ({ appId: HELLO, runId: INSTALL });
}

const card = () => screen.findByRole("article", { name: "Hello" });
const press = async (name: string) => (await within(await card()).findByRole("button", { name })).click();

test("installing asks for consent, shows progress in the card's place and ends with Start", async () => {
  const { sidecar } = showView(withHello);
  await press("Install");

  const question = await screen.findByRole("region", { name: "Install Hello" });
  expect(within(question).getByText("This app's scripts run as you on this machine.")).toBeTruthy();
  for (const text of [
    "built-in:hello",
    "f00dfeedf00d",
    "api/hello",
    "install.json",
    "python -m venv env",
    "python app.py",
  ]) {
    expect(within(question).getByText(text)).toBeTruthy();
  }
  expect(document.activeElement?.textContent).toBe("Install Hello");
  expect(sidecar.asked("apps.install")).toEqual([]);

  within(question).getByRole("button", { name: "Install" }).click();
  await waitFor(() => expect(screen.queryByRole("region", { name: "Install Hello" })).toBeNull());
  expect(sidecar.asked("apps.install")).toEqual([{ source: "built-in:hello", agreed: "f00dfeedf00dfeed" }]);

  const startedAt = new Date(Date.now() - 12_000).toISOString();
  const run = sampleRun({
    id: INSTALL,
    script: "hello/install.json",
    startedAt,
    step: { index: 1, total: 5, method: "shell.run", startedAt },
  });
  sidecar.emit({ type: "run-changed", run });
  sidecar.emit({ type: "app-changed", app: sampleApp({ state: "installing", runs: [INSTALL] }) });
  expect(await within(await card()).findByText(/^Installing 2\/5/)).toBeTruthy();
  expect(within(await card()).getByText(/0:1\d/)).toBeTruthy();
  expect(within(await card()).getByText("shell.run")).toBeTruthy();
  expect(
    within(await card())
      .getByRole("progressbar")
      .getAttribute("aria-valuenow"),
  ).toBe("1");

  const end = { outcome: "finished" as const, error: null, at: new Date().toISOString() };
  sidecar.emit({ type: "run-changed", run: { ...run, state: "ended", end } });
  sidecar.emit({ type: "app-changed", app: sampleApp({ menu: [{ text: "Go", href: "start.json", default: true }] }) });
  expect(await within(await card()).findByRole("button", { name: "Start" })).toBeTruthy();
  expect(within(await card()).getByText("Installed")).toBeTruthy();
});

test("Escape and Cancel answer no", async () => {
  const { sidecar } = showView(withHello);
  for (const decline of [
    () => fireEvent.keyDown(document.activeElement as Element, { key: "Escape" }),
    () => screen.getByRole("button", { name: "Cancel" }).click(),
  ]) {
    await press("Install");
    await screen.findByRole("region", { name: "Install Hello" });
    decline();
    await waitFor(() => expect(screen.queryByRole("region", { name: "Install Hello" })).toBeNull());
  }
  expect(sidecar.asked("apps.install")).toEqual([]);
});

test("what was agreed to before is installed without asking", async () => {
  const { sidecar } = showView((prepared) => {
    withHello(prepared);
    prepared.handlers["apps.inspect"] = ({ source }) => inspectionOf(source, { agreed: true });
  });
  await press("Install");
  await waitFor(() => expect(sidecar.asked("apps.install")).toHaveLength(1));
});

test("a script that could not be read is named, with the reason", async () => {
  showView((prepared) => {
    withHello(prepared);
    prepared.handlers["apps.inspect"] = ({ source }) =>
      inspectionOf(source, {
        commit: "0123456789abcdef",
        scripts: [{ path: "start.js", commands: [], problem: "kernel is not defined" }],
      });
  });
  await press("Install");
  expect(await screen.findByText(/Could not be read without running it: kernel is not defined/)).toBeTruthy();
  expect(screen.getByText("0123456789ab")).toBeTruthy();
});

test("a refused install is told where the button is", async () => {
  showView((prepared) => {
    withHello(prepared);
    prepared.handlers["apps.install"] = () => {
      throw new PinokioError("out-of-space", "The disk is full: 0 B free", { hint: "Free 2 GB" });
    };
  });
  await press("Install");
  const question = await screen.findByRole("region", { name: "Install Hello" });
  within(question).getByRole("button", { name: "Install" }).click();
  const error = await within(question).findByRole("group", { name: "Error" });
  expect(within(error).getByText("The disk is full: 0 B free")).toBeTruthy();
  expect(within(error).getByText("Free 2 GB")).toBeTruthy();
});

test("an install that failed shows its first cause, what can be done, its output and a way to try again", async () => {
  const { sidecar } = showView((prepared) => {
    withHello(prepared);
    const error = {
      code: "step-failed" as const,
      message: "Step 2 ended with exit code 1",
      hint: "Look at its output",
    };
    const run = sampleRun({
      id: INSTALL,
      script: "hello/install.json",
      state: "ended",
      end: { outcome: "failed", error, at: "2026-01-01T00:01:00.000Z" },
    });
    prepared.state.runs.push(run);
    prepared.state.apps.push(sampleApp({ state: "install-failed" }));
    prepared.print(INSTALL, "no such package\n");
    prepared.endOutput(INSTALL);
    prepared.handlers["runs.start"] = () => ({ run, already: false });
    prepared.handlers["runs.diagnose"] = () => ({
      code: "no-space",
      sentence: "There is no space left on the disk",
      hint: "Free some space, then try again",
      line: { text: "no such package", offset: 0 },
      repairs: [{ kind: "free-disk", label: "Free up space", params: { bytes: null } }],
    });
    prepared.handlers["runs.repairPreview"] = () => ({ does: "Empties caches", removes: [], moves: [], refused: null });
  });
  expect(await within(await card()).findByText("There is no space left on the disk")).toBeTruthy();
  await press("no such package");
  await waitFor(() => expect(screen.getByRole("log").textContent).toContain("no such package"));
  await press("Free up space");
  expect(await within(await card()).findByText("Empties caches")).toBeTruthy();
  await press("Cancel");
  await press("Install again");
  await waitFor(() => expect(sidecar.asked("runs.start")).toEqual([{ script: "hello/install.json" }]));
  await press("Details");
  expect(await screen.findByRole("heading", { name: "Runs" })).toBeTruthy();
});

test("a folder can be installed, and the library then shows it", async () => {
  showView(withHello);
  const field = await screen.findByRole("textbox", { name: "Install from a folder" });
  fireEvent.input(field, { target: { value: " /home/ada/app " } });
  fireEvent.submit(field);
  const question = await screen.findByRole("region", { name: "Install Hello" });
  expect(within(question).getByText("/home/ada/app")).toBeTruthy();
  within(question).getByRole("button", { name: "Install" }).click();
  await waitFor(() =>
    expect(screen.getByRole("tab", { name: /^My Library/ }).getAttribute("aria-selected")).toBe("true"),
  );
});

test("a source that is not supported says so beside the field", async () => {
  showView((prepared) => {
    prepared.handlers["apps.inspect"] = () => {
      throw new PinokioError("source-unsupported", "Apps cannot be installed from git yet", { hint: "Give a folder" });
    };
  });
  const field = await screen.findByRole("textbox", { name: "Install from a folder" });
  fireEvent.input(field, { target: { value: "https://github.com/a/b" } });
  fireEvent.submit(field);
  expect(await screen.findByText("Apps cannot be installed from git yet")).toBeTruthy();
  expect(screen.getByText("Give a folder")).toBeTruthy();
});

test("an installed app's place in the catalog is taken by its state", async () => {
  showView((prepared) => {
    withHello(prepared);
    const run = sampleRun({ state: "ready" });
    prepared.state.runs.push(run);
    prepared.state.apps.push(sampleApp({ runs: [run.id], url: "http://127.0.0.1:7860" }));
  });
  expect(await within(await card()).findByText("Ready")).toBeTruthy();
  expect(within(await card()).getByRole("button", { name: "Open" })).toBeTruthy();
});
