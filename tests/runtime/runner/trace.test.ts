import { Buffer } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { RunSecrets } from "../../../src/runtime/runner/run-secrets.js";
import { openTrace } from "../../../src/runtime/runner/trace.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const LONG = "correct-horse-battery-staple";
const STARS = "*".repeat(28);
const NO_SECRETS = new RunSecrets("/nowhere/secrets.json");

test("what happens is one JSON object a line, of several scripts in one file", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "trace");
  const one = openTrace(file, "a/one.json", NO_SECRETS);
  const two = openTrace(file, "a/two.json", NO_SECRETS);
  one.step(0, "log", { raw: "x" });
  two.step(0, "input", undefined);
  two.input(0, { form: [] });
  one.log(0, "x\r\n");
  one.result(0, undefined);
  const heard = one.output("s1");
  for (const byte of Buffer.from("é")) heard(Buffer.from([byte]));
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
    { type: "output", shell: "s1", text: "é" },
    { type: "error", script: "a/two.json", message: "bad" },
    { type: "end", script: "a/two.json", outcome: "failed" },
    { type: "end", script: "a/one.json", outcome: "finished" },
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("of a flood only the beginning is kept, for each shell", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "trace");
  const trace = openTrace(file, "s", NO_SECRETS);
  const flood = trace.output("s1");
  for (let count = 0; count < 50; count++) flood(Buffer.alloc(64 * 1024 - 1, "x"));
  trace.output("s2")(Buffer.from("calm"));
  const told = readFileSync(file, "utf8").trim().split("\n");
  const events = told.map((line) => JSON.parse(line) as { shell: string; text: string });
  const texts = events.filter(({ shell }) => shell === "s1").map(({ text }) => text);
  expect(texts.at(-1)).toContain("left out");
  expect(texts.slice(0, -1).join("")).toHaveLength(1024 * 1024);
  expect(events.at(-1)).toMatchObject({ shell: "s2", text: "calm" });
});

test("values that JSON cannot hold are told as far as they go", () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "trace");
  const trace = openTrace(file, "s", NO_SECRETS);
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
    const trace = openTrace(file, "s", NO_SECRETS);
    trace.step(0, "log", {});
    trace.end("finished");
  }
  expect(() => openTrace("/nowhere/trace", "s", NO_SECRETS).log(0, "x")).not.toThrow();
});

test("no secret is in a trace, of what steps do and give, ask and say, nor of what shells print in pieces", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "trace");
  const secrets = new RunSecrets(join(folder.path, "secrets.json"));
  const trace = openTrace(file, `app/${LONG}.json`, secrets);
  secrets.add([LONG, "finished", "shell.run"]);
  trace.step(0, "shell.run", { message: `echo ${LONG}`, env: { A: LONG } });
  trace.result(0, { stdout: `${LONG}\n` });
  trace.log(0, LONG);
  trace.input(0, { form: [{ default: LONG }] });
  trace.error(0, `no ${LONG}`);
  const hear = trace.output("s1");
  const printed = Buffer.from(`${LONG} `);
  for (let at = 0; at < printed.length; at += 5) hear(printed.subarray(at, at + 5));
  expect(printed.toString()).toBe(`${LONG} `); // what others hear stays as it is
  hear(Buffer.from(LONG.slice(0, 9)));
  await new Promise((resolve) => setTimeout(resolve, 350));
  hear(Buffer.from(LONG.slice(9)));
  hear(Buffer.from(LONG.slice(0, 3)));
  trace.end("finished");
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const events = lines.map((line) => JSON.parse(line) as { type: string; text?: string });
  const shell = events.filter(({ type }) => type === "output").map(({ text }) => text);
  expect(shell.join("")).toBe(`${STARS} ${STARS}cor`);
  expect(events.filter(({ type }) => type !== "output")).toEqual([
    {
      type: "step",
      script: `app/${LONG}.json`,
      index: 0,
      method: "shell.run",
      params: { message: `echo ${STARS}`, env: { A: STARS } },
    },
    { type: "result", script: `app/${LONG}.json`, index: 0, value: { stdout: `${STARS}\n` } },
    { type: "log", script: `app/${LONG}.json`, index: 0, text: STARS },
    { type: "input", script: `app/${LONG}.json`, index: 0, request: { form: [{ default: STARS }] } },
    { type: "error", script: `app/${LONG}.json`, index: 0, message: `no ${STARS}` },
    { type: "end", script: `app/${LONG}.json`, outcome: "finished" },
  ]);
});
