import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import type { MethodContext, ScriptInfo, ScriptResult } from "../../../src/runtime/methods/method.js";
import { script } from "../../../src/runtime/methods/script.js";
import { callChecked, fakeContext } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

/** A home whose scripts come to rest as told; what was asked of them can be read afterwards. */
function world(result: ScriptResult = { kind: "done", value: 1 }, found: Record<string, ScriptInfo> = {}) {
  const folder = temporaryFolder();
  for (const name of ["go.json", "serve.py", "tool.js"]) writeFileSync(join(folder.path, name), "0");
  const asked: unknown[] = [];
  const at = (file: string): string => file.replace(`${folder.path}/`, "");
  const context = (more: Partial<MethodContext> = {}) =>
    fakeContext({
      cwd: folder.path,
      file: join(folder.path, "main.json"),
      scripts: {
        find: (file) => found[at(file)] ?? null,
        fileOf: (id) => (id === "run_1" ? join(folder.path, "serve.py") : null),
        start: (file, input, options) => {
          asked.push(["start", at(file), input, options]);
          return Promise.resolve(result);
        },
        stop: (files) => {
          asked.push(["stop", ...files.map(at)]);
          return Promise.resolve();
        },
        restart: (file, input) => {
          asked.push(["restart", at(file), input]);
          return Promise.resolve();
        },
        output: (file, lines) => Promise.resolve(`${at(file)} ${lines}`),
      },
      ...more,
    });
  const call = (name: keyof typeof script, params: unknown, more?: Partial<MethodContext>) =>
    callChecked(script[name], params, context(more));
  return { asked, call, context, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

describe("start", () => {
  test("hands over what the script gets and its variables, and gives its value", async () => {
    using at = world();
    expect(await at.call("start", { path: "go.json", args: { a: 1 }, env: { X: "1" } })).toBe(1);
    expect(at.asked).toEqual([["start", "go.json", { a: 1 }, { env: { X: "1" }, isLeftAlone: false }]]);
  });

  test.each(["serve.py", "tool.js"])("%s is a program: it is left alone, and its run can be named", async (uri) => {
    using at = world({ kind: "begun", id: "run_7" });
    expect(await at.call("start", { uri })).toEqual({ id: "run_7", status: "started" });
    expect(at.asked).toEqual([["start", uri, undefined, { env: undefined, isLeftAlone: true }]]);
  });

  test("one that runs already is not started again", async () => {
    const running = { running: true, ready: false, local: {}, runId: "run_1" };
    using at = world({ kind: "already" }, { "serve.py": running });
    expect(await at.call("start", { uri: "go.json" })).toBeUndefined();
    expect(await at.call("start", { uri: "serve.py" })).toEqual({ id: "run_1", status: "running" });
  });

  test("one that fails lets the caller go on, unless it could not begin or the step wants to know", async () => {
    const error = new PinokioError("step-failed", "bad");
    using late = world({ kind: "failed", error, hadBegun: true });
    expect(await late.call("start", { uri: "go.json" })).toBeUndefined();
    await expect(late.call("start", { uri: "go.json" }, { step: { on_error: "continue" } })).rejects.toBe(error);
    using early = world({ kind: "failed", error, hadBegun: false });
    await expect(early.call("start", { uri: "go.json" })).rejects.toBe(error);
    await expect(early.call("start", { uri: "none.json" })).rejects.toMatchObject({ code: "script-missing" });
    await expect(early.call("start", {})).rejects.toThrow("names no script");
  });
});

test("stop means this script, paths, or what start gave for a program", async () => {
  using at = world();
  await at.call("stop", null);
  await at.call("stop", "go.json");
  await at.call("stop", { uri: ["go.json", "b.json"] });
  await at.call("stop", { id: "run_1" });
  await at.call("stop", { id: ["go.json"] });
  expect(at.asked).toEqual([
    ["stop", "main.json"],
    ["stop", "go.json"],
    ["stop", "go.json", "b.json"],
    ["stop", "serve.py"],
    ["stop", "go.json"],
  ]);
});

test("status and output are asked for by path or by id", async () => {
  const running = { running: true, ready: true, local: { url: "u" }, runId: "run_1" };
  using at = world(undefined, { "serve.py": running });
  const status = { running: true, ready: true, local: { url: "u" } };
  expect(await at.call("status", { id: "run_1" })).toEqual(status);
  expect(await at.call("status", "serve.py")).toEqual(status);
  expect(await at.call("status", { uri: "go.json" })).toEqual({ running: false, ready: false, local: {} });
  expect(await at.call("output", { id: "run_1", lines: 3 })).toBe("serve.py 3");
  expect(await at.call("output", null)).toBe("main.json 100");
  expect(await at.call("ready", { script: "serve.py" })).toBe(true);
});

test("restart of this script hands its own arguments on", async () => {
  using at = world();
  await at.call("restart", null, { args: { a: 1 } });
  expect(await at.call("restart", { uri: "go.json", params: { p: 1 } })).toEqual({
    uri: "go.json",
    scheduled: true,
    self: false,
    params: { p: 1 },
  });
  expect(at.asked).toEqual([
    ["restart", "main.json", { a: 1 }],
    ["restart", "go.json", { p: 1 }],
  ]);
});
