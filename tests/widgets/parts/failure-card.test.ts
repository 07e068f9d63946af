import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import type { Failure, RepairPreview } from "../../../src/runtime/protocol/failures.js";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import type { MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView, type ShownView } from "../../helpers/show-view.js";

afterEach(closeViews);

const OUTPUT = "loading\nOSError: [Errno 28] No space left on device\nmore\n";
const FAILURE: Failure = {
  code: "no-space",
  sentence: "There is no space left on the disk",
  hint: "Free some space, then try again",
  line: { text: "OSError: [Errno 28] No space left on device", offset: 8 },
  repairs: [
    { kind: "free-disk", label: "Free up space", params: { bytes: null } },
    {
      kind: "set-token",
      label: "Set HF_TOKEN",
      params: { name: "HF_TOKEN", page: "https://huggingface.co/settings/tokens" },
    },
    { kind: "retry-step", label: "Try again", params: { waitMs: 0 } },
  ],
};
const PREVIEW: RepairPreview = {
  does: "Empties the caches of pip and uv",
  removes: [{ path: "/home/ada/cache/PIP_CACHE_DIR", bytes: 3_000_000 }],
  moves: [],
  refused: null,
};
const end = {
  outcome: "failed" as const,
  error: { code: "step-failed" as const, message: "Step 2 ended with exit code 1", hint: "Look at its output" },
  at: "2026-01-01T00:01:00.000Z",
};
const failedRun = (change: Partial<Run> = {}): Run => sampleRun({ state: "ended", end, ...change });

function showFailed(prepare: (sidecar: MemorySidecar) => void = () => undefined, run = failedRun()): ShownView {
  return showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.state.runs.push(run);
    prepared.print(run.id, OUTPUT);
    prepared.endOutput(run.id);
    prepared.handlers["runs.diagnose"] = () => FAILURE;
    prepared.handlers["runs.repairPreview"] = () => PREVIEW;
    prepare(prepared);
  });
}

const card = async () => {
  await screen.findByText(FAILURE.sentence);
  return within(screen.getByRole("group", { name: "Error" }));
};

test("a failed run says its first cause, what to do, and where the output shows it", async () => {
  showFailed();
  await openTab("Running");
  const shown = await card();
  expect(shown.getByText(FAILURE.hint)).toBeTruthy();
  expect(shown.queryByText("Step 2 ended with exit code 1")).toBeNull();
  shown.getByRole("button", { name: FAILURE.line!.text }).click();
  await waitFor(async () => expect((await shown.findByRole("log")).textContent).toBe(OUTPUT));
});

test("of a failure in a script that it has started that one's output is shown", async () => {
  const child = sampleRun({ id: RunId.parse("run_000000000009"), script: "hello/torch.json" });
  showFailed((prepared) => {
    prepared.handlers["runs.diagnose"] = () => ({ ...FAILURE, part: { runId: child.id, script: child.script } });
    prepared.print(child.id, OUTPUT.replace("loading", "of the child"));
    prepared.endOutput(child.id);
  });
  await openTab("Running");
  const shown = await card();
  expect(shown.getByText("It happened in torch.json, which it had started")).toBeTruthy();
  shown.getByRole("button", { name: FAILURE.line!.text }).click();
  const log = await shown.findByRole("log", { name: "Output of hello/torch.json" });
  await waitFor(() => expect(log.textContent).toContain("of the child"));
});

test("a run of which nothing is known says its own error and can be tried again", async () => {
  const { sidecar } = showFailed((prepared) => {
    prepared.handlers["runs.diagnose"] = () => null;
    prepared.handlers["runs.again"] = () => ({ run: failedRun(), already: false });
  });
  await openTab("Running");
  expect(await screen.findByText("Step 2 ended with exit code 1")).toBeTruthy();
  (await screen.findByRole("button", { name: "Retry" })).click();
  await waitFor(() => expect(sidecar.asked("runs.again")).toEqual([{ runId: failedRun().id }]));
});

test("where the step that failed is known, it can go on there or start again; a part of it goes with the whole", async () => {
  const whole = sampleRun({
    id: RunId.parse("run_000000000008"),
    state: "ended",
    end,
    failedStep: { index: 2, total: 5 },
  });
  const child = failedRun({ parent: whole.id, script: "hello/torch.json" });
  const { sidecar } = showFailed((prepared) => {
    prepared.state.runs.unshift(whole);
    prepared.handlers["runs.again"] = () => ({ run: whole, already: false });
  }, child);
  await openTab("Running");
  await screen.findAllByText(FAILURE.sentence);
  const cards = screen.getAllByRole("group", { name: "Error" });
  for (const card of cards) {
    expect(within(card).queryByRole("button", { name: "Retry" })).toBeNull();
    within(card).getByRole("button", { name: "Retry from step 3" }).click();
  }
  within(cards[0]!).getByRole("button", { name: "Start again" }).click();
  await waitFor(() => expect(sidecar.asked("runs.again").length).toBeGreaterThan(cards.length - 1));
  expect(sidecar.asked("runs.again")[0]).toMatchObject({ from: "failed-step" });
});

test("a run of an update that was taken back is not offered again, and its app stands as before", async () => {
  showFailed(
    (prepared) => {
      prepared.handlers["runs.diagnose"] = () => null;
    },
    failedRun({ takenBack: true }),
  );
  await openTab("Running");
  expect(await screen.findByText("Update failed, all is as before")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Retry|Start again/ })).toBeNull();
  await openTab("My Library");
  expect(await screen.findByText("Installed")).toBeTruthy();
  expect(screen.queryByRole("group", { name: "Error" })).toBeNull();
});

test("a repair is shown before it is done, and only then done", async () => {
  const { sidecar } = showFailed((prepared) => {
    prepared.handlers["runs.repair"] = () => ({ done: true, said: "3 MB were freed", runId: null, page: null });
  });
  await openTab("Running");
  const shown = await card();
  shown.getByRole("button", { name: "Free up space" }).click();
  expect(await shown.findByText("/home/ada/cache/PIP_CACHE_DIR")).toBeTruthy();
  shown.getByRole("button", { name: "Cancel" }).click();
  expect(await shown.findByRole("button", { name: "Retry" })).toBeTruthy();
  expect(sidecar.asked("runs.repair")).toEqual([]);

  shown.getByRole("button", { name: "Free up space" }).click();
  await shown.findByText("Empties the caches of pip and uv");
  shown.getByRole("button", { name: "Free up space" }).click();
  expect(await shown.findByText("3 MB were freed")).toBeTruthy();
  const repair = { at: 0, kind: "free-disk" };
  expect(sidecar.asked("runs.repair")).toEqual([{ runId: failedRun().id, repair }]);
});

test("a repair that cannot be done says why and offers no button for it", async () => {
  showFailed((prepared) => {
    prepared.handlers["runs.repairPreview"] = () => ({
      ...PREVIEW,
      refused: "1 run may be installing: stop what runs first",
    });
  });
  await openTab("Running");
  const shown = await card();
  shown.getByRole("button", { name: "Free up space" }).click();
  expect(await shown.findByText("1 run may be installing: stop what runs first")).toBeTruthy();
  expect(shown.queryByRole("button", { name: "Free up space" })).toBeNull();
  expect(shown.queryByText("/home/ada/cache/PIP_CACHE_DIR")).toBeNull();
});

test("a token is typed unseen and given with the repair", async () => {
  const { sidecar, opened } = showFailed((prepared) => {
    prepared.handlers["runs.repairPreview"] = () => ({ ...PREVIEW, removes: [] });
    prepared.handlers["runs.repair"] = () => ({ done: true, said: "HF_TOKEN is set", runId: null, page: null });
  });
  await openTab("Running");
  const shown = await card();
  shown.getByRole("button", { name: "Set HF_TOKEN" }).click();
  (await shown.findByRole("button", { name: "Get one at huggingface.co/settings/tokens" })).click();
  await waitFor(() => expect(opened).toEqual(["https://huggingface.co/settings/tokens"]));
  expect(shown.getByRole("button", { name: "Set HF_TOKEN" }).getAttribute("aria-disabled")).toBe("true");
  const field = shown.getByLabelText("HF_TOKEN") as HTMLInputElement;
  expect(field.type).toBe("password");
  fireEvent.input(field, { target: { value: "hf_secret" } });
  shown.getByRole("button", { name: "Set HF_TOKEN" }).click();
  await shown.findByText("HF_TOKEN is set");
  expect(sidecar.asked("runs.repair")).toMatchObject([{ repair: { at: 1, kind: "set-token" }, given: "hf_secret" }]);
});

test("what starts again by itself says when, and can be let be", async () => {
  const at = new Date(Date.now() + 60_000).toISOString();
  const { sidecar } = showFailed(
    (prepared) => {
      prepared.handlers["runs.stop"] = () => ({ run: failedRun() });
    },
    failedRun({ again: { at, attempt: 2, most: 4 } }),
  );
  await openTab("Running");
  expect(await screen.findByText(/^Starts again in \d+ s \(2 of 4\)/)).toBeTruthy();
  (await screen.findByRole("button", { name: "Don’t start" })).click();
  await waitFor(() => expect(sidecar.asked("runs.stop")).toEqual([{ runId: failedRun().id }]));
});

test("the library has the cause on one line, and its button leads to the app's page", async () => {
  showFailed();
  await openTab("My Library");
  const shown = await card();
  expect(shown.queryByText(FAILURE.hint)).toBeNull();
  shown.getByRole("button", { name: "Free up space" }).click();
  expect(await screen.findByText(FAILURE.hint)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Back" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Retry" })).toBeTruthy();
});

test("a repair at work says what it does, and is ended where that is safe", async () => {
  const repairing = { label: "Free up space", doing: "Emptying the caches: 1 of 3 GB", share: 1 / 3, canCancel: true };
  const run = failedRun({ repairing });
  const { sidecar } = showFailed((prepared) => {
    prepared.handlers["runs.cancelRepair"] = () => ({ cancelled: true });
  }, run);
  await openTab("Running");
  const shown = await card();
  expect(shown.getByRole("status").textContent).toBe("Emptying the caches: 1 of 3 GB");
  expect(shown.getByRole("progressbar", { name: "Free up space" }).getAttribute("aria-valuenow")).toBe("33");
  const retry = shown.getByRole("button", { name: "Retry" });
  expect(retry.getAttribute("aria-disabled") ?? String((retry as HTMLButtonElement).disabled)).toBe("true");
  shown.getByRole("button", { name: "End it" }).click();
  await waitFor(() => expect(sidecar.asked("runs.cancelRepair")).toEqual([{ runId: run.id }]));
  sidecar.emit({ type: "run-changed", run: { ...run, repairing: { ...repairing, share: null, canCancel: false } } });
  await waitFor(() => expect(shown.queryByRole("button", { name: "End it" })).toBeNull());
  sidecar.emit({ type: "run-changed", run: failedRun() });
  await waitFor(() => expect(shown.queryByRole("status")).toBeNull());
});
