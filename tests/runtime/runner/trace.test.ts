import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openTrace } from "../../../src/runtime/runner/trace.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("what happens is one JSON object a line, of several scripts in one file", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "trace");
  const one = openTrace(file, "a/one.json");
  const two = openTrace(file, "a/two.json");
  one.step(0, "log", { raw: "x" });
  two.step(0, "input", undefined);
  two.input(0, { form: [] });
  one.log(0, "x\r\n");
  one.result(0, undefined);
  one.output("s1", "text");
  two.error(undefined, "bad");
  two.end("failed");
  one.end("finished");
  const lines = readFileSync(file, "utf8").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { type: "step", script: "a/one.json", index: 0, method: "log", params: { raw: "x" } },
    { type: "step", script: "a/two.json", index: 0, method: "input" },
    { type: "input", script: "a/two.json", index: 0, request: { form: [] } },
    { type: "log", script: "a/one.json", index: 0, text: "x\r\n" },
    { type: "result", script: "a/one.json", index: 0 },
    { type: "output", shell: "s1", text: "text" },
    { type: "error", script: "a/two.json", message: "bad" },
    { type: "end", script: "a/two.json", outcome: "failed" },
    { type: "end", script: "a/one.json", outcome: "finished" },
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("values that JSON cannot hold are told as far as they go", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "trace");
  const trace = openTrace(file, "s");
  const cycle: Record<string, unknown> = { name: "n" };
  cycle["self"] = cycle;
  trace.result(0, { call: () => 1, list: [1n === 1n] });
  trace.result(1, cycle);
  const values = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { value: unknown }).value);
  expect(values).toEqual([
    { call: "<function>", list: [true] },
    { name: "n", self: null },
  ]);
});

test("a trace that nobody wants, or that cannot be written, harms nothing", () => {
  for (const file of [undefined, "/nowhere/trace", "/dev/full"]) {
    const trace = openTrace(file, "s");
    trace.step(0, "log", {});
    trace.end("finished");
  }
  expect(() => openTrace("/nowhere/trace", "s").log(0, "x")).not.toThrow();
});
