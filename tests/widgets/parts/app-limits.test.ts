import { afterEach, expect, test } from "@jest/globals";
import { fireEvent, screen, waitFor, within } from "@testing-library/dom";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { settingsOf } from "../../helpers/memory-sidecar.js";
import { sampleApp, sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

async function openLimits(): Promise<HTMLElement> {
  await openTab("My Library");
  (await screen.findByRole("button", { name: "Hello" })).click();
  return screen.findByRole("region", { name: "Limits" });
}

const fill = (block: HTMLElement, label: string, value: string): void =>
  void fireEvent.change(within(block).getByLabelText(label), { target: { value } });

async function change(block: HTMLElement): Promise<void> {
  (await within(block).findByRole("button", { name: "Change" })).click();
  await within(block).findByRole("button", { name: "Save" });
}

test("an app without limits says so, and one save sends only what was changed", async () => {
  const app = sampleApp({ settings: { stopGraceSeconds: 20, nice: 5 } });
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.handlers["apps.setSettings"] = () => settingsOf({});
  });
  const block = await openLimits();
  expect(await within(block).findByText("None: it may use what there is")).toBeTruthy();
  sidecar.emit({ type: "app-changed", app });
  expect(await within(block).findByText("yields to others (5 of 19) · 20 s to stop")).toBeTruthy();
  await change(block);
  expect(document.activeElement).toBe(within(block).getByLabelText("Memory"));
  fill(block, "Memory", "8 GB");
  fill(block, "Processor", "1,5");
  fill(block, "Yield to others", "");
  within(block).getByLabelText("Start again when it fails after it was ready").click();
  fill(block, "At most", "3");
  within(block).getByRole("button", { name: "Save" }).click();
  expect(await within(block).findByRole("button", { name: "Change" })).toBe(document.activeElement);
  expect(sidecar.asked("apps.setSettings")).toEqual([
    {
      app: "hello",
      settings: { memory: "8 GB", cpu: 1.5, nice: null, restart: { onFailure: true, most: 3 } },
    },
  ]);
});

test("where an app has nothing of its own, its form shows what holds for every app", async () => {
  showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.handlers["apps.settings"] = () => ({
      ...settingsOf({}),
      holds: { ...settingsOf({ memory: "8 GB", nice: 4 }).holds },
    });
  });
  const block = await openLimits();
  expect(await within(block).findByText("8 GB of memory · yields to others (4 of 19)")).toBeTruthy();
  await change(block);
  const shown = (label: string) => within(block).getByLabelText<HTMLInputElement>(label);
  expect([shown("Memory").value, shown("Memory").placeholder]).toEqual(["", "8 GB"]);
  expect(shown("Processor").placeholder).toBe("no limit");
  expect(shown("Yield to others").placeholder).toBe("4");
});

test("what cannot be is said at its field, and nothing is sent", async () => {
  const { sidecar } = showView((prepared) => void prepared.state.apps.push(sampleApp()));
  const block = await openLimits();
  await change(block);
  fill(block, "Memory", "lots");
  fill(block, "Processor", "-1");
  fill(block, "Yield to others", "30");
  within(block).getByRole("button", { name: "Save" }).click();
  expect(await within(block).findByText("A size such as 8 GB, at least 16 MB")).toBeTruthy();
  expect(within(block).getByText("A number of cores such as 1.5")).toBeTruthy();
  expect(within(block).getByText("A whole number from 0 to 19")).toBeTruthy();
  expect(sidecar.asked("apps.setSettings")).toEqual([]);
});

test("what went wrong stays with what was typed", async () => {
  showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.handlers["apps.setSettings"] = () => {
      throw new PinokioError("out-of-space", "There is no space left to write settings.json");
    };
  });
  const block = await openLimits();
  await change(block);
  fill(block, "Memory", "2 GB");
  within(block).getByRole("button", { name: "Save" }).click();
  expect(await within(block).findByText("There is no space left to write settings.json")).toBeTruthy();
  expect(within(block).getByLabelText<HTMLInputElement>("Memory").value).toBe("2 GB");
});

test("who sees to the limits is said, and what comes only with the next start", async () => {
  const settings = { memory: "8 GB", cpu: 2 };
  const run = sampleRun();
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp({ settings }));
    prepared.handlers["apps.settings"] = () => settingsOf(settings);
  });
  const block = await openLimits();
  expect(await within(block).findByText("8 GB of memory · 2 cores")).toBeTruthy();
  expect(within(block).getByText("The system lets its programs use no more.")).toBeTruthy();
  const watched = { memory: "watched", cpu: "watched" } as const;
  sidecar.handlers["apps.settings"] = () => ({ ...settingsOf(settings), enforced: watched });
  sidecar.emit({ type: "run-changed", run });
  expect(await within(block).findByText("Looked at every 3 s: beyond its memory it is stopped.")).toBeTruthy();
  expect(within(block).getByText("Looked at every 3 s: beyond its cores it yields to all others.")).toBeTruthy();
  sidecar.handlers["apps.settings"] = () => ({
    ...settingsOf(settings),
    runs: [{ runId: run.id, enforced: watched, atNextStart: ["memory", "cpu", "nice"] }],
  });
  sidecar.emit({ type: "app-changed", app: sampleApp({ settings: { ...settings, nice: 1 } }) });
  await waitFor(() => expect(within(block).getByText(/^Until it is started again/)).toBeTruthy());
  expect(within(block).getByText("How much it yields changes when it is started again.")).toBeTruthy();
});

test("a disk budget tells how much of it is used, and what stops once it is used up", async () => {
  showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.handlers["apps.settings"] = () => ({ ...settingsOf({ disk: "8 GB" }), diskUsedBytes: 8.5 * 1024 ** 3 });
  });
  const block = await openLimits();
  expect(await within(block).findByText("8.5 GB of 8 GB of the disk")).toBeTruthy();
  expect(within(block).getByText(/Its room on the disk is used up/)).toBeTruthy();
});

test("a disk budget is set in its field, and a slip is said there", async () => {
  const { sidecar } = showView((prepared) => {
    prepared.state.apps.push(sampleApp());
    prepared.handlers["apps.setSettings"] = () => settingsOf({});
  });
  const block = await openLimits();
  await change(block);
  fill(block, "Disk", "much");
  within(block).getByRole("button", { name: "Save" }).click();
  expect(await within(block).findByText("A size such as 20 GB, at least 16 MB")).toBeTruthy();
  fill(block, "Disk", "20 GB");
  within(block).getByRole("button", { name: "Save" }).click();
  await waitFor(() =>
    expect(sidecar.asked("apps.setSettings")).toEqual([{ app: "hello", settings: { disk: "20 GB" } }]),
  );
});
