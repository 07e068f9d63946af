import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { callMethod, resolvePath, type SharedContext } from "../../../src/runtime/runner/call-method.js";
import { Modules } from "../../../src/runtime/runner/modules.js";
import type { MethodCall } from "../../../src/runtime/script/interpreter.js";
import { loadFile } from "../../../src/runtime/script/load.js";
import { fakeContext } from "../../helpers/fake-context.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const HOME = "/home/of/it";
const CWD = `${HOME}/api/app`;

const BARE = Object.assign(new Error("bare"), { stack: "Error: bare" });
const OURS = new PinokioError("script-invalid", "ours");

interface Heard {
  printed: string[];
  notes: string[];
  told: unknown[];
}

function shared(heard: Heard, more: Partial<SharedContext> = {}): SharedContext {
  const { printed, notes, told } = heard;
  return {
    ...fakeContext({ home: HOME }),
    runId: "run_1",
    modules: new Modules(),
    ask: () => Promise.reject(new Error("nobody is asked")),
    print: (index, text) => void printed.push(`${index}:${text}`),
    note: (text) => void notes.push(text),
    tell: (kind, params) => void told.push({ kind, params }),
    ...more,
  };
}

function call(step: Record<string, unknown>, more: Partial<MethodCall> = {}): MethodCall {
  return {
    method: step["method"],
    params: step["params"],
    input: "in",
    args: { q: 1 },
    step,
    index: 2,
    total: 5,
    cwd: CWD,
    script: { file: `${CWD}/start.json`, value: {}, warnings: [] },
    ...more,
  };
}

const run = async (step: Record<string, unknown>, kernel: unknown = {}, more: Partial<SharedContext> = {}) => {
  const heard: Heard = { printed: [], notes: [], told: [] };
  const outcome = await callMethod(call(step), shared(heard, more), kernel);
  return { ...outcome, ...heard };
};

describe("a built-in method", () => {
  test("prints under its step's number, and may jump", async () => {
    expect(await run({ method: "log", params: { raw: "x" } })).toEqual({
      value: undefined,
      printed: ["2:x\r\n"],
      notes: [],
      told: [],
    });
    expect(await run({ method: "jump", params: { id: "there", params: 7 } })).toMatchObject({
      value: 7,
      jump: { id: "there" },
    });
  });

  test("wrong parameters are told with their place and what belongs there", async () => {
    await expect(run({ method: "fs.copy", params: { src: 5, dest: "x" } })).rejects.toMatchObject({
      code: "script-invalid",
      message: expect.stringMatching(/^fs\.copy cannot be called like this: params\.src: .*expected string/),
      context: { method: "fs.copy" },
    });
  });

  test("one that does not exist is told with its nearest names", async () => {
    await expect(run({ method: "fs.cpoy" })).rejects.toMatchObject({
      code: "method-unknown",
      hint: "Did you mean fs.copy?",
    });
  });

  test("words of a command keep the order in which they are written", async () => {
    let line = "";
    const shells = {
      ...fakeContext().shells,
      run: (request: { command: string }) => Promise.reject(new Error((line = request.command))),
    };
    const programs = { find: () => "/bin/hf", run: () => Promise.reject(new Error("unused")) };
    using folder = temporaryFolder();
    const params = { revision: "main", _: ["o/r"], token: "t", "local-dir": "x", path: folder.path };
    await expect(run({ method: "hf.download", params }, {}, { shells, programs })).rejects.toThrow();
    expect(line).toBe("hf download o/r --revision main --local-dir x ; ls");
  });
});

describe("code of the author", () => {
  test("that throws is told with its place in the app", async () => {
    using folder = temporaryFolder();
    const app = folder.path;
    mkdirSync(join(app, "lib"));
    writeFileSync(join(app, "lib/far.js"), "exports.fail = async () => {\n  throw new TypeError('no\\nluck')\n}\n");
    const from = { uri: "near.js", method: "go" };
    writeFileSync(join(app, "near.js"), "exports.go = async () => require('./lib/far.js').fail()\n");
    const heard: Heard = { printed: [], notes: [], told: [] };
    const called = (step: Record<string, unknown>) =>
      callMethod(call(step, { cwd: app }), shared(heard, { app }), { own: { fail: () => Promise.reject(BARE) } });
    await expect(called(from)).rejects.toMatchObject({
      code: "step-failed",
      message: "Step 3 (go) failed at lib/far.js:2:9: no\nluck",
      hint: "The line reads: throw new TypeError('no\\nluck')",
      context: { file: join(app, "lib/far.js"), line: "2", column: "9" },
    });
    const { exported } = await loadFile(join(app, "lib/far.js"));
    const { fail } = exported as { fail: () => void };
    await expect(called({ method: () => fail() })).rejects.toThrow(
      /^Step 3 \(<function>\) failed at lib\/far\.js:2:9: /,
    );
    // What is thrown elsewhere, or is ours, stays as it is.
    await expect(called({ method: "kernel.own.fail" })).rejects.toBe(BARE);
    await expect(called({ method: () => Promise.reject(OURS) })).rejects.toBe(OURS);
  });

  test("gets the step, what surrounds it, and ways to print", async () => {
    let request: Record<string, unknown> = {};
    const method = (req: Record<string, unknown>, onData: (data: unknown, type?: string) => void, kernel: unknown) => {
      request = req;
      onData({ raw: "raw" });
      onData({ json: { a: 1 } });
      onData({ html: "<b>told</b>" }, "notify");
      onData({ raw: "else" }, "something else");
      onData(undefined);
      return { kernel };
    };
    const { value, printed, notes, told } = await run({ method, params: { p: 1 } }, { isKernel: true });
    expect(value).toEqual({ kernel: { isKernel: true } });
    expect(printed).toEqual(["2:raw", '2:{"a":1}\r\n']);
    expect(told).toEqual([{ kind: "notify", params: { html: "<b>told</b>" } }]);
    expect(notes).toEqual(["else\r\n"]);
    expect(request).toMatchObject({
      params: { p: 1 },
      input: "in",
      args: { q: 1 },
      cwd: CWD,
      dirname: CWD,
      current: 2,
      total: 5,
      next: 3,
      root: HOME,
      parent: { path: `${CWD}/start.json`, args: { q: 1 } },
    });
  });

  test("may lie in a file, and is told where that is", async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, "lib"));
    writeFileSync(join(folder.path, "lib/m.js"), "exports.where = (req) => [req.cwd, req.dirname]");
    const step = { uri: "lib/m.js", method: "where" };
    const { value } = await callMethod(
      call(step, { cwd: folder.path }),
      shared({ printed: [], notes: [], told: [] }),
      {},
    );
    expect(value).toEqual([folder.path, join(folder.path, "lib")]);
  });

  test("may be a function of the kernel, called with what it belongs to", async () => {
    const kernel = {
      a: {
        word: "hi",
        say(this: { word: string }, req: { params: string }) {
          return this.word + req.params;
        },
      },
    };
    expect((await run({ method: "kernel.a.say", params: "!" }, kernel)).value).toBe("hi!");
    await expect(run({ method: "kernel.a.nope" }, kernel)).rejects.toMatchObject({ code: "method-unknown" });
  });

  test("a result that says it is an error ends the step with its words", async () => {
    const failing = run({ method: () => ({ error: ["first", "second"] }) });
    await expect(failing).rejects.toThrow("The output of the script's own code says “first”, “second”");
    expect((await run({ method: () => ({ error: null, ok: 1 }) })).value).toEqual({ error: null, ok: 1 });
  });
});

test("after a stop nothing is called any more", async () => {
  const stop = AbortSignal.abort(new Error("stopped"));
  await expect(run({ method: "log", params: { raw: "x" } }, {}, { signal: stop })).rejects.toThrow("stopped");
});

describe("a path", () => {
  test.each([
    ["x/y", `${CWD}/x/y`],
    ["../other", `${HOME}/api/other`],
    ["~/api/b", `${HOME}/api/b`],
    ["~", HOME],
    ["/tmp/x", "/tmp/x"],
    ["C:\\models\\a", `${HOME}/drive_c/models/a`],
    ["sub\\a", `${CWD}/sub/a`],
  ])("%s is %s", (path, resolved) => {
    expect(resolvePath(path, CWD, HOME)).toBe(resolved);
  });

  test("in a repository needs its address with .git, and a clone", () => {
    expect(() => resolvePath("https://host/o/n", CWD, HOME)).toThrow("is not the address of a repository");
    expect(() => resolvePath("https://host/o/n.git/a.json", CWD, HOME)).toThrow("No app was cloned from");
  });
});
