import { expect, test } from "@jest/globals";
import { progressLines, progressText } from "../../../src/runtime/cli/progress-bar.js";
import type { Progress } from "../../../src/runtime/protocol/progress.js";
import { sampleRun } from "../../helpers/samples.js";

const PROGRESS: Progress = {
  label: "Downloading model.safetensors",
  percent: 43.2,
  done: "2.1",
  total: "4.9 GB",
  rate: "60 MB/s",
  secondsLeft: 66,
};

test.each<[Partial<Progress>, string]>([
  [{}, "█████████░░░░░░░░░░░ 43 %  Downloading model.safetensors, 2.1 of 4.9 GB, 1 min left"],
  [{ percent: null, total: null, secondsLeft: 40 }, "Downloading model.safetensors, 2.1, 40 s left"],
  [{ label: "", done: null, total: null, secondsLeft: 4_800 }, "█████████░░░░░░░░░░░ 43 %  1 h 20 min left"],
  [{ label: "", percent: 100, done: null, secondsLeft: null }, "████████████████████ 100 %"],
])("%j", (change, text) => {
  expect(progressText({ ...PROGRESS, ...change })).toBe(text);
});

test("a run without a bar has no line, and what a program says cannot steer the terminal", () => {
  expect(progressLines(sampleRun())).toEqual([]);
  expect(progressLines(sampleRun({ progress: { ...PROGRESS, label: "\x1b[2Jx" } }))[0]).toContain("\\x1b[2Jx");
});
