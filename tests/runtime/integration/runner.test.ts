import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { isSameProcess } from "../../../src/runtime/base/processes.js";
import { runToEnd, startRunner, until } from "../../helpers/test-runner.js";

const EXAMPLES = new URL("../../../examples/", import.meta.url).pathname;
const PROGRAMS = new URL("../../fixtures/programs/", import.meta.url).pathname;

const shell = (message: unknown, more: object = {}): object => ({ method: "shell.run", params: { message, ...more } });
const log = (params: object): object => ({ method: "log", params });
const serve = (message: string): object => ({
  daemon: true,
  run: [shell(message, { on: [{ event: "/ready/", done: true }] })],
});

describe("the hello app", () => {
  test("installs, gets ready with its address, serves, and stops", async () => {
    const appFolder = join(EXAMPLES, "hello-server");
    await using installing = await startRunner(null, { appFolder, scriptName: "install.json" });
    await installing.exited;
    expect(installing.record().run.end).toMatchObject({ outcome: "finished", error: null });
    expect(existsSync(join(installing.app, "app/env/bin/python"))).toBe(true);
    expect(installing.output()).toContain("Everything this app needs is here");

    await using runner = await startRunner(null, { appFolder: installing.app, scriptName: "start.json" });
    const watcher = await runner.connect();
    const { local, daemon, shells } = await watcher.waitFor(({ state }) => state === "ready");
    expect(local).toEqual({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    expect({ daemon, shells }).toEqual({ daemon: true, shells: 1 });
    const page = await (await fetch(String(local["url"]))).text();
    expect(page).toContain("Hello from your own machine");
    const count = await fetch(`${String(local["url"])}/count`, { method: "POST" });
    expect(await count.json()).toEqual({ count: 1 });

    watcher.stop(5_000);
    await watcher.waitFor(({ state }) => state === "stopping");
    const { end } = await watcher.waitFor(({ state }) => state === "ended");
    expect(end).toMatchObject({ outcome: "stopped", error: null });
    expect(await runner.exited).toBe(0);
    expect(runner.processes()).toEqual([]);
    await expect(fetch(String(local["url"]))).rejects.toThrow();
  });
});

describe("a run on disk", () => {
  test("its record names the runner before anybody is told, and follows the run", async () => {
    await using runner = await startRunner(serve("echo ready; sleep 100"));
    const { process: identity, run, socket } = runner.record();
    expect(identity).not.toBeNull();
    expect(identity?.pid).toBe(runner.pid);
    expect(["starting", "running"]).toContain(run.state);
    expect(existsSync(socket)).toBe(true);
    await until(
      () => runner.record().run.state,
      (state) => state === "ready",
    );
    process.kill(runner.pid, "SIGTERM");
    await runner.exited;
    expect(runner.record().run).toMatchObject({ state: "ended", shells: 0, end: { outcome: "stopped" } });
    expect(runner.record().run.outputBytes).toBe(runner.output().length);
    expect(existsSync(socket)).toBe(false);
  });

  test("a killed runner leaves a record that tells so, and its programs can be found", async () => {
    await using runner = await startRunner(serve("nohup sleep 1000 & echo ready; sleep 1000"));
    await until(
      () => runner.record().run.state,
      (state) => state === "ready",
    );
    process.kill(runner.pid, "SIGKILL");
    await runner.exited;
    const { process: identity, run } = runner.record();
    expect(run.state).toBe("ready");
    expect(identity !== null && isSameProcess(identity)).toBe(false);
    expect(runner.processes().length).toBeGreaterThan(0);
  });

  test("a hang-up signal does not end it", async () => {
    await using runner = await startRunner(serve("echo ready; sleep 100"));
    const watcher = await runner.connect();
    await watcher.waitFor(({ state }) => state === "ready");
    process.kill(runner.pid, "SIGHUP");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isSameProcess(runner.record().process!)).toBe(true);
  });
});

describe("watchers", () => {
  test("several follow the same run, and one that leaves changes nothing", async () => {
    await using runner = await startRunner(serve("sleep 0.5; echo ready; sleep 100"));
    const first = await runner.connect();
    const second = await runner.connect();
    await first.waitFor(({ state }) => state === "running");
    first.leave();
    await second.waitFor(({ state }) => state === "ready");
    expect(second.messages.some((message) => message.t === "output" && message.bytes > 0)).toBe(true);
    const third = await runner.connect();
    expect((await third.waitFor(() => true)).state).toBe("ready");
    third.stop(2_000);
    for (const watcher of [second, third]) {
      await watcher.waitFor(({ state }) => state === "ended");
      await watcher.closed;
    }
  });

  test("a wrong token is refused, and so is a stop without one", async () => {
    await using runner = await startRunner(serve("echo ready; sleep 100"));
    const stranger = await runner.connect("6".repeat(64));
    await stranger.closed;
    expect(stranger.messages).toEqual([{ t: "refused", reason: "The token is wrong" }]);
    expect(isSameProcess(runner.record().process!)).toBe(true);
    expect(runner.record().run.state).not.toBe("stopping");
  });

  test("one that reads nothing holds up neither the run nor its end", async () => {
    await using runner = await startRunner(serve("echo ready; sleep 100"));
    const lazy = await runner.connect();
    const watcher = await runner.connect();
    await watcher.waitFor(({ state }) => state === "ready");
    lazy.messages.length = 0;
    watcher.stop(1_000);
    await watcher.waitFor(({ state }) => state === "ended");
    expect(await runner.exited).toBe(0);
  });
});

/** Processes whose command line holds a text. */
function commandLinesWith(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes(text));
}

describe("a stop leaves nothing behind", () => {
  // N is a number that no other process has on its command line.
  test.each([
    ["a program that ignores every polite signal", `python3 ${PROGRAMS}ignore-signals.py N; sleep N`, "ignoring"],
    ["one in a session of its own", "setsid sleep N & echo ready; sleep N", "ready"],
    ["one that was told to outlive its terminal", "nohup sleep N >/dev/null 2>&1 & echo ready; sleep N", "ready"],
    ["a daemon that left its parents", `python3 ${PROGRAMS}double-fork.py N; sleep N`, "forked"],
    ["a loop that starts it again", "while true; do echo ready; sleep N; done", "ready"],
    ["one that dropped the environment", "env -i sleep N & echo ready; sleep N", "ready"],
    ["a stopped program", "sleep N & kill -STOP $!; echo ready; sleep N", "ready"],
  ])("%s", async (_, command, word) => {
    const number = String(7_000_000 + Math.floor(Math.random() * 1_000_000));
    await using runner = await startRunner({
      daemon: true,
      run: [shell(command.replaceAll("N", number), { on: [{ event: `/${word}/`, done: true }] })],
    });
    const watcher = await runner.connect();
    await watcher.waitFor(({ state }) => state === "ready");
    expect(commandLinesWith(number).length).toBeGreaterThan(0);
    watcher.stop(1_500);
    expect((await watcher.waitFor(({ state }) => state === "ended")).end?.outcome).toBe("stopped");
    await runner.exited;
    expect(runner.processes()).toEqual([]);
    expect(commandLinesWith(number)).toEqual([]);
  });

  test("while a step runs: the step is over, and no further command starts", async () => {
    await using runner = await startRunner({
      run: [shell("echo begun; sleep 1000; touch after.txt"), log({ raw: "next" })],
    });
    const watcher = await runner.connect();
    await until(
      () => runner.output(),
      (text) => text.includes("\nbegun"),
    );
    watcher.stop(3_000);
    await watcher.waitFor(({ state }) => state === "ended");
    expect(existsSync(join(runner.app, "after.txt"))).toBe(false);
    expect(runner.output()).not.toContain("\nnext");
  });

  test("a second wish for less time is heard", async () => {
    await using runner = await startRunner(
      serve(`python3 ${PROGRAMS}ignore-signals.py 1000 & sleep 0.3; echo ready; wait`),
    );
    const watcher = await runner.connect();
    await watcher.waitFor(({ state }) => state === "ready");
    watcher.stop(60_000);
    watcher.stop(300);
    await watcher.waitFor(({ state }) => state === "ended", 5_000);
  });

  test("a program that ends itself politely may do so", async () => {
    const trap = "trap 'echo saved; exit 0' INT; echo ready; while true; do sleep 0.05; done";
    await using runner = await startRunner({
      daemon: true,
      run: [shell(`bash -c "${trap}"`, { on: [{ event: "/^ready/m", done: true }] })],
    });
    const watcher = await runner.connect();
    await watcher.waitFor(({ state }) => state === "ready");
    watcher.stop(5_000);
    await watcher.waitFor(({ state }) => state === "ended");
    expect(runner.output()).toContain("\nsaved\r\n");
  });
});

describe("an end takes what the script started with it", () => {
  test("when it finishes", async () => {
    await using runner = await startRunner({
      run: [shell("echo ready; sleep 1000", { on: [{ event: "/ready/", done: true }] }), log({ raw: "end" })],
    });
    await runner.exited;
    expect(runner.record().run.end?.outcome).toBe("finished");
    expect(runner.processes()).toEqual([]);
  });

  test("when it fails", async () => {
    await using runner = await startRunner({
      run: [shell("echo ready; sleep 1000", { on: [{ event: "/ready/", done: true }] }), shell("echo 'Error: bad'")],
    });
    await runner.exited;
    expect(runner.record().run.end).toMatchObject({ outcome: "failed", error: { code: "step-failed" } });
    expect(runner.processes()).toEqual([]);
  });

  test("a command that is over takes its background along, before the next step", async () => {
    const { output } = await runToEnd({
      run: [shell("sleep 71234 & echo started"), shell("pgrep -fx 'sleep 71234' | wc -l | sed 's/^/left: /'")],
    });
    expect(output).toContain("left: 0");
  });
});

describe("a script that cannot be run says why in its record", () => {
  test.each([
    ["missing", null, {}, "script-missing", "start.json does not exist"],
    ["broken JSON", '{ "run": [ oops ] }', {}, "script-invalid", 'start.json:1:12: "o" where a value belongs'],
    ["no steps", { daemon: true }, {}, "script-invalid", 'no list of steps named "run"'],
    ["unknown method", { run: [{ method: "shell.rum" }] }, {}, "method-unknown", 'No method is named "shell.rum"'],
    ["wrong parameters", { run: [shell("x", { env: 5 })] }, {}, "script-invalid", "params.env"],
    ["a pattern that is none", { run: [shell("x", { on: [{ event: "hi" }] })] }, {}, "script-invalid", "on[0].event"],
    [
      "broken JavaScript",
      "module.exports = {\n  run: [\n  }\n",
      { scriptName: "start.js" },
      "script-invalid",
      "start.js:3:3",
    ],
    [
      "throwing JavaScript",
      "throw new Error('boom at load')",
      { scriptName: "start.js" },
      "script-invalid",
      "boom at load",
    ],
    [
      "a throwing function",
      "module.exports = () => {\n  throw new TypeError('bad')\n}",
      { scriptName: "start.js" },
      "script-invalid",
      "start.js:2:9: TypeError: bad",
    ],
  ])("%s", async (_, script, options, code, message) => {
    const { run, output } = await runToEnd(script, options);
    expect(run.end).toMatchObject({
      outcome: "failed",
      error: { code, message: expect.stringContaining(message) },
    });
    expect(output).toContain(message);
  });

  test("an unknown method names the nearest", async () => {
    const { run } = await runToEnd({ run: [{ method: "shell.rum" }] });
    expect(run.end?.error?.hint).toBe("Did you mean shell.run?");
  });
});

describe("code of the script", () => {
  test("may be a function that makes the script", async () => {
    const script =
      "module.exports = async (kernel) => ({ run: [{ method: 'log', params: { raw: 'on ' + kernel.platform + ' {{self.x}}' } }], x: await kernel.port() })";
    const { run, output } = await runToEnd(script, { scriptName: "start.js" });
    expect(run.end?.outcome).toBe("finished");
    expect(output).toMatch(/on linux \d{5}/);
  });

  test("may be a module, a class, or a step", async () => {
    const scripts = [
      "export default { run: [{ method: 'log', params: { raw: 'from a module' } }] }",
      "module.exports = class { constructor() { this.run = [{ method: 'log', params: { raw: 'from {{self.hi()}}' } }] } hi() { return 'a class' } }",
      "module.exports = { run: [{ method: async (req, ondata) => { ondata({ raw: 'from a step\\r\\n' }); return req.params.a }, params: { a: '{{1+1}}' } }, { method: 'log', params: { raw: 'got {{input}}' } }] }",
    ];
    const outputs = await Promise.all(scripts.map((script) => runToEnd(script, { scriptName: "start.js" })));
    expect(outputs.map(({ output }) => output.trim())).toEqual([
      "from a module",
      "from a class",
      "from a step\r\ngot 2",
    ]);
  });

  test("that throws in a step is told with its place in the app, be it in the script, a module or a package", async () => {
    const files = {
      "lib/tools.js": "const { check } = require('picky');\nexports.go = async () => {\n  await 0;\n  check();\n};\n",
      "node_modules/picky/index.js": "exports.check = () => {\n  throw new Error('no luck');\n};\n",
      "esm.mjs.js": "export const go = () => {\n  null.x;\n};\n",
    };
    const failing = async (step: string): Promise<unknown> => {
      const script = `module.exports = {\n  run: [${step}],\n};\n`;
      return (await runToEnd(script, { scriptName: "start.js", files })).run.end?.error;
    };
    const [inModule, inEsm, inline] = await Promise.all([
      failing("{ uri: 'lib/tools.js', method: 'go' }"),
      failing("{ uri: 'esm.mjs.js', method: 'go' }"),
      failing("{ method: () => { throw new Error('inline') } }"),
    ]);
    expect(inModule).toMatchObject({
      message: "Step 1 (go) failed at lib/tools.js:4:3: no luck",
      hint: "The line reads: check();",
      context: { file: expect.stringMatching(/app\/lib\/tools\.js$/), line: "4", step: "0", method: "go" },
    });
    expect(inEsm).toMatchObject({
      message: expect.stringMatching(/^Step 1 \(go\) failed at esm\.mjs\.js:2:8: Cannot read/),
    });
    expect(inline).toMatchObject({ message: "Step 1 (<function>) failed at start.js:2:33: inline" });
  });

  test("that fails outside of its steps ends the run with its words", async () => {
    const script =
      "setTimeout(() => { throw new Error('late failure') }, 100); module.exports = { run: [{ method: 'shell.run', params: { message: 'sleep 100' } }] }";
    const { run, output } = await runToEnd(script, { scriptName: "start.js" });
    expect(run.end).toMatchObject({
      outcome: "failed",
      error: { message: expect.stringContaining("late failure") },
    });
    expect(output).toContain("late failure");
  });

  test("that ends its process leaves a record and no programs", async () => {
    const script =
      "module.exports = { run: [{ method: 'shell.run', params: { message: 'echo ready; sleep 1000', on: [{ event: '/ready/', done: true }] } }, { method: () => process.exit(7) }] }";
    await using runner = await startRunner(script, { scriptName: "start.js" });
    expect(await runner.exited).toBe(7);
    expect(runner.record().run.end).toMatchObject({
      outcome: "failed",
      error: { message: "Code of the script ended its own process with exit code 7" },
    });
    expect(runner.output()).toContain("\nready\r\n");
    await until(
      () => runner.processes(),
      (left) => left.length === 0,
      1_000,
    );
  });

  test("reads its own file anew at each step", async () => {
    const script = { word: "old", run: [shell("sed -i 's/old/new/' start.json"), log({ raw: "now {{self.word}}" })] };
    expect((await runToEnd(script)).output).toContain("now new");
  });
});
