import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  type Effects,
  type MethodCall,
  type MethodOutcome,
  runScript,
} from "../../../src/runtime/script/interpreter.js";
import { machineNames } from "../../../src/runtime/script/machine-names.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

interface Played {
  /** What was called, as "method params". */
  calls: string[];
  inputs: unknown[];
  outcome: string;
  value: unknown;
  local: Record<string, unknown>;
  /** Warnings and notices. */
  told: unknown[];
}

type Answer = (call: MethodCall, local: Record<string, unknown>) => MethodOutcome | Promise<MethodOutcome>;

const answerWithParams: Answer = ({ method, params }) => {
  if (method !== "jump") return { value: params };
  const { id, index, params: given } = params as { id?: string; index?: number | null; params?: unknown };
  return { value: given, jump: index === undefined ? { id } : { index } };
};

/** Runs a script whose methods give back their parameters. */
async function play(
  script: unknown,
  options: {
    input?: unknown;
    answer?: Answer;
    action?: string;
    signal?: AbortSignal;
    port?: () => Promise<number>;
    files?: Record<string, string>;
    inTurn?: NonNullable<Effects["inTurn"]>;
    resume?: Parameters<typeof runScript>[0]["resume"];
  } = {},
): Promise<Played> {
  using home = temporaryFolder();
  const folder = join(home.path, "api", "app");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "start.json");
  writeFileSync(file, typeof script === "string" ? script : JSON.stringify(script));
  for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(folder, name), text);
  const played: Played = { calls: [], inputs: [], outcome: "", value: undefined, local: {}, told: [] };
  const effects: Effects = {
    signal: options.signal ?? new AbortController().signal,
    facts: {
      home: home.path,
      machine: machineNames({ platform: "linux", arch: "x64", gpu: "none" }),
      env: () => ({ PATH: "/usr/bin" }),
      script: () => null,
      scripts: () => [],
    },
    slowNames: { port: options.port ?? (() => Promise.resolve(42_003)) },
    local: () => played.local,
    global: () => ({}),
    call: async (call) => {
      played.calls.push(`${String(call.method)} ${JSON.stringify(call.params)}`.replaceAll(home.path, "~"));
      played.inputs.push(call.input);
      return (options.answer ?? answerWithParams)(call, played.local);
    },
    report: (event) => {
      if (event.type === "warning") played.told.push(event.message);
      if (event.type === "notice") played.told.push(event.notice);
    },
    ...(options.inTurn === undefined ? {} : { inTurn: options.inTurn }),
  };
  const { input, action = "run", resume } = options;
  const end = await runScript({ file, action, input, resume }, effects);
  return { ...played, ...end };
}

const log = (text: unknown, more: object = {}): object => ({ method: "log", params: text, ...more });

describe("order of steps", () => {
  test("one after the other, each with the result of the one before", async () => {
    const { calls, inputs, outcome, value } = await play({ run: [log("a"), log("b")] });
    expect(calls).toEqual(['log "a"', 'log "b"']);
    expect(inputs).toEqual([{}, "a"]);
    expect(outcome).toBe("finished");
    expect(value).toBe("b");
  });

  test("a step whose when does not hold is skipped with its next, and the following one gets null", async () => {
    const { calls, inputs } = await play({ run: [log("a"), log("b", { when: "{{false}}", next: 0 }), log("c")] });
    expect(calls).toEqual(['log "a"', 'log "c"']);
    expect(inputs).toEqual([{}, null]);
  });

  test("it may begin at a later step, with what the one before it gave; not when its steps are others", async () => {
    const script = { run: [log("a"), log("{{args.b}} {{input}} {{current}}"), log("c")] };
    const resume = { index: 1, input: "given", methods: ["log", "log", "log"] };
    const { calls, inputs } = await play(script, { input: { b: "b" }, resume });
    expect(calls).toEqual(['log "b given 1"', 'log "c"']);
    expect(inputs[0]).toBe("given");
    for (const methods of [
      ["log", "log"],
      ["log", "jump", "log"],
    ]) {
      await expect(play(script, { resume: { ...resume, methods } })).rejects.toThrow(
        "has other steps than when it failed",
      );
    }
  });

  test.each([
    ["an id", "end", ['log "a"', 'log "c"']],
    ["a number", 2, ['log "a"', 'log "c"']],
    ["a template", "{{platform === 'linux' ? 'end' : 1}}", ['log "a"', 'log "c"']],
    ["null", null, ['log "a"']],
  ])("next may be %s", async (_, next, calls) => {
    expect((await play({ run: [log("a", { next }), log("b"), log("c", { id: "end" })] })).calls).toEqual(calls);
  });

  test.each([["unknown"], [99], [-1], [1.5]])(
    "next to %j, which does not exist, is an error that says so",
    async (next) => {
      const failing = play({ run: [log("a", { next, id: "first" }), log("b")] });
      await expect(failing).rejects.toMatchObject({ code: "script-invalid", hint: "Ids in this script: first" });
    },
  );

  test("next takes the first step of an id, a jump the last", async () => {
    const twice = [log("first", { id: "x", next: null }), log("last", { id: "x", next: null })];
    expect((await play({ run: [log("a", { next: "x" }), ...twice] })).calls).toEqual(['log "a"', 'log "first"']);
    const jump = { method: "jump", params: { id: "x" } };
    expect((await play({ run: [jump, ...twice] })).calls).toEqual(['jump {"id":"x"}', 'log "last"']);
  });

  test("a jump brings the next input; one to an unknown id goes on, one to null ends", async () => {
    const jumpTo = (params: object): object => ({ method: "jump", params });
    const there = await play({ run: [jumpTo({ index: 2, params: { a: 1 } }), log("b"), log("c")] });
    expect(there.inputs).toEqual([{}, { a: 1 }]);
    expect((await play({ run: [jumpTo({ id: "nope" }), log("b")] })).calls).toHaveLength(2);
    expect((await play({ run: [jumpTo({ index: null }), log("b")] })).calls).toHaveLength(1);
  });

  test("a loop runs until its condition does not hold any more", async () => {
    const script = {
      run: [
        { method: "count", params: "{{local.n}}" },
        { method: "jump", params: { index: 0 }, when: "{{local.n < 3}}" },
        log("end"),
      ],
    };
    const answer: Answer = (call, local) => {
      if (call.method === "count") local["n"] = Number(local["n"] ?? 0) + 1;
      return answerWithParams(call, local);
    };
    const { calls, local } = await play(script, { answer });
    expect(calls.filter((call) => call.startsWith("count"))).toEqual(['count "{{local.n}}"', "count 1", "count 2"]);
    expect(calls.at(-1)).toBe('log "end"');
    expect(local).toEqual({ n: 3 });
  });

  test("empty entries are passed over", async () => {
    expect((await play({ run: [log("a"), null, log("b")] })).calls).toHaveLength(2);
  });

  test("current and next are the places in the list, whatever the step's own next says", async () => {
    const script = { run: [log("{{current}}/{{next}}", { next: 1 }), log("{{current}}/{{next}}")] };
    expect((await play(script)).calls).toEqual(['log "0/1"', 'log "1/null"']);
  });
});

describe("names", () => {
  test("the launch input is the first input, and args in every step", async () => {
    const script = { run: [log("{{input.q}} {{args.q}}"), log("{{args.q}}")] };
    expect((await play(script, { input: { q: 1 } })).calls).toEqual(['log "1 1"', "log 1"]);
  });

  test("without one both are an empty object; null stays null", async () => {
    expect((await play({ run: [log("{{JSON.stringify(args)}}")] })).calls).toEqual(['log "{}"']);
    expect((await play({ run: [log("{{args === null}}")] }, { input: null })).calls).toEqual(["log true"]);
  });

  test.each([
    ["{{cwd}}", "~/api/app"],
    ["{{uri}}", "~/api/app/start.json"],
    ["{{name}}", "app"],
    ["{{exists('start.json')}}", true],
    ["{{exists('nope')}}", false],
    ["x{{running('start.json')}}", "x{{running('start.json')}}"],
    ["{{ready('start.json')}}", false],
    ["{{port}}", 42_003],
    ["{{self.greeting}} {{which('nope')}}", "hello null"],
    ["{{kernel.platform}} {{typeof kernel.path}}", "linux function"],
    ["{{pip.install.torch.startsWith('pip3 install torch')}}", true],
    ["{{typeof info}} {{typeof prev}}", "undefined undefined"],
  ])("%s", async (text, expected) => {
    const { calls } = await play({ greeting: "hello", run: [log(text)] });
    expect(calls).toEqual([`log ${JSON.stringify(expected)}`]);
  });

  test("a slow name is asked for only where it is mentioned, also by a text that comes through self", async () => {
    const script = { command: "serve {{port}}", run: [log("{{self.command}}"), log("{{local.port}} support")] };
    const asked: number[] = [];
    const { calls } = await play(script, { port: () => Promise.resolve(asked.push(1)) });
    expect(calls[0]).toBe('log "serve 1"');
    expect(asked).toHaveLength(1);
  });

  test("what is known about the machine wins over what a step gives", async () => {
    const { calls } = await play({ run: [log("{{platform}} {{args.platform}}")] }, { input: { platform: "mine" } });
    expect(calls).toEqual(['log "linux mine"']);
  });
});

describe("ends", () => {
  test("a daemon stays after its last step", async () => {
    expect((await play({ daemon: true, run: [log("a")] })).outcome).toBe("daemon");
  });

  test("a failing step ends the script and says which", async () => {
    const answer: Answer = () => {
      throw new Error("no such thing");
    };
    await expect(play({ run: [log("a"), log("b")] }, { answer })).rejects.toMatchObject({
      code: "step-failed",
      message: "Step 1 (log) failed: no such thing",
      context: { step: "0", method: "log" },
    });
  });

  test("a step without a method is an error, even one that would be skipped", async () => {
    await expect(play({ run: [log("a"), { when: false, params: 1 }] })).rejects.toMatchObject({
      code: "script-invalid",
      message: "Step 2 names no method",
    });
  });

  test("steps that wait for nothing leave the process its turn: an endless loop can be stopped", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("stopped")), 1);
    let left = 300_000;
    const answer: Answer = () => {
      if (left-- === 0) throw new Error("nothing else had its turn");
      return { value: undefined, jump: { index: 0 } };
    };
    const endless = play({ run: [{ method: "jump" }] }, { answer, signal: controller.signal });
    await expect(endless).rejects.toThrow("stopped");
  });

  test("after a stop the present step may end, and no other one begins", async () => {
    const controller = new AbortController();
    const called: unknown[] = [];
    const answer: Answer = ({ params }) => {
      called.push(params);
      controller.abort(new Error("stopped"));
      return { value: params };
    };
    const stopped = play({ run: [log("a"), log("b")] }, { answer, signal: controller.signal });
    await expect(stopped).rejects.toThrow("stopped");
    expect(called).toEqual(["a"]);
  });

  test.each([
    ['{"daemon": true}', 'has no list of steps named "run"'],
    ['{"run": []}', 'has no list of steps named "run"'],
    ['{"run": ["log"]}', "is a string, not an object"],
    ["[1]", "exports a list where an object belongs"],
    ['{"run": [ oops ]}', 'start.json:1:11: "o" where a value belongs'],
  ])("%s cannot be run", async (text, message) => {
    await expect(play(text)).rejects.toMatchObject({
      code: "script-invalid",
      message: expect.stringContaining(message),
    });
  });

  test("another list can be run by its name", async () => {
    const { calls } = await play({ run: [log("a")], update: [log("u")] }, { action: "update" });
    expect(calls).toEqual(['log "u"']);
  });

  test("returns keeps a result under a name", async () => {
    const { local } = await play({ run: [log({ v: 5 }, { returns: "local.r" }), log(null, { returns: "local.s" })] });
    expect(local).toEqual({ r: { v: 5 } });
  });
});

describe("what a step says besides its method", () => {
  test("queue waits for its turn, by method or by module and method", async () => {
    const turns: string[] = [];
    const inTurn = <Result>(queue: string, work: () => Promise<Result>): Promise<Result> => {
      turns.push(queue);
      return work();
    };
    const { calls } = await play(
      { run: [log("a", { queue: true }), { uri: "m.js", method: "go", queue: true }, log("b")] },
      { inTurn },
    );
    expect(turns).toEqual(["log", "m.js/go"]);
    expect(calls).toHaveLength(3);
  });

  test("notify tells when the step is over", async () => {
    expect((await play({ run: [log("a", { notify: { html: "done" } }), log("b")] })).told).toEqual([{ html: "done" }]);
  });

  test("on_error lets the next step see what went wrong", async () => {
    const answer: Answer = ({ params }) => {
      if (params === "a") throw new Error("boom");
      return { value: params };
    };
    const { inputs } = await play({ run: [log("a", { on_error: "continue" }), log("b")] }, { answer });
    expect(inputs[1]).toMatchObject({ error: true, code: "step-failed", context: { step: "0", method: "log" } });
    await expect(play({ run: [log("a"), log("b")] }, { answer })).rejects.toThrow("boom");
  });

  test("a template without a value is told, but not one whose value comes later", async () => {
    const { told, calls } = await play({
      run: [log("{{args.nope}} {{platform}}"), log("{{event.matches[0]}}"), log("{{nope}}", { when: "{{false}}" })],
    });
    expect(told).toEqual(["Step 1: {{args.nope}} has no value here and stays as it is"]);
    expect(calls[0]).toBe('log "{{args.nope}} linux"');
  });
});

describe("self", () => {
  test("falls back to a file beside the script, read anew, whose text is no template", async () => {
    const files = { "session.json": '{"url": "http://x", "evil": "{{platform}}"}' };
    const run = [
      log("{{self.session.url}} {{self.title}}"),
      log("{{self.session.evil}}"),
      log("{{Object.keys(self)}}"),
    ];
    const { calls } = await play({ title: "T", run }, { files });
    expect(calls).toEqual(['log "http://x T"', 'log "{{platform}}"', 'log ["title","run"]']);
  });

  test("does not hide what the script says", async () => {
    const { calls } = await play({ a: 1, run: [log("{{self.a}}")] }, { files: { "a.json": "2" } });
    expect(calls).toEqual(["log 1"]);
  });
});
