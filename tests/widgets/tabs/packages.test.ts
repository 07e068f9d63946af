import { screen, waitFor, within } from "@testing-library/dom";
import { afterEach, expect, test } from "@jest/globals";
import { JobId } from "../../../src/runtime/protocol/ids.js";
import type { Job } from "../../../src/runtime/protocol/jobs.js";
import type { InstalledPackageView } from "../../../src/runtime/protocol/package-requests.js";
import type { MemorySidecar } from "../../helpers/memory-sidecar.js";
import { samplePackage } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const model: InstalledPackageView = {
  id: "index/model",
  type: "model",
  name: "Big model",
  version: "2",
  commit: null,
  place: "drive/loras",
  installedAt: "2026-11-21T10:00:00Z",
  wanted: true,
  neededBy: [],
  problem: null,
};

const jobOf = (change: Partial<Job> = {}): Job => ({
  id: JobId.parse("job_000000000001"),
  kind: "install",
  appId: null,
  title: "Install Big model",
  state: "working",
  phase: "download",
  progress: { done: 1024 ** 2, total: 4 * 1024 ** 2, unit: "bytes" },
  step: null,
  runId: null,
  startedAt: new Date().toISOString(),
  endedAt: null,
  expectedMs: null,
  error: null,
  canCancel: true,
  ...change,
});

/** Its packages change as it tells. */
function withPackages(sidecar: MemorySidecar, list: InstalledPackageView[]): void {
  sidecar.handlers["packages.list"] = () => list;
  const found = samplePackage({ id: "index/model", type: "model", name: "Big model" });
  sidecar.handlers["catalog.search"] = () => ({
    packages: [found],
    total: 1,
    size: 1,
    counts: {},
    tags: [],
    pasted: null,
    withoutFilters: 1,
    near: [],
  });
  sidecar.handlers["packages.install"] = () => {
    sidecar.emit({ type: "job-changed", job: jobOf() });
    return { job: jobOf() };
  };
}

test("a model is installed from Discover without asking for consent; its progress stands on its card", async () => {
  const list: InstalledPackageView[] = [];
  const { sidecar } = showView((one) => withPackages(one, list));
  await openTab("Discover");
  const card = await screen.findByRole("article", { name: "Big model" });
  (await within(card).findByRole("button", { name: "Install" })).click();
  await within(card).findByRole("progressbar", { name: "Install Big model" });
  list.push(model);
  sidecar.emit({ type: "environments-changed", environments: { changes: 1, active: null } });
  sidecar.emit({ type: "job-changed", job: jobOf({ state: "done" }) });
  await within(card).findByText("Installed in drive/loras");
  expect(sidecar.asked("packages.install")[0]).toMatchObject({ id: "index/model", despiteWarning: false });
});

test("what goes and who uses it is said before a package is removed", async () => {
  const { sidecar } = showView((one) => {
    withPackages(one, [{ ...model, problem: "drive/loras/m.bin is gone" }]);
    one.handlers["packages.removal"] = () => ({
      goes: [{ what: "drive/loras/m.bin", bytes: 1024 ** 3 }],
      inUse: ["painter"],
    });
    one.handlers["packages.remove"] = () => ({ job: jobOf({ kind: "uninstall" }) });
  });
  await openTab("Shared Resources");
  const row = within(await screen.findByRole("list", { name: "Packages" })).getByRole("listitem");
  expect(row.textContent).toContain("Model · drive/loras");
  expect(row.textContent).toContain("drive/loras/m.bin is gone");
  within(row).getByRole("button", { name: "Remove" }).click();
  await within(row).findByText("Goes: drive/loras/m.bin");
  await within(row).findByText("Used by painter");
  within(row).getByRole("button", { name: "Remove Big model (1 GB)" }).click();
  await waitFor(() => expect(sidecar.asked("packages.remove")).toEqual([{ id: "index/model", despiteUse: true }]));
});
