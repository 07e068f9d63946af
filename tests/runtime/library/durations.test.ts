import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { openDurations } from "../../../src/runtime/library/durations.js";
import { appIdOf } from "../../../src/runtime/protocol/ids.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const step = (index: number, ms: number, method = "shell.run") => ({ index, method, ms });

function open(folder: string) {
  const problems: string[] = [];
  const file = join(folder, "library", "durations.json");
  return {
    file,
    problems,
    store: openDurations({ file, mayWrite: true, onProblem: ({ message }) => problems.push(message) }),
  };
}

test("the middle one of the latest few counts, also for whoever opens the file next", () => {
  using folder = temporaryFolder();
  const { store } = open(folder.path);
  expect([store.wholeMs("a/install.js"), store.stepMs("a/install.js", step(0, 0))]).toEqual([null, null]);
  for (const ms of [600_000, 40_000, 50_000, 45_000, 42_000, 44_000]) store.note("a/install.js", ms, [step(1, ms / 2)]);
  const again = open(folder.path).store;
  expect(again.wholeMs("a/install.js")).toBe(44_000);
  expect(again.stepMs("a/install.js", step(1, 0))).toBe(22_000);
  expect(again.stepMs("a/install.js", step(1, 0, "fs.download"))).toBeNull();
  expect(again.wholeMs("b/install.js")).toBeNull();
});

test("a run that failed tells only of the steps that it had done, and what is quick is not kept at all", () => {
  using folder = temporaryFolder();
  const { store, file } = open(folder.path);
  store.note("a/start.js", 900, [step(0, 500)]);
  expect(() => readFileSync(file)).toThrow("ENOENT");
  store.note("a/install.js", null, [step(0, 30_000), step(1, 100), step(3, 60_000)]);
  expect(store.wholeMs("a/install.js")).toBeNull();
  expect([0, 1, 2, 4].map((index) => store.restMs("a/install.js", index))).toEqual([90_000, 60_000, 60_000, null]);
});

test("a step that is another one now begins anew, and the scripts that were noted last are kept", () => {
  using folder = temporaryFolder();
  const { store, file } = open(folder.path);
  store.note("a/install.js", 10_000, [step(0, 8_000)]);
  store.note("a/install.js", 10_000, [step(0, 3_000, "fs.link")]);
  expect(store.stepMs("a/install.js", step(0, 0, "fs.link"))).toBe(3_000);

  const whole = { whole: [5_000], steps: {} };
  const scripts = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`app-${index}/install.js`, whole]));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ version: 1, scripts }));
  const full = open(folder.path).store;
  full.note("a/install.js", 5_000, []);
  const known = ["a", "app-0", "app-1"].map((app) => full.wholeMs(`${app}/install.js`));
  expect(known).toEqual([5_000, null, 5_000]);
});

test("an app that leaves no trace takes its lengths along", () => {
  using folder = temporaryFolder();
  const { store } = open(folder.path);
  store.note("a/install.js", 10_000, []);
  store.note("ab/install.js", 10_000, []);
  store.forget(appIdOf("a"));
  expect(["a", "ab"].map((app) => store.wholeMs(`${app}/install.js`))).toEqual([null, 10_000]);
});
