import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import type { Run, Serving } from "../../../src/runtime/protocol/runs.js";
import { SilenceWatch } from "../../../src/runtime/sidecar/silence.js";
import { sampleRun } from "../../helpers/samples.js";

const ready = (ports: number[]): Run => {
  const serving: Serving = { ports, url: null, isAnswering: ports.length > 0 };
  return sampleRun({ state: "ready", daemon: true, serving });
};

let silent: Run[];
let watch: SilenceWatch;

beforeEach(() => {
  jest.useFakeTimers();
  silent = [];
  watch = new SilenceWatch((run) => silent.push(run));
});

afterEach(() => {
  watch.close();
  jest.useRealTimers();
});

test("a run that served and listens on nothing any more falls silent after a while", () => {
  const run = ready([7860]);
  watch.look(run);
  watch.look(ready([]));
  jest.advanceTimersByTime(9_000);
  expect(silent).toEqual([]);
  jest.advanceTimersByTime(1_000);
  expect(silent).toHaveLength(1);
  expect(watch.over(run.id)).toBe(true);
});

test("one that listens again in time, or has never served, does not", () => {
  watch.look(ready([]));
  jest.advanceTimersByTime(60_000);
  watch.look(ready([7860]));
  watch.look(ready([]));
  jest.advanceTimersByTime(9_000);
  watch.look(ready([7861]));
  jest.advanceTimersByTime(60_000);
  expect(silent).toEqual([]);
  expect(watch.over(ready([]).id)).toBe(false);
});
