import { expect, test } from "@jest/globals";
import type { KernelFacts, ScriptState } from "../../../src/runtime/script/kernel.js";
import { machineNames } from "../../../src/runtime/script/machine-names.js";
import { createMemory, namesIn, resolveNames } from "../../../src/runtime/script/memory.js";

const state = (more: Partial<ScriptState> = {}): ScriptState => ({
  running: false,
  ready: false,
  local: {},
  global: {},
  ...more,
});

const SCRIPTS: Record<string, ScriptState> = {
  "/home/api/app/other.json": state({ running: true, ready: true, local: { url: "u" } }),
  "/home/api/app/done.json": state({ ready: true }),
};

const facts: KernelFacts = {
  home: "/home",
  machine: machineNames({ platform: "linux", arch: "x64", gpu: "nvidia" }),
  env: () => ({ PATH: "/usr/bin:/bin", X: "1" }),
  script: (path) => SCRIPTS[path] ?? null,
  scripts: () => Object.keys(SCRIPTS),
};

const local: Record<string, unknown> = { a: 1 };
const memory = createMemory({
  file: "/home/api/app/sub/start.json",
  args: { q: 1 },
  facts,
  local: () => local,
  global: () => ({}),
  self: () => ({ title: "T" }),
});

const at = (slow: Record<string, unknown> = {}) => memory.scopeAt({ input: "i", current: 1, next: null }, slow);
const call = (name: string, ...args: unknown[]): unknown => (at()[name] as (...given: unknown[]) => unknown)(...args);

test("a step sees where it is, what it got and what the script says", () => {
  expect(at()).toMatchObject({
    input: "i",
    current: 1,
    next: null,
    args: { q: 1 },
    cwd: "/home/api/app/sub",
    dirname: "/home/api/app/sub",
    uri: "/home/api/app/sub/start.json",
    name: "app/sub",
    self: { title: "T" },
    local: { a: 1 },
    platform: "linux",
    gpu: "nvidia",
  });
});

test("local memory is the live one", () => {
  const scope = at();
  local["b"] = 2;
  expect(scope["local"]).toEqual({ a: 1, b: 2 });
});

test("other scripts are asked about by a path from here", () => {
  expect(call("running", "../other.json")).toBe(true);
  expect(call("running", "../done.json")).toBeUndefined();
  expect(call("ready", "../done.json")).toBe(true);
  expect(call("ready", "../nope.json")).toBe(false);
  const script = at()["script"] as { local(base: unknown, path: string): unknown };
  expect(script.local("/home/api/app", "other.json")).toEqual({ url: "u" });
  expect(script.local("~/api/app", "other.json")).toEqual({ url: "u" });
});

test("the machine wins over a step's own names; nothing inherited is a name", () => {
  expect(at({ platform: "mine", port: 1 })).toMatchObject({ platform: "linux", port: 1 });
  expect("toString" in at()).toBe(false);
  expect("constructor" in at()).toBe(false);
});

test("slow names are found where they stand alone", () => {
  const slow = { port: () => Promise.resolve(1), _: () => Promise.resolve(2) };
  expect(namesIn('{"a":"{{port}}"}', slow)).toEqual(["port"]);
  expect(namesIn('{"a":"{{support}} {{local.port}} {{my_port}}"}', slow)).toEqual([]);
  expect(namesIn('{"a":"{{_.sum([1])}}"}', slow)).toEqual(["_"]);
});

test("and resolved only then", async () => {
  const slow = { port: () => Promise.resolve(1), never: () => Promise.reject(new Error("asked")) };
  expect(await resolveNames(["port"], slow)).toEqual({ port: 1 });
});

test("names that Pinokio does not know tell the place; whatever else has such a name wins", () => {
  const names = ["app", "home", "cloud_platform", "drive"];
  const placeOf = (file: string, place?: { platform: string; vault: string | null }) => {
    const world = { file, args: {}, facts: place === undefined ? facts : { ...facts, place } };
    const empty = { local: () => ({}), global: () => ({}), self: () => ({}) };
    const found = createMemory({ ...world, ...empty }).scopeAt({ input: 0, current: 0, next: null }, {});
    return names.map((name) => found[name]);
  };
  expect(placeOf("/home/api/app/sub/start.json")).toEqual(["app", "/home", "local", null]);
  const colab = { platform: "colab", vault: "/vault" };
  expect(placeOf("/elsewhere/start.json", colab)).toEqual([null, "/home", "colab", "/vault"]);
  expect(at({ app: "mine", home: "mine", cuda: "12.8" })).toMatchObject({ app: "mine", home: "mine", cuda: "12.8" });
  expect(Date.parse(String(at()["timestamp"]))).not.toBeNaN();
});
