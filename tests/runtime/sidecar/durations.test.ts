import { expect, test } from "@jest/globals";
import { openLog } from "../../../src/runtime/base/log.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import type { RunStep, RunSteps } from "../../../src/runtime/protocol/steps.js";
import { createDurations } from "../../../src/runtime/sidecar/durations.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const START = Date.parse("2026-01-01T00:00:00.000Z");
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();
const step = (index: number, from: number, to: number | null, more: Partial<RunStep> = {}): RunStep => ({
  ...{ place: index, index, method: "shell.run", what: "", why: null, output: { from: 0, to: null } },
  ...{ state: to === null ? "running" : "done", startedAt: at(from), endedAt: to === null ? null : at(to) },
  ...more,
});
const stepsOf = (steps: RunStep[]): RunSteps => ({ version: 1, total: 4, count: steps.length, steps });
const finished = (seconds: number) => ({
  state: "ended" as const,
  step: null,
  end: { outcome: "finished" as const, error: null, at: at(seconds) },
});

function watching() {
  const folder = temporaryFolder();
  let listener: (run: Run) => void = () => undefined;
  const known = { steps: stepsOf([]), resume: false };
  const durations = createDurations(
    { home: folder.path, mode: "full", log: openLog(`${folder.path}/log`) },
    {
      supervisor: {
        onRun: (given) => (listener = given),
        steps: () => Promise.resolve(known.steps),
        requestOf: () => (known.resume ? ({ resume: {} } as never) : null),
      },
    },
    {
      warn: (problem) => {
        throw problem;
      },
    },
  );
  return {
    durations,
    known,
    tell: async (change: Partial<Run>) => {
      listener(sampleRun({ startedAt: at(0), ...change }));
      await new Promise((resolve) => setImmediate(resolve));
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

const RUNNING = { state: "running" as const, step: { index: 0, total: 4, method: "shell.run", startedAt: at(0) } };
const { script: SCRIPT } = sampleRun();

test("what a run and its steps took is said of the next one", async () => {
  using all = watching();
  await all.tell(RUNNING);
  all.known.steps = stepsOf([step(0, 0, 30), step(1, 30, 90), step(2, 90, 92, { state: "skipped" })]);
  await all.tell(finished(90));
  expect(all.durations.usualMs(SCRIPT)).toBe(90_000);
  const next = all.durations.withUsual(sampleRun(RUNNING), stepsOf([step(0, 0, null)]));
  expect([next.steps[0]?.usualMs, next.usualRestMs]).toEqual([30_000, 60_000]);
  const over = stepsOf([step(0, 0, 20)]);
  expect(all.durations.withUsual(sampleRun(finished(20)), over)).toEqual(over);
});

test.each<[string, Partial<Run>, boolean]>([
  ["failed", { ...finished(90), end: { outcome: "failed", error: null, at: at(90) } }, false],
  ["was only the rest of an earlier one", finished(90), true],
])("a run that %s tells of its steps alone", async (_, end, resume) => {
  using all = watching();
  all.known.resume = resume;
  await all.tell(RUNNING);
  all.known.steps = stepsOf([step(0, 0, 30), step(1, 30, 90, { state: "failed" })]);
  await all.tell(end);
  expect(all.durations.usualMs(SCRIPT)).toBeNull();
  const next = all.durations.withUsual(sampleRun(RUNNING), stepsOf([step(0, 0, null)]));
  expect(next.steps[0]?.usualMs).toBe(30_000);
});

test("time that a person took does not count, nor a run of which the beginning was not seen; a loop counts by its mean", async () => {
  using all = watching();
  await all.tell({ ...RUNNING, questions: [{ id: "q", kind: "input", params: {} } as never] });
  await all.tell({ ...RUNNING, questions: [] });
  all.known.steps = stepsOf([step(0, 0, 600, { method: "input" }), step(1, 600, 604), step(1, 604, 612, { place: 2 })]);
  await all.tell(finished(612));
  expect(all.durations.usualMs(SCRIPT)).toBeNull();
  const present = stepsOf([step(0, 0, null, { method: "input" }), step(1, 0, null)]);
  expect(all.durations.withUsual(sampleRun(RUNNING), present).steps.map(({ usualMs }) => usualMs)).toEqual([
    undefined,
    6_000,
  ]);
  await all.tell({ state: "ready", step: null });
  expect(all.durations.usualMs(SCRIPT)).toBeNull();
});
