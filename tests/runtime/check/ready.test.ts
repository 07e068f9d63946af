import { expect, test } from "@jest/globals";
import { readyOf } from "../../../src/runtime/check/ready.js";
import type { Step } from "../../../src/runtime/script/script.js";

const visits = (...steps: Step[]) =>
  steps.map((written, index) => {
    const { method, params } = written;
    return { index, written, method, params, isCertain: true, problems: [] };
  });

const server = (event: string): Step => ({
  method: "shell.run",
  params: { message: "a", on: [{ event, done: true }] },
});

test("a pattern, and what is made of the match", () => {
  const url = { method: "local.set", params: { url: "{{input.event[1]}}" } };
  expect(readyOf(visits(server("/(http:.+)/"), url))).toEqual([{ pattern: "/(http:.+)/", url: "{{input.event[1]}}" }]);
});

test("an address that stands in the script", () => {
  const url = { method: "local.set", params: { url: "http://127.0.0.1:7860" } };
  expect(readyOf(visits(server("/ready/"), url))).toEqual([{ pattern: null, url: "http://127.0.0.1:7860" }]);
});

test("as the oldest apps do it", () => {
  const enter = {
    method: "shell.enter",
    params: { message: "a", on: [{ event: "/(http:.+)/", return: "{{event.matches[0][1]}}" }] },
  };
  const keep = { method: "self.set", params: { "session.json": { url: "{{input}}" } } };
  expect(readyOf(visits(enter, keep))).toEqual([{ pattern: "/(http:.+)/", url: "{{input}}" }]);
});

test("none", () => expect(readyOf(visits({ method: "log" }))).toEqual([]));
