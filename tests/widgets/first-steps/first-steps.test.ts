import { afterEach, expect, test } from "@jest/globals";
import { screen, waitFor, within } from "@testing-library/dom";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { AppId } from "../../../src/runtime/protocol/ids.js";
import type { MemorySidecar } from "../../helpers/memory-sidecar.js";
import { sampleApp, sampleJob, samplePackage, sampleRun } from "../../helpers/samples.js";
import { closeViews, openTab, showView } from "../../helpers/show-view.js";

afterEach(closeViews);

const HELLO = AppId.parse("hello");
const POLICY = { id: "cloud-1", text: "Work in the notebook.", asOf: "November 2026", href: "https://example.org/faq" };

function asNew(sidecar: MemorySidecar): void {
  sidecar.state.firstSteps = { isOver: false, policy: null };
  sidecar.catalog = [samplePackage()];
}

const heading = () => screen.findByRole("heading", { name: "Your first minutes" });
const current = () => document.querySelector("[aria-current=step]")?.textContent;
const hint = () => document.querySelector(".pk-first-hint")?.textContent;

test("whoever is new sees where files will be, what the machine can do, and a sample; nothing waits for anything", async () => {
  showView((sidecar) => {
    asNew(sidecar);
    sidecar.handlers["machine.facts"] = () => new Promise(() => undefined);
  });
  await heading();
  expect(await screen.findByText("/home/ada/pinokiocloud")).toBeTruthy();
  expect(await screen.findByRole("article", { name: "Hello" })).toBeTruthy();
  expect(screen.getByText("Looking…")).toBeTruthy();
  expect(screen.queryByRole("searchbox")).toBeNull();
});

test("the machine's abilities and how many apps fit", async () => {
  showView(asNew);
  expect(await screen.findByText("No graphics card · Some processor · 8 cores · 16 GB of memory")).toBeTruthy();
  expect(screen.getByText(/^Everything stays on this computer\. 41 GB of 100 GB are free\.$/)).toBeTruthy();
  expect(await screen.findByText(/^1 of the 1 apps in the catalog run well here/)).toBeTruthy();
  screen.getByRole("button", { name: "Show them" }).click();
  expect(await screen.findByRole("searchbox")).toBeTruthy();
});

test("the sample is gone through step by step, each pointed at; then the catalog is there for good", async () => {
  const { sidecar, opened } = showView((prepared) => {
    asNew(prepared);
    prepared.handlers["apps.install"] = () => ({ appId: HELLO, runId: null, job: sampleJob() });
    prepared.handlers["runs.start"] = () => ({ run: sampleRun(), already: false });
  });
  await heading();
  const card = await screen.findByRole("article", { name: "Hello" });
  await waitFor(() => expect(current()).toBe("Install"));
  expect(hint()).toMatch(/^Press Install/);
  within(card).getByRole("button", { name: "Install" }).click();
  const consent = await screen.findByRole("region", { name: "Install Hello" });
  within(consent).getByRole("button", { name: "Install" }).click();
  await heading();

  const app = sampleApp({ menu: [{ text: "Start", href: "start.json", default: true }] });
  sidecar.emit({ type: "app-changed", app: { ...app, state: "installing" } });
  await waitFor(() => expect(current()).toBe("Watch"));
  sidecar.emit({ type: "app-changed", app });
  await waitFor(() => expect(current()).toBe("Start"));
  const run = sampleRun({ state: "starting" });
  sidecar.emit({ type: "run-changed", run });
  await waitFor(() => expect(hint()).toMatch(/^It starts/));
  sidecar.emit({ type: "run-changed", run: { ...run, state: "ready", local: { url: "http://127.0.0.1:7860" } } });
  await waitFor(() => expect(current()).toBe("Open"));
  (await screen.findByRole("button", { name: "Open" })).click();
  expect(opened).toEqual(["http://127.0.0.1:7860"]);
  await waitFor(() => expect(hint()).toMatch(/^Every app goes like this/));
  expect(document.querySelectorAll(".pk-first-track [data-done]")).toHaveLength(4);

  screen.getByRole("button", { name: "Discover apps" }).click();
  expect(await screen.findByRole("searchbox")).toBeTruthy();
  await waitFor(() => expect(sidecar.asked("firstSteps.change")).toEqual([{ isOver: true }]));
});

test("a sample that fails says so", async () => {
  showView((sidecar) => {
    asNew(sidecar);
    sidecar.state.apps.push(sampleApp({ state: "install-failed", why: "No network" }));
  });
  await heading();
  await waitFor(() => expect(hint()).toMatch(/^That did not work/));
});

test("what one view puts away is put away in every other one; it can be had again from System", async () => {
  const { sidecar } = showView(asNew);
  await heading();
  screen.getByRole("button", { name: "Skip" }).click();
  expect(await screen.findByRole("searchbox")).toBeTruthy();
  await openTab("System");
  const section = await screen.findByRole("region", { name: "First steps" });
  within(section).getByRole("button", { name: "First steps" }).click();
  (await within(section).findByRole("button", { name: "Show the first steps" })).click();
  await heading();
  screen.getByRole("button", { name: "Skip" }).click();
  expect(await screen.findByRole("searchbox")).toBeTruthy();
  expect(sidecar.state.firstSteps?.isOver).toBe(true);
});

test("another view's end ends it here too", async () => {
  const { sidecar } = showView(asNew);
  await heading();
  sidecar.emit({ type: "first-steps-changed", firstSteps: { isOver: true, policy: null } });
  expect(await screen.findByRole("searchbox")).toBeTruthy();
});

test("it can be put away where the home cannot be written", async () => {
  showView((sidecar) => {
    asNew(sidecar);
    sidecar.handlers["firstSteps.change"] = () => {
      throw new PinokioError("home-read-only", "This home can only be looked at here");
    };
  });
  await heading();
  screen.getByRole("button", { name: "Skip" }).click();
  expect(await screen.findByRole("searchbox")).toBeTruthy();
});

test("a platform's policy stands in the first steps, else in the line of notices, until it has been read", async () => {
  const { sidecar, opened } = showView((prepared) => {
    asNew(prepared);
    prepared.state.firstSteps = { isOver: false, policy: POLICY };
  });
  const card = await screen.findByRole("group", { name: "What the platform allows" });
  expect(card.textContent).toContain("Work in the notebook. As of November 2026.");
  within(card).getByRole("button", { name: "The platform's own words" }).click();
  expect(opened).toEqual(["https://example.org/faq"]);
  expect(screen.getAllByText(/^Work in the notebook/)).toHaveLength(1);
  await openTab("Running");
  const line = await screen.findByTitle("Work in the notebook.");
  expect(line.closest(".pk-notice-warning")).toBeTruthy();
  await openTab("Discover");
  within(await screen.findByRole("group", { name: "What the platform allows" }))
    .getByRole("button", { name: "I have read it" })
    .click();
  await waitFor(() => expect(screen.queryByText(/^Work in the notebook/)).toBeNull());
  await openTab("Running");
  expect(screen.queryByTitle("Work in the notebook.")).toBeNull();
  expect(sidecar.asked("firstSteps.change")).toEqual([{ policyRead: "cloud-1" }]);
});
