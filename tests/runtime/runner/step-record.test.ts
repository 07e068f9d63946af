import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { fewWords } from "../../../src/runtime/runner/few-words.js";
import { RunSecrets } from "../../../src/runtime/runner/run-secrets.js";
import { StepRecord } from "../../../src/runtime/runner/step-record.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const step = (index: number) => ({ index, total: 3, method: "log", params: { raw: `line ${index}` } });

test("tells only what changed since it was asked last", () => {
  let printed = 0;
  const record = new StepRecord(() => printed);
  record.begin(step(0));
  const first = record.since(0);
  expect(first.steps).toMatchObject([
    { place: 0, what: "raw: line 0", state: "running", output: { from: 0, to: null } },
  ]);
  printed = 12;
  record.finish(0);
  record.begin(step(1));
  const second = record.since(first.version);
  expect(second.steps).toMatchObject([
    { place: 0, state: "done", output: { from: 0, to: 12 } },
    { place: 1, state: "running", output: { from: 12, to: null } },
  ]);
  expect(record.since(second.version).steps).toEqual([]);
});

test("keeps the newest of many, and counts them all", () => {
  const record = new StepRecord(() => 0);
  for (let times = 0; times < 10_000; times++) {
    record.begin(step(times % 3));
    record.finish(times % 3);
  }
  const { steps, count, total } = record.since(0);
  expect([steps.length, steps[0]?.place, count, total]).toEqual([200, 9_800, 10_000, 3]);
});

test("a step that fails says why, and what still runs at the end was stopped", () => {
  const record = new StepRecord(() => 0);
  record.begin(step(0));
  record.finish(0, "It broke");
  record.skip({ index: 1, total: 3, method: "log", when: "{{false}}" });
  record.begin(step(2));
  record.stop();
  expect(record.since(0).steps.map(({ state, why }) => [state, why])).toEqual([
    ["failed", "It broke"],
    ["skipped", "{{false}}"],
    ["stopped", null],
  ]);
});

test("what runs when the run is asked to stop was stopped, however it ends; what comes after may be done", () => {
  const record = new StepRecord(() => 0);
  for (const index of [0, 1, 2]) record.begin(step(index));
  record.finish(0);
  record.stopping();
  record.finish(1);
  record.finish(2, "exit code 143");
  record.begin(step(2));
  record.finish(2);
  expect(record.since(0).steps.map(({ state, why }) => [state, why])).toEqual([
    ["done", null],
    ["stopped", null],
    ["stopped", null],
    ["done", null],
  ]);
});

test.each<[unknown, string]>([
  [undefined, ""],
  [{ message: ["a\nb", "c"], path: "app" }, "message: a b, c · path: app"],
  [{ env: { HF_TOKEN: "hf_x", PORT: 1 }, token: "hf_x" }, "env: HF_TOKEN, PORT · token: •••"],
  [{ text: Buffer.from("abc") }, "text: <3 bytes>"],
  [{ a: { b: { c: { d: { e: 1 } } } } }, "a: b: c: d: {…}"],
])("%j in few words", (value, words) => {
  expect(fewWords(value)).toBe(words);
});

test("few words stay few, and cheap, whatever the value", () => {
  const cycle: Record<string, unknown> = { text: "x".repeat(1_000_000) };
  cycle["self"] = cycle;
  expect(fewWords(cycle).length).toBeLessThan(250);
  expect(fewWords(Array.from({ length: 100_000 }, (_, index) => index)).length).toBeLessThan(250);
  const bad = {
    get broken() {
      throw new Error("no");
    },
  };
  expect(fewWords(bad)).toBe("broken: ");
});

test("no token is told, neither of what a step does nor of why it failed", () => {
  const token = `hf_${"aB3dE6gH9".repeat(4)}`;
  const record = new StepRecord(() => 0);
  record.begin({ ...step(0), params: { message: `git clone https://me:${token}@host/x` } });
  record.finish(0, `https://me:pass@host/x is not there for ${token}`);
  const told = JSON.stringify(record.since(0));
  expect(told).not.toContain(token);
  expect(told).not.toContain("me:pass");
  expect(told).toContain("is not there for hf_***");
});

test("no known secret is told, also one that was cut off, or learnt after the step had begun", () => {
  using folder = temporaryFolder();
  const secrets = new RunSecrets(join(folder.path, "secrets.json"));
  const long = "correct-horse-battery-staple";
  const record = new StepRecord(() => 0, secrets.hideCutOff);
  record.begin({ ...step(0), params: { src: `/nowhere/${long}/x` } });
  record.finish(0, `/nowhere/${long}/x is not there`);
  for (let before = 200; before < 240; before++) {
    record.begin({ ...step(1), params: { message: "x".repeat(before) + long } });
  }
  secrets.add([long]);
  const { steps } = record.since(0);
  expect(steps[0]).toMatchObject({
    what: `src: /nowhere/${"*".repeat(28)}/x`,
    why: `/nowhere/${"*".repeat(28)}/x is not there`,
  });
  for (const { what } of steps.slice(1)) expect(what).toMatch(/^message: x+(?:\**…?|c?o?r?…)$/);
});
