import { describe, expect, test } from "@jest/globals";
import { namesFor } from "../../../src/runtime/check/names.js";
import { UNKNOWN, Unknown, Watch } from "../../../src/runtime/check/unknown.js";
import { type Visit, walkSteps } from "../../../src/runtime/check/walk.js";
import { kernelFacts } from "../../../src/runtime/script/launcher.js";
import type { Step } from "../../../src/runtime/script/script.js";
import { ownTextsOf } from "../../../src/runtime/script/template.js";
import { LINUX, NVIDIA } from "../../helpers/plain-app.js";

function walk(steps: (Step | null)[], { args = {} as unknown, machine = LINUX, self = {} } = {}): Visit[] {
  const watch = new Watch();
  const facts = kernelFacts({ home: "/home", scripts: {}, ...machine }, "/home/api/app");
  const file = "/home/api/app/start.js";
  const hasJson = (name: string) => name === "session";
  const scopeAt = namesFor({ file, self, args, machine, facts, hasJson, watch });
  return walkSteps(steps, { args, scopeAt, watch, isOwnText: ownTextsOf(self) });
}

const visited = (...of: Parameters<typeof walk>): number[] => walk(...of).map(({ index }) => index);
const log = (more: Step = {}): Step => ({ method: "log", params: {}, ...more });
const run = (more: Step = {}): Step => ({ method: "shell.run", params: { message: "a" }, ...more });

describe("which steps may run", () => {
  test.each<[string, (Step | null)[], number[]]>([
    ["one after the other", [log(), null, log()], [0, 2]],
    ["not one whose condition does not hold on the machine", [log({ when: "{{gpu === 'nvidia'}}" }), log()], [1]],
    ["nothing after next: null", [log({ next: null }), log()], [0]],
    ["next of a step that is left out does not count", [log({ when: "{{false}}", next: null }), log()], [1]],
    ["both ways at a condition that is not known", [run(), log({ when: "{{input.x}}", next: null }), log()], [0, 1, 2]],
    ["next names a step", [log({ next: "b" }), log(), log({ id: "b" })], [0, 2]],
    ["a jump by index", [{ method: "jump", params: { index: 2 } }, log(), log()], [0, 2]],
    [
      "a jump to somewhere unknown",
      [run(), { method: "jump", params: { id: "{{input.x}}" } }, log(), log({ id: "b" })],
      [0, 1, 2, 3],
    ],
    ["a text as condition holds", [log({ when: "!something" })], [0]],
    ["a condition that fails holds", [log({ when: "{{nothing.at.all}}" })], [0]],
    ["a value that was set", [{ method: "local.set", params: { a: 1 } }, log({ when: "{{local.a === 2}}" })], [0]],
    ["a value that was never set", [log({ when: "{{local.a}}" })], []],
    ["what a person may have set", [log({ when: "{{env.ANYTHING}}" })], [0]],
    [
      "a program of another platform is not there",
      [log({ when: "{{which('brew')}}" }), log({ when: "{{which('ffmpeg')}}" })],
      [1],
    ],
  ])("%s", (_, steps, expected) => expect(visited(steps)).toEqual(expected));

  test("a loop ends, and what changes in it is not known", () => {
    const steps: Step[] = [
      { method: "local.set", params: { n: 0 } },
      { method: "local.set", params: { n: "{{local.n + 1}}" } },
      log({ when: "{{local.n === 50}}", next: null }),
      { method: "jump", params: { index: 1 } },
    ];
    const visits = walk(steps);
    expect(visits.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(visits[1]?.params).toEqual({ n: UNKNOWN });
    expect(visits.map(({ isCertain }) => isCertain)).toEqual([true, true, false, true]);
  });

  test("the machine decides", () => {
    const steps = [
      log({ when: "{{kernel.gpu === 'nvidia'}}" }),
      log({ when: "{{gpus.find(x => / 50.+/.test(x.model))}}" }),
    ];
    expect(visited(steps, { machine: LINUX })).toEqual([]);
    expect(visited(steps, { machine: NVIDIA })).toEqual([0, 1]);
    expect(visited(steps, { machine: { ...NVIDIA, gpuModel: "NVIDIA GeForce RTX 4090" } })).toEqual([0]);
  });
});

describe("what a step gets", () => {
  const paramsOf = (params: unknown, more = {}): unknown => walk([run(), { method: "log", params }], more)[1]?.params;

  test.each<[string, unknown, unknown]>([
    ["a value that is known", "{{platform}}", "linux"],
    ["a value that is not", "{{input.event[0]}}", UNKNOWN],
    ["part of a text", "at {{input.event[0]}}/x", "at …/x"],
    ["an argument", "{{args && args.path ? args.path : '.'}}", "."],
    ["what a part of the script says", "{{self.cmd}}", "go linux"],
    ["a file that a step writes", "{{self.session.url}}", UNKNOWN],
    ["a port", "{{port}}", UNKNOWN],
    ["what is short-circuited is not asked for", "{{gpu === 'nvidia' && input.x}}", false],
  ])("%s", (_, text, expected) => {
    expect(paramsOf({ text }, { self: { cmd: "go {{platform}}" } })).toEqual({ text: expected });
  });

  test("a value of which a part is not known", () => {
    const [, , visit] = walk([
      run(),
      { method: "local.set", params: { known: 1, url: "{{input.event[0]}}" } },
      { method: "log", params: { a: "{{local.known}}", b: "{{local.url}}", c: "{{local}}" } },
    ]);
    expect(visit?.params).toEqual({ a: 1, b: UNKNOWN, c: { known: 1, url: UNKNOWN } });
  });

  test("a result that is kept", () => {
    const visits = walk([
      { uri: "./x.js", method: "go", returns: "local.answer" },
      { method: "log", params: "{{local.answer}}" },
    ]);
    expect(visits[1]?.params).toBeInstanceOf(Unknown);
  });
});

describe("templates that come to nothing", () => {
  const problemsOf = (params: unknown, more: Step = {}): string[] =>
    (walk([{ method: "log", params, ...more }])[0]?.problems ?? []).map(({ why, text, detail }) =>
      `${why} ${text} ${detail}`.trim(),
    );

  test.each<[string, unknown, string[]]>([
    ["a name that nobody has", "{{nothing}}", ["no-name {{nothing}} nothing"]],
    ["a value that is not there", "{{local.a}}", ["no-value {{local.a}}"]],
    ["a value of nothing", "{{local.a.b}}", ["fails {{local.a.b}} Cannot read properties of undefined (reading 'b')"]],
    ["no expression", "docker ps --format '{{.Names}}'", ["syntax {{.Names}}"]],
    ["one that waits for a shell's output", "{{event.matches[0]}}", []],
    ["one that is known later", "{{env.X}}", []],
  ])("%s", (_, text, expected) => expect(problemsOf({ text })).toEqual(expected));

  test("a condition may speak of what is not there", () => {
    expect(problemsOf({}, { when: "{{!local.a}}" })).toEqual([]);
  });
});

test("a step that goes on nowhere is told", () => {
  expect(walk([log({ next: "b" })])[0]?.lostAt).toBe('"b", which is no step\'s id');
  expect(walk([log({ next: 7 })])[0]?.lostAt).toBe("7, of 1 steps");
});
