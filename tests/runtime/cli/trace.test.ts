import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { startTrace } from "../../../src/runtime/cli/trace.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const run = sampleRun({ script: "a/main.json" });
const line = (script: string, outcome: string): string => `${JSON.stringify({ type: "end", script, outcome })}\n`;

test("a run that was late has one end, also where others go on writing", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "trace.jsonl");
  const trace = startTrace(file, "a/main.json");
  appendFileSync(
    file,
    line("a/other.json", "stopped") + line("a/main.json", "stopped") + line("a/other.json", "failed"),
  );
  trace.followed("timeout", run);
  expect(readFileSync(file, "utf8")).toBe(
    line("a/other.json", "stopped") + line("a/main.json", "timeout") + line("a/other.json", "failed"),
  );
});

test("of a late run that has told no end it is told here, also when somebody has removed the file", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "trace.jsonl");
  const trace = startTrace(file, "a/main.json");
  trace.followed("timeout", run);
  expect(readFileSync(file, "utf8")).toBe(line("a/main.json", "timeout"));
  rmSync(file);
  trace.followed("timeout", run);
  expect(readFileSync(file, "utf8")).toBe(line("a/main.json", "timeout"));
});

test("what a run tells itself is not told again, and what it cannot tell is", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "trace.jsonl");
  const trace = startTrace(file, "a/main.json");
  for (const outcome of ["finished", "failed", "stopped", "ready"] as const) trace.followed(outcome, run);
  expect(readFileSync(file, "utf8")).toBe("");
  trace.followed("already", run);
  trace.followed("waiting", run);
  trace.followed("lost", run);
  const lost = { type: "error", script: "a/main.json", message: "The run is gone" };
  expect(readFileSync(file, "utf8")).toBe(
    `${line("a/main.json", "daemon")}${line("a/main.json", "waiting")}${JSON.stringify(lost)}\n${line("a/main.json", "failed")}`,
  );
});

test("without a file nothing is written", () => {
  const trace = startTrace(undefined, "a/main.json");
  expect(() => {
    trace.followed("timeout", run);
    trace.failed(new Error("no"));
  }).not.toThrow();
});
