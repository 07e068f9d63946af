import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { startTimeOf } from "../../../src/runtime/base/processes.js";
import { readSidecarRecord } from "../../../src/runtime/storage/sidecar-record.js";
import { testHome, type TestHome, until } from "../../helpers/command-line.js";

type Step = Record<string, unknown>;
interface TraceEvent {
  type: string;
  script: string;
  text?: string;
  outcome?: string;
  message?: string;
}

const log = (raw: string): Step => ({ method: "log", params: { raw } });
const start = (uri: string, params?: unknown): Step => ({ method: "script.start", params: { uri, params } });
const wait = (seconds: number): Step => ({ method: "shell.run", params: { message: `sleep ${seconds}` } });

/** Writes files below `api`; values other than text become JSON. */
function put(home: TestHome, files: Record<string, unknown>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(home.path, "api", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  }
}

async function traced(home: TestHome, script: string, ...more: string[]) {
  const trace = join(home.path, `trace-${script.replaceAll("/", "-")}`);
  const answer = await home.run("script", "run", join(home.path, "api", script), "--trace", trace, ...more);
  const events = readFileSync(trace, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TraceEvent);
  const said = events.filter(({ type }) => type === "log").map(({ text }) => text?.trim());
  const ends = events.filter(({ type }) => type === "end").map((end) => `${end.script} ${end.outcome}`);
  return { answer, events, said, ends };
}

async function killSidecar(home: TestHome): Promise<void> {
  const { pid } = readSidecarRecord(join(home.path, "run/sidecar.json"))!;
  process.kill(pid, "SIGKILL");
  await until(
    () => startTimeOf(pid),
    (time) => time === null,
  );
}

const statusOf = async (home: TestHome, script: string) =>
  (await home.run("script", "status", join(home.path, "api", script), "--json")).json;

describe("a script that starts another one", () => {
  test("sees what that one wrote, gets its value, and both are in one trace", async () => {
    await using home = testHome();
    put(home, {
      "a/main.json": {
        run: [
          start("../b/serve.json", { port: 7 }),
          log("{{input.up}} {{running('../b/serve.json')}} {{ready('../b/serve.json')}}"),
          log(
            "{{kernel.memory.local[path.resolve(cwd, '../b/serve.json')].url}} {{script.global('~/api/b/serve.json').n}}",
          ),
        ],
      },
      "b/serve.json": {
        daemon: true,
        run: [
          { method: "local.set", params: { url: "http://x:{{args.port}}" } },
          { method: "global.set", params: { n: 1 } },
          { method: "script.return", params: { up: true } },
        ],
      },
    });
    const { answer, said, ends } = await traced(home, "a/main.json");
    expect(answer.code).toBe(0);
    expect(said).toEqual(["true true true", "http://x:7 1"]);
    expect(ends).toEqual(["b/serve.json daemon", "a/main.json finished"]);
    expect(await statusOf(home, "b/serve.json")).toMatchObject({ running: true, ready: true });
  });

  test("waits for it through the loss of the sidecar", async () => {
    await using home = testHome();
    put(home, {
      "a/main.json": { run: [start("callee.json"), log("got {{input}}")] },
      "a/callee.json": { run: [wait(2), { method: "script.return", params: "it" }] },
    });
    const running = traced(home, "a/main.json");
    await until(
      () => statusOf(home, "a/callee.json"),
      ({ running: isRunning }) => isRunning === true,
    );
    await killSidecar(home);
    const { answer, said, ends } = await running;
    expect(answer.code).toBe(0);
    expect(said).toEqual(["got it"]);
    expect(ends).toEqual(["a/callee.json finished", "a/main.json finished"]);
  });

  test("goes on when it failed, unless it says otherwise or the script cannot even begin", async () => {
    await using home = testHome();
    put(home, {
      "a/bad.json": { run: [{ method: "nope" }] },
      "a/broken.json": "{ not json",
      "a/goes-on.json": { run: [start("bad.json"), log("on")] },
      "a/told.json": { run: [{ ...start("bad.json"), on_error: "continue" }, log("{{input.code}}")] },
      "a/missing.json": { run: [start("none.json"), log("not reached")] },
      "a/unusable.json": { run: [start("broken.json"), log("not reached")] },
    });
    const outcomes = [];
    for (const name of ["goes-on", "told", "missing", "unusable"]) {
      const { answer, said } = await traced(home, `a/${name}.json`);
      outcomes.push([name, answer.code, ...said]);
    }
    expect(outcomes).toEqual([
      ["goes-on", 0, "on"],
      ["told", 0, "method-unknown"],
      ["missing", 1],
      ["unusable", 1],
    ]);
  });
});

describe("global memory", () => {
  test("outlives its run and the sidecar, and ends with everything", async () => {
    await using home = testHome();
    put(home, {
      "a/count.json": {
        run: [{ method: "global.set", params: { n: "{{(global.n || 0) + 1}}" } }, log("{{global.n}}")],
      },
    });
    const counted = async () => (await traced(home, "a/count.json")).said;
    expect(await counted()).toEqual(["1"]);
    expect(await counted()).toEqual(["2"]);
    await killSidecar(home);
    expect(await counted()).toEqual(["3"]);
    await home.run("down");
    expect(await statusOf(home, "a/count.json")).toMatchObject({ ready: false });
    expect(await counted()).toEqual(["1"]);
  });
});

describe("what a script asks", () => {
  test("takes the answers given with it, then waits for a person", async () => {
    await using home = testHome();
    const ask = { method: "input", params: { title: "Name", form: [{ key: "name" }] } };
    put(home, {
      "a/main.json": { run: [start("ask.json"), log("{{input.name}}"), ask, log("{{input.name}}")] },
      "a/ask.json": { run: [ask] },
    });
    const { answer, said, ends } = await traced(home, "a/main.json", "--answers", '[{"name": "eve"}]');
    expect(answer.code).toBe(3);
    expect(said).toEqual(["eve"]);
    expect(ends).toEqual(["a/ask.json finished", "a/main.json waiting"]);
    expect(await statusOf(home, "a/main.json")).toMatchObject({ running: true, ready: false });
    await home.run("script", "stop", join(home.path, "api/a/main.json"));
    expect(await statusOf(home, "a/main.json")).toMatchObject({ running: false });
  });

  test("a question of a script it started makes the caller wait too", async () => {
    await using home = testHome();
    put(home, {
      "a/main.json": { run: [start("ask.json"), log("not reached")] },
      "a/ask.json": { run: [{ method: "input", params: { title: "Name" } }] },
    });
    const { answer, ends } = await traced(home, "a/main.json");
    expect(answer.code).toBe(3);
    expect(ends).toEqual(["a/main.json waiting"]);
  });
});

describe("stopping", () => {
  test("what a script wants done on stop is done, by a method or by a script", async () => {
    await using home = testHome();
    put(home, {
      "a/one.json": {
        daemon: true,
        on: { stop: { method: "fs.write", params: { path: "one.txt", text: "bye" } } },
        run: [log("up")],
      },
      "a/two.json": { daemon: true, on: { stop: { uri: "~/api/a/bye.json" } }, run: [log("up")] },
      "a/bye.json": { run: [{ method: "fs.write", params: { path: "two.txt", text: "bye" } }] },
    });
    for (const name of ["one", "two"]) {
      expect((await traced(home, `a/${name}.json`)).ends).toEqual([`a/${name}.json daemon`]);
      await home.run("script", "stop", join(home.path, `api/a/${name}.json`));
      expect(readFileSync(join(home.path, `api/a/${name}.txt`), "utf8")).toBe("bye");
    }
  });

  test("a script that takes too long is stopped and said to be late", async () => {
    await using home = testHome();
    put(home, { "a/main.json": { run: [wait(100)] } });
    const { answer, ends } = await traced(home, "a/main.json", "--timeout", "300");
    expect(answer.code).toBe(3);
    expect(ends).toEqual(["a/main.json timeout"]);
  });

  test("a script that starts itself anew gets what it got before", async () => {
    await using home = testHome();
    put(home, {
      "a/main.json": {
        run: [
          { method: "fs.append", params: { path: "starts.txt", text: "{{args.word}};" } },
          { method: "script.restart", when: "{{!exists('again.txt')}}" },
          { method: "fs.write", params: { path: "again.txt", text: "x" } },
          wait(1),
        ],
      },
    });
    await traced(home, "a/main.json", "--input", '{"word": "hi"}');
    const read = () => readFileSync(join(home.path, "api/a/starts.txt"), "utf8");
    await until(read, (text) => text === "hi;hi;");
    await until(
      () => statusOf(home, "a/main.json"),
      ({ ready }) => ready === true,
    );
  });
});

describe("code beside a script", () => {
  test("keeps its state, sees the caller, and is loaded anew when it changes", async () => {
    await using home = testHome();
    put(home, {
      "a/main.json": {
        run: [
          { uri: "lib/mod.js", method: "count", params: 5 },
          { uri: "lib/mod.js", method: "count", params: 5 },
          log("{{input.calls}} {{input.cwd}} {{input.dirname}}"),
          { method: "fs.write", params: { path: "lib/mod.js", text: "exports.count = () => 'new'" } },
          { uri: "lib/mod.js", method: "count" },
          log("{{input}}"),
          { method: "kernel.api.stop", params: { uri: "~/api/a/none.json" } },
          { uri: "lib/mod.js", method: "none" },
        ],
      },
      "a/lib/mod.js": `const { basename } = require("path");
        module.exports = class { calls = 0; count(req, ondata) { ondata({ raw: "in " + req.params }); return {
          calls: ++this.calls, cwd: basename(req.cwd), dirname: basename(req.dirname) } } }`,
    });
    const { answer, said, events } = await traced(home, "a/main.json");
    expect(answer.code).toBe(1);
    expect(said).toEqual(["in 5", "in 5", "2 a lib", "new"]);
    expect(events.find(({ type }) => type === "error")?.message).toContain('no function named "none"');
  });
});
