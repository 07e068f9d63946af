import { screen, waitFor, within } from "@testing-library/dom";
import { afterEach, expect, test } from "@jest/globals";
import type { Freeable } from "../../../src/runtime/protocol/freeing.js";
import { JobId } from "../../../src/runtime/protocol/ids.js";
import type { Job } from "../../../src/runtime/protocol/jobs.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const GB = 1024 ** 3;
const AT = "2026-01-02T03:04:05.000Z";

const item = (change: Partial<Freeable>): Freeable => ({
  ...{
    id: "cache:pip",
    kind: "cache",
    label: "Packages that pip keeps",
    where: ["cache/PIP_CACHE_DIR"],
    bytes: 2 * GB,
  },
  ...{ means: "What is needed of it downloads again at the next install", isSafe: true, refused: null },
  ...change,
});

const ITEMS = [
  item({}),
  item({ id: "cache:uv", label: "Packages that uv keeps", refused: "comfy/install.js may be using it" }),
  item({ id: "trash", kind: "trash", label: "The trash: ComfyUI", bytes: 3 * GB, isSafe: false, where: ["trash"] }),
];

const job = (change: Partial<Job> = {}): Job => ({
  ...{ id: JobId.parse("job_000000000001"), kind: "free", appId: null, title: "Free up space", state: "working" },
  ...{ phase: "remove", progress: null, step: null, runId: null, startedAt: AT, endedAt: null },
  ...{ expectedMs: null, error: null, canCancel: true },
  ...change,
});

async function openPanel(items = ITEMS) {
  const { sidecar } = showView((one) => {
    one.handlers["storage.freeable"] = () => ({ items, at: AT });
    one.handlers["storage.free"] = () => ({ job: job() });
  });
  await openTab("Shared Resources");
  (await screen.findByRole("button", { name: "Free up space" })).click();
  return { sidecar, panel: await screen.findByRole("region", { name: "Free up space" }) };
}

test("what nobody misses is chosen, what is in use cannot be, and what goes for good is said", async () => {
  const { panel } = await openPanel();
  const pip = await within(panel).findByRole<HTMLInputElement>("checkbox", { name: "Packages that pip keeps" });
  const uv = within(panel).getByRole<HTMLInputElement>("checkbox", { name: "Packages that uv keeps" });
  const trash = within(panel).getByRole<HTMLInputElement>("checkbox", { name: "The trash: ComfyUI" });
  expect([pip.checked, uv.checked, uv.disabled, trash.checked]).toEqual([true, false, true, false]);
  expect(panel.textContent).toContain("Not now: comfy/install.js may be using it");
  expect(panel.textContent).toContain("What is needed of it downloads again at the next install");
  within(panel).getByRole("button", { name: "Free 2 GB" });
  trash.click();
  await within(panel).findByRole("button", { name: "Free 5 GB, 3 GB of it for good" });
});

test("names of one file are only made when chosen, after what that means; nothing of them goes for good", async () => {
  const means = "The copies become names of one file. A program that writes into one of them changes all";
  const id = "duplicates:names:1";
  const { panel } = await openPanel([item({ id, kind: "duplicates", label: "x, 2 copies", means, isSafe: false })]);
  const copies = await within(panel).findByRole<HTMLInputElement>("checkbox", { name: "x, 2 copies" });
  expect(copies.checked).toBe(false);
  expect(document.getElementById(copies.getAttribute("aria-describedby")!)?.textContent).toBe(means);
  copies.click();
  await within(panel).findByRole("button", { name: "Free 2 GB" });
});

test("one press frees what is chosen of what was shown, and says what came back and what stayed", async () => {
  const { sidecar, panel } = await openPanel();
  (await within(panel).findByRole("button", { name: "Free 2 GB" })).click();
  await waitFor(() => expect(sidecar.asked("storage.free")).toEqual([{ items: ["cache:pip"], at: AT }]));
  sidecar.emit({ type: "job-changed", job: job() });
  await within(panel).findByRole("progressbar", { name: "Free up space" });
  sidecar.handlers["storage.freeable"] = () => ({ items: [], at: AT });
  const said = ["Packages that pip keeps: a program has it open"];
  sidecar.emit({ type: "job-changed", job: job({ state: "done", title: "Freed 1.9 GB", said }) });
  await within(panel).findByText("Freed 1.9 GB");
  within(panel).getByText("Packages that pip keeps: a program has it open");
  await within(panel).findByText("Nothing is here that could go without loss");
  await waitFor(() => expect(sidecar.asked("storage.use").length).toBeGreaterThan(1));
});

test("where nothing is chosen nothing can be pressed, and the reason is told", async () => {
  const { sidecar, panel } = await openPanel(ITEMS.slice(2));
  const button = await within(panel).findByRole("button", { name: "Free 0 B" });
  button.click();
  expect(button.title).toBe("Nothing is chosen");
  expect(sidecar.asked("storage.free")).toEqual([]);
});
