import { screen, waitFor, within } from "@testing-library/dom";
import { afterEach, expect, test } from "@jest/globals";
import { AppId, JobId } from "../../../src/runtime/protocol/ids.js";
import type { Job } from "../../../src/runtime/protocol/jobs.js";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import type { InstalledPackageView, PackagePlan } from "../../../src/runtime/protocol/package-requests.js";
import { inspectionOf, type MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleApp, samplePackage } from "../../helpers/samples.js";
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
      neededBy: ["hello", "index/greet"],
    });
    one.state.apps.push(sampleApp());
    one.handlers["packages.remove"] = () => ({ job: jobOf({ kind: "uninstall" }) });
  });
  await openTab("Shared Resources");
  const row = within(await screen.findByRole("list", { name: "Packages" })).getByRole("listitem");
  expect(row.textContent).toContain("Model · drive/loras");
  expect(row.textContent).toContain("drive/loras/m.bin is gone");
  within(row).getByRole("button", { name: "Remove" }).click();
  await within(row).findByText("Goes: drive/loras/m.bin");
  await within(row).findByText("Used by painter");
  await within(row).findByText("Needed by Hello, index/greet");
  within(row).getByRole("button", { name: "Remove Big model (1 GB)" }).click();
  await waitFor(() => expect(sidecar.asked("packages.remove")).toEqual([{ id: "index/model", despiteUse: true }]));
});

const NOTHING_KNOWN = { bytes: 1024 ** 3, inspect: null, warning: null };
const WIPES = { path: "install.json", commands: ["rm -rf data"], problem: null };

/** One that is no app, one that is and is warned of, and one that is here. */
const PLAN: PackagePlan = {
  steps: [
    { ...{ id: "index/base", type: "library", name: "Base", installed: true, where: "envs/base" }, ...NOTHING_KNOWN },
    {
      ...{ id: "index/model", type: "model", name: "Big model", installed: false, where: "drive/loras" },
      ...NOTHING_KNOWN,
    },
    {
      ...{ id: "index/helper", type: "app", name: "Helper", installed: false, where: "api", bytes: null },
      ...{ inspect: "https://git.example.test/helper.git", warning: "It sends what it sees to its author" },
    },
    {
      ...{ id: "index/painter", type: "app", name: "Painter", installed: false, where: "api", bytes: null },
      ...{ inspect: "https://git.example.test/painter.git", warning: null },
    },
  ],
};

function withNeeds(sidecar: MemorySidecar, type: "app" | "plugin"): void {
  withPackages(sidecar, []);
  sidecar.handlers["packages.plan"] = () => PLAN;
  const install = "https://git.example.test/painter.git";
  const dependencies = ["base", "model", "helper"];
  const painter = samplePackage({ id: "index/painter", type, name: "Painter", install, dependencies });
  const answer = sidecar.handlers["catalog.search"]!;
  sidecar.handlers["catalog.search"] = async (query) => ({ ...(await answer(query)), packages: [painter] });
  sidecar.handlers["apps.inspect"] = ({ source }) =>
    source.includes("helper")
      ? inspectionOf(source, { title: "Helper", fingerprint: "of helper", scripts: [WIPES] })
      : inspectionOf(source, { title: "Painter", fingerprint: "of painter" });
}

test("an app that needs other packages names each before they come with it, and what they run", async () => {
  const { sidecar } = showView((one) => withNeeds(one, "app"));
  await openTab("Discover");
  const card = await screen.findByRole("article", { name: "Painter" });
  (await within(card).findByRole("button", { name: "Install" })).click();
  const question = await screen.findByRole("region", { name: "Install Painter" });
  const [model, helper, ...more] = within(within(question).getByRole("list", { name: "Comes with it" }))
    .getAllByRole("listitem")
    .filter(({ parentElement }) => parentElement?.className === "pk-needs");
  expect([model?.textContent, more]).toEqual(["Big modelModel · drive/loras · 1 GB", []]);
  expect(helper?.textContent).toMatch(/^HelperApp · apiIt sends what it sees to its authorWhat it runs.*rm -rf data$/);
  expect(within(question).queryByText("Base")).toBeNull(); // it is here
  expect(sidecar.asked("packages.install")).toEqual([]);
  within(question).getByRole("button", { name: "Install 3 packages" }).click();
  await waitFor(() =>
    expect(sidecar.asked("packages.install")).toMatchObject([
      {
        ...{ id: "index/painter", unattended: false, despiteWarning: true },
        agreed: { "index/helper": "of helper", "index/painter": "of painter" },
      },
    ]),
  );
  expect(sidecar.asked("apps.install")).toEqual([]);
});

test("what an app needs can be left out: then the app comes alone, and the warnings of the others are not its own", async () => {
  const { sidecar } = showView((one) => withNeeds(one, "app"));
  sidecar.handlers["apps.install"] = () => ({ appId: AppId.parse("painter"), runId: null, job: jobOf() });
  await openTab("Discover");
  const card = await screen.findByRole("article", { name: "Painter" });
  (await within(card).findByRole("button", { name: "Install" })).click();
  const question = within(await screen.findByRole("region", { name: "Install Painter" }));
  const box = question.getByRole<HTMLInputElement>("checkbox", { name: "Install what it needs too" });
  expect(box.checked).toBe(true);
  box.click();
  (await question.findByRole("button", { name: "Install" })).click();
  await waitFor(() =>
    expect(sidecar.asked("apps.install")).toEqual([
      { source: "https://git.example.test/painter.git", agreed: "of painter" },
    ]),
  );
  expect(sidecar.asked("packages.install")).toEqual([]);
});

test("an app whose needs cannot come is installed without them, once that was said", async () => {
  const { sidecar } = showView((one) => withNeeds(one, "app"));
  const problem = "Painter needs gone, which no source of the catalog has";
  sidecar.handlers["packages.plan"] = () => {
    throw new PinokioError("package-missing", problem);
  };
  const inspection = inspectionOf("https://git.example.test/painter.git", { title: "Painter", agreed: true });
  sidecar.handlers["apps.inspect"] = () => inspection;
  sidecar.handlers["apps.install"] = () => ({ appId: AppId.parse("painter"), runId: null, job: jobOf() });
  await openTab("Discover");
  const card = await screen.findByRole("article", { name: "Painter" });
  (await within(card).findByRole("button", { name: "Install" })).click();
  const question = within(await screen.findByRole("region", { name: "Install Painter" }));
  for (const text of [problem, "It may not work without what it needs."]) await question.findByText(text);
  expect(sidecar.asked("apps.install")).toEqual([]);
  question.getByRole("button", { name: "Install" }).click();
  await waitFor(() => expect(sidecar.asked("apps.install")).toHaveLength(1));
});

test("a plugin that needs others asks before they come; one whose needs go round says so", async () => {
  const { sidecar } = showView((one) => withNeeds(one, "plugin"));
  await openTab("Discover");
  const card = () => screen.findByRole("article", { name: "Painter" });
  (await within(await card()).findByRole("button", { name: "Install" })).click();
  const question = await screen.findByRole("region", { name: "Install Painter" });
  expect(within(question).getByText("The scripts of these apps run as you on this machine.")).toBeTruthy();
  expect(within(question).queryByText("Fingerprint")).toBeNull();
  within(question).getByRole("button", { name: "Cancel" }).click();
  expect(sidecar.asked("packages.install")).toEqual([]);
  const round = "Packages need one another: a -> b -> a";
  sidecar.handlers["packages.plan"] = () => {
    throw new PinokioError("requirement-missing", round);
  };
  (await within(await card()).findByRole("button", { name: "Install" })).click();
  expect(await within(await card()).findByText(round)).toBeTruthy();
});
