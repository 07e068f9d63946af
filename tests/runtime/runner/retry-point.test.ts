import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import { ResumePoint } from "../../../src/runtime/protocol/resume.js";
import { RetryPoint } from "../../../src/runtime/runner/retry-point.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const CHILD = RunId.parse("run_00000000000c");
const METHODS = ["shell.run", "script.start", "log"];
const FAILURE = { file: "", step: 0, method: "", message: "no" } as never;

function play() {
  const folder = temporaryFolder();
  const file = join(folder.path, "install.json");
  writeFileSync(file, "{}");
  const now = { local: {} as Record<string, unknown>, shells: 0 };
  const point = new RetryPoint({ file, local: () => now.local, openShells: () => now.shells });
  point.note({ type: "started", daemon: false, total: 3, methods: METHODS });
  return {
    ...folder,
    file,
    now,
    point,
    step: (index: number, input: unknown = null) =>
      point.note({ type: "step", index, total: 3, method: METHODS[index] ?? "", params: {}, input }),
    fail: (index: number) => point.note({ type: "failed", index, error: FAILURE }),
    done: (index: number) => point.note({ type: "result", index, value: null }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

test("a step that failed is kept with what it stood on, in a form that comes back from disk as it was", () => {
  using script = play();
  script.step(0);
  script.done(0);
  script.now.local = { port: 7860, deep: { list: [1, "two"] } };
  script.step(1, { event: ["matched"] });
  script.fail(1);
  const found = script.point.found();
  expect(found).toMatchObject({
    index: 1,
    methods: METHODS,
    input: { event: ["matched"] },
    local: { port: 7860, deep: { list: [1, "two"] } },
    child: null,
  });
  expect(ResumePoint.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
  script.step(2, undefined);
  script.fail(2);
  expect(ResumePoint.parse(JSON.parse(JSON.stringify(script.point.found())))).toMatchObject({ index: 2 });
});

test("nothing is kept where starting again is the same, or where it went on all the same", () => {
  using script = play();
  script.step(0);
  script.fail(0);
  expect(script.point.found()).toBeNull();
  script.done(0);
  script.step(1);
  script.fail(1);
  script.done(1);
  expect(script.point.found()).toBeNull();
});

test("nothing is kept where a program of an earlier step still ran, or memory holds what no file can", () => {
  using server = play();
  server.now.shells = 1;
  server.step(2);
  server.now.shells = 0;
  server.fail(2);
  expect(server.point.found()).toBeNull();

  using odd = play();
  odd.step(2);
  odd.now.local = { big: "x".repeat(300_000) };
  odd.fail(2);
  expect(odd.point.found()).toBeNull();
  const cycle: Record<string, unknown> = {};
  odd.now.local = { cycle };
  cycle["self"] = cycle;
  expect(odd.point.found()).toBeNull();
});

test("of a script that it had started the step that did so is kept, as it was then, even in the first place", () => {
  using script = play();
  script.step(0);
  script.now.local = { at: "the start" };
  script.point.childFailed(CHILD);
  script.done(0);
  script.step(2);
  script.now.local = { at: "the end" };
  script.fail(2);
  expect(script.point.found()).toMatchObject({ index: 0, local: { at: "the start" }, child: CHILD });
});
