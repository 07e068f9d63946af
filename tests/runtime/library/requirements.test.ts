import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { createRequirements } from "../../../src/runtime/library/requirements.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** Apps by name: what their ENVIRONMENT says. Every launch script exists. */
function requirementsOf(apps: Record<string, string>, failing: Record<string, string | null> = {}) {
  const folder = temporaryFolder();
  for (const [app, text] of Object.entries(apps)) {
    mkdirSync(join(folder.path, app), { recursive: true });
    writeFileSync(join(folder.path, app, "ENVIRONMENT"), text);
    writeFileSync(join(folder.path, app, "start.js"), "");
  }
  const started: string[] = [];
  const wishes: unknown[] = [];
  const missing: string[][] = [];
  const stop = new AbortController();
  const how = {
    signal: stop.signal,
    onMet: (left: readonly { app: string }[]) => void missing.push(left.map(({ app }) => app)),
  };
  const runs = new Map<string, Run>();
  const requirements = createRequirements({
    api: folder.path,
    latestOf: (file) => runs.get(file) ?? null,
    start: (file, wish) => {
      const app = file.slice(folder.path.length + 1).split("/")[0] ?? "";
      started.push(app);
      wishes.push(wish);
      const reason = failing[app] ?? null;
      const error = reason === null ? null : { code: "step-failed", message: reason };
      const failed = { state: "ended", end: { outcome: error === null ? "stopped" : "failed", error, at: "" } };
      const run = (app in failing ? failed : { state: "ready", end: null }) as unknown as Run;
      runs.set(file, run);
      return Promise.resolve(run);
    },
    settled: (run) => Promise.resolve(run),
  });
  return {
    started,
    wishes,
    missing,
    stop,
    missingFor: (script: string) => requirements.missing(join(folder.path, script)).map(({ app }) => app),
    meet: (script: string, wish = {}) => requirements.meet(join(folder.path, script), wish, how),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const LAUNCH = "PINOKIO_SCRIPT_AUTOLAUNCH=start.js\n";
const needs = (list: string) => `${LAUNCH}PINOKIO_SCRIPT_REQUIRES=${list}\n`;

test("what an app needs is started first, and what that needs before it", async () => {
  using apps = requirementsOf({ a: needs("b, a, b,x%2Fy"), b: needs("c"), c: LAUNCH });
  await apps.meet("a/start.js");
  expect(apps.started).toEqual(["c", "b"]);
  await apps.meet("a/start.js");
  expect(apps.started).toEqual(["c", "b"]);
});

test("what is missing is named before and with each one that is ready, the nearest first", async () => {
  using apps = requirementsOf({ a: needs("b,c"), b: needs("d"), c: needs("d"), d: LAUNCH });
  expect(apps.missingFor("a/start.js")).toEqual(["b", "c", "d"]);
  await apps.meet("a/start.js");
  expect(apps.missing[0]).toEqual(["b", "c"]);
  expect(apps.missing.at(-1)).toEqual([]);
  expect(apps.missingFor("a/start.js")).toEqual([]);
});

test("nothing more is started for one that nobody wants any more", async () => {
  using apps = requirementsOf({ a: needs("b"), b: needs("c"), c: LAUNCH });
  const met = apps.meet("a/start.js");
  apps.stop.abort();
  await expect(met).rejects.toThrow("aborted");
  expect(apps.started).toEqual([]);
});

test("only the launch script of an app needs others", async () => {
  using apps = requirementsOf({ a: needs("b"), b: LAUNCH, c: "PINOKIO_SCRIPT_REQUIRES=b\n" });
  await apps.meet("a/install.js");
  await apps.meet("c/start.js");
  expect(apps.started).toEqual([]);
});

test.each([
  ["is not installed", { a: needs("none") }, "Required app is not installed: none"],
  ["names no launch script", { a: needs("b"), b: "" }, "Required app has no launch script selected: b"],
  ["needs the first", { a: needs("b"), b: needs("a") }, "Requirement cycle detected: a -> b -> a"],
])("an app that %s blocks the start", async (_, apps, message) => {
  using home = requirementsOf(apps);
  await expect(home.meet("a/start.js")).rejects.toMatchObject({ code: "requirement-missing", message });
  expect(home.started).toEqual([]);
});

test("a longer cycle is named from where it begins, also one below what is started", async () => {
  using home = requirementsOf({ a: needs("b"), b: needs("c"), c: needs("d,e"), d: needs("b"), e: LAUNCH });
  await expect(home.meet("a/start.js")).rejects.toThrow("Requirement cycle detected: b -> c -> d -> b");
  expect(home.started).toEqual([]);
});

test("an app that fails fails those that need it, with the reason, and is started once for all of them", async () => {
  const tree = { a: needs("b,c,f"), b: needs("d"), c: needs("e"), d: LAUNCH, e: needs("d"), f: LAUNCH };
  using apps = requirementsOf(tree, { d: "no luck" });
  await expect(apps.meet("a/start.js")).rejects.toMatchObject({
    code: "requirement-missing",
    message: "Required app did not start: d (no luck)",
  });
  expect(apps.started.toSorted()).toEqual(["d", "f"]);
});

test("an app that was stopped before it was ready is said to be", async () => {
  using apps = requirementsOf({ a: needs("b"), b: LAUNCH }, { b: null });
  await expect(apps.meet("a/start.js")).rejects.toThrow("Required app did not start: b (it was stopped)");
});

test("what is needed is started as what needs it was wished", async () => {
  using apps = requirementsOf({ a: needs("b"), b: needs("c"), c: LAUNCH });
  await apps.meet("a/start.js", { unattended: true });
  expect(apps.wishes).toEqual([{ unattended: true }, { unattended: true }]);
});
