import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import { AppId, JobId, RunId } from "../../../src/runtime/protocol/ids.js";
import type { RemovalPreview, TrashEntry, UpdateLook } from "../../../src/runtime/protocol/changes.js";
import type { Job } from "../../../src/runtime/protocol/jobs.js";
import { sampleApp, sampleCame } from "../../helpers/samples.js";
import { closeViews, openTab, showView, type ShownView } from "../../helpers/show-view.js";

afterEach(closeViews);

const APP = AppId.parse("hello");
const GB = 1024 ** 3;

const job = (change: Partial<Job> = {}): Job => ({
  ...{ id: JobId.parse("job_000000000001"), kind: "uninstall", appId: APP, title: "Uninstall Hello", state: "working" },
  ...{ phase: "trash", progress: null, step: null, runId: null, startedAt: "2026-01-01T00:00:00.000Z", endedAt: null },
  ...{ expectedMs: null, error: null, canCancel: false },
  ...change,
});

const PREVIEW: RemovalPreview = {
  appId: APP,
  title: "Hello",
  goes: [{ label: "Environments", bytes: 3 * GB, files: 1200, examples: ["env (3 GB)"] }],
  stays: [{ label: "Your files", bytes: GB, files: 1, examples: ["out (1 GB)"] }],
  ...{
    bytes: 3 * GB,
    sharedBytes: 0,
    staysBytes: GB,
    stops: [],
    neededBy: ["tools/agent"],
    notes: ["Your files go to /home/kept/hello"],
  },
  installer: "install.js",
  token: null,
};

async function openSheet(name: string): Promise<HTMLElement> {
  await openTab("My Library");
  (await screen.findByRole("button", { name: "Hello" })).click();
  (await screen.findByRole("button", { name: "Update, reset or uninstall Hello" })).click();
  (await screen.findByRole("menuitem", { name: `${name}…` })).click();
  return screen.findByRole("region", { name: `${name} Hello` });
}

function withApp(prepare: (view: ShownView["sidecar"]) => void): ShownView {
  return showView((sidecar) => {
    sidecar.state.apps.push(sampleApp({ installers: [] }));
    sidecar.handlers["apps.uninstallPreview"] = () => PREVIEW;
    sidecar.handlers["apps.resetPreview"] = () => PREVIEW;
    prepare(sidecar);
  });
}

test("uninstalling names the thing and the loss, and offers to take it back", async () => {
  const { sidecar } = withApp((prepared) => {
    prepared.handlers["apps.uninstall"] = () => ({ job: job(), entry: "the-entry" });
    const token = { name: "GIT_TOKEN_GIT_EXAMPLE_TEST", host: "git.example.test" };
    prepared.handlers["apps.uninstallPreview"] = () => ({ ...PREVIEW, token });
    prepared.handlers["packages.cameWith"] = ({ ids }) => [sampleCame({ neededBy: ids })];
    prepared.handlers["trash.restore"] = () => ({ job: job({ kind: "restore" }) });
  });
  const sheet = await openSheet("Uninstall");
  await within(sheet).findByText("3 GB are free again when the trash is emptied");
  await within(sheet).findByText(/^GIT_TOKEN_GIT_EXAMPLE_TEST, the token for git\.example\.test, stays/);
  await within(sheet).findByText(/^Mid came with it, and nothing else needs it\. It stays/);
  within(sheet)
    .getByRole("checkbox", { name: /your files into the trash too \(1 GB\)/ })
    .click();
  await within(sheet).findByRole("button", { name: "Uninstall Hello (4 GB, your files too)" });
  within(sheet).getByRole("checkbox").click();
  (await within(sheet).findByRole("button", { name: "Uninstall Hello (3 GB, your files kept)" })).click();
  await waitFor(() =>
    expect(sidecar.asked("apps.uninstall")).toEqual([{ appId: "hello", all: false, despiteUse: true }]),
  );
  await waitFor(() => expect(screen.queryByRole("region", { name: "Uninstall Hello" })).toBe(null));
  sidecar.emit({ type: "job-changed", job: job() });
  sidecar.emit({ type: "app-removed", appId: APP });
  sidecar.emit({ type: "job-changed", job: job({ state: "done" }) });
  await screen.findByText("Hello is uninstalled");
  screen.getByRole("button", { name: "Undo" }).click();
  await waitFor(() => expect(sidecar.asked("trash.restore")).toEqual([{ entry: "the-entry" }]));
});

test("resetting runs the install script again, unless that is not wanted", async () => {
  const { sidecar } = withApp((prepared) => {
    prepared.handlers["apps.reset"] = () => ({ job: job({ kind: "reset" }), entry: "e" });
  });
  const sheet = await openSheet("Reset");
  (await within(sheet).findByRole("checkbox", { name: "Run its install script afterwards" })).click();
  within(sheet).getByRole("button", { name: "Reset Hello (3 GB, your files kept)" }).click();
  await waitFor(() => expect(sidecar.asked("apps.reset")).toEqual([{ appId: "hello", all: false, install: false }]));
});

const LOOK: UpdateLook = {
  ...{ appId: APP, title: "Hello", isAvailable: true, checkedAt: "t", edited: ["config.txt"], script: "update.js" },
  parts: [
    {
      ...{ folder: "", branch: "main", from: "a", to: "b", count: 1, files: ["start.js"], fileCount: 1 },
      commits: [{ commit: "b", author: "Somebody", at: "2026-01-02T00:00:00Z", subject: "Better start" }],
      ...{ isRewritten: false, problem: null },
    },
  ],
  scripts: [{ path: "start.js", commands: ["python app.py --fast"], problem: null }],
  ...{ fingerprint: "f", refused: null, notes: [], stops: [RunId.parse("run_000000000001")] },
};

test("an update shows what is new and asks for agreement to scripts that change", async () => {
  const { sidecar } = withApp((prepared) => {
    prepared.handlers["apps.updateLook"] = () => ({ ...LOOK, notes: ["If update.js fails, only the code goes back"] });
    prepared.handlers["apps.update"] = () => ({ job: job({ kind: "update" }), entry: "e" });
  });
  const sheet = await openSheet("Update");
  for (const text of [
    "Stops what it runs first",
    "Better start",
    "python app.py --fast",
    /You have changed config\.txt too/,
    "Then update.js runs. If update.js fails, only the code goes back",
  ])
    await within(sheet).findByText(text);
  within(sheet).getByRole("button", { name: "Agree and update Hello" }).click();
  await waitFor(() => expect(sidecar.asked("apps.update")).toEqual([{ appId: "hello", agreed: "f" }]));
});

test("an app that is up to date offers nothing to do", async () => {
  withApp((prepared) => {
    prepared.handlers["apps.updateLook"] = () => ({ ...LOOK, isAvailable: false, parts: [], scripts: [] });
  });
  const sheet = await openSheet("Update");
  await within(sheet).findByText("Hello is as new as where it came from");
  expect(
    within(sheet)
      .getAllByRole("button")
      .map(({ textContent }) => textContent),
  ).toEqual(["Close"]);
});

const ENTRY: TrashEntry = {
  ...{ name: "one", kind: "trash", at: "2026-01-02T03:04:05Z", app: APP, title: "Hello", why: "uninstall" },
  ...{ what: "hello", from: "/home", files: 12, bytes: 3 * GB, sharedBytes: 0, said: [], refused: null },
};

test("the trash says what comes back, and what is kept is not emptied with it", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.handlers["trash.list"] = () => [ENTRY, { ...ENTRY, name: "kept/hello", kind: "kept", why: "kept" }];
    prepared.handlers["trash.size"] = () => ({ bytes: 4 * GB });
    prepared.handlers["trash.empty"] = () => ({ job: job({ kind: "empty-trash", appId: null }), bytes: 4 * GB });
    prepared.handlers["trash.restore"] = () => ({ job: job({ kind: "restore" }) });
  });
  await openTab("Shared Resources");
  const trash = await screen.findByRole("region", { name: "Trash" });
  within(trash).getByRole("button", { name: "Put back" }).click();
  await waitFor(() => expect(sidecar.asked("trash.restore")).toEqual([{ entry: "one" }]));
  within(trash).getByRole("button", { name: "Empty the trash" }).click();
  (await within(trash).findByRole("button", { name: "Remove all of it for good (4 GB are free again)" })).click();
  await waitFor(() => expect(sidecar.asked("trash.empty")).toEqual([{}]));
});

test("the page of an app that is gone keeps its name, and offers to undo that and a way on", async () => {
  const { sidecar } = withApp((prepared) => {
    prepared.handlers["trash.list"] = () => [{ ...ENTRY, name: "older", why: "update" }, ENTRY];
    prepared.handlers["trash.restore"] = () => ({ job: job({ kind: "restore" }) });
  });
  await openTab("My Library");
  (await screen.findByRole("button", { name: "Hello" })).click();
  await screen.findByRole("region", { name: "Menu" });
  sidecar.emit({ type: "app-removed", appId: APP });
  await screen.findByText("This app is not installed any more");
  screen.getByRole("heading", { name: "Hello" });
  (await screen.findByRole("button", { name: "Undo the uninstall" })).click();
  await waitFor(() => expect(sidecar.asked("trash.restore")).toEqual([{ entry: "one" }]));
  screen.getByRole("button", { name: "My Library" }).click();
  await screen.findByText("Nothing installed yet");
});

test("a sheet has the focus, and Escape gives it back to what opened it", async () => {
  withApp(() => undefined);
  await openTab("My Library");
  const name = await screen.findByRole("button", { name: "Hello" });
  name.focus();
  fireEvent.keyDown(name, { key: "Delete" });
  const sheet = await screen.findByRole("region", { name: "Uninstall Hello" });
  expect(sheet.contains(document.activeElement)).toBe(true);
  fireEvent.keyDown(document.activeElement!, { key: "Escape" });
  await waitFor(() => expect(screen.queryByRole("region", { name: "Uninstall Hello" })).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Hello" })));

  screen.getByRole("button", { name: "Update, reset or uninstall Hello" }).focus();
  screen.getByRole("button", { name: "Update, reset or uninstall Hello" }).click();
  (await screen.findByRole("menuitem", { name: "Reset…" })).click();
  (await screen.findByRole("button", { name: "Cancel" })).click();
  const opener = screen.getByRole("button", { name: "Update, reset or uninstall Hello" });
  await waitFor(() => expect(document.activeElement).toBe(opener));

  screen.getByRole("button", { name: "Back" }).focus();
  screen.getByRole("button", { name: "Back" }).click();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Hello" })));
});
