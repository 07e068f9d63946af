import { expect, test } from "@jest/globals";
import { PinokioError } from "../../../src/runtime/protocol/errors.js";
import { appIdOf, RunId } from "../../../src/runtime/protocol/ids.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { createRestartRuns, type RestartWorld } from "../../../src/runtime/sidecar/restart-runs.js";
import { sampleRun } from "../../helpers/samples.js";

const ONE = appIdOf("one");
const idOf = (number: number): RunId => RunId.parse(`run_${String(number).padStart(12, "0")}`);
const GONE = { processes: 1, killed: 0, left: 0, portsClosed: [], portsOpen: [], tookMs: 1 };

/** Runs that are stopped and started in memory, with what was done in its order. */
function world(runs: Run[], change: Partial<RestartWorld> = {}) {
  const done: string[] = [];
  let next = 100;
  const made: RestartWorld = {
    runs: () => runs,
    check: () => Promise.resolve(),
    stop: (id) => {
      const at = runs.findIndex((run) => run.id === id);
      const end = { outcome: "stopped" as const, error: null, at: "2026-01-01T01:00:00.000Z" };
      const ended: Run = { ...runs[at]!, state: "ended", end, ending: GONE };
      runs[at] = ended;
      done.push(`stop ${ended.script}`);
      return Promise.resolve(ended);
    },
    start: ({ appId, script }) => {
      done.push(`start ${script}`);
      const run = sampleRun({ id: idOf(next++), appId, script });
      runs.push(run);
      return Promise.resolve({ run, already: false });
    },
    ...change,
  };
  return { done, runs, restarts: createRestartRuns(made) };
}

const run = (number: number, script: string, more: Partial<Run> = {}): Run =>
  sampleRun({ id: idOf(number), appId: ONE, script, startedAt: `2026-01-01T00:00:0${number}.000Z`, ...more });

test("all that an app runs is over before any of it is started again, in the order it was started", async () => {
  const other = run(3, "two/start.js", { appId: appIdOf("two") });
  const { done, restarts } = world([run(2, "one/tunnel.js"), run(1, "one/start.js"), other]);
  expect(await restarts.ofApp(ONE)).toEqual([idOf(100), idOf(101)]);
  expect(done).toEqual(["stop one/tunnel.js", "stop one/start.js", "start one/start.js", "start one/tunnel.js"]);
});

test("what does not run is not started", async () => {
  const end = { outcome: "finished" as const, error: null, at: "2026-01-01T00:01:00.000Z" };
  const { done, restarts } = world([run(1, "one/start.js", { state: "ended", end })]);
  expect(await restarts.ofApp(ONE)).toEqual([]);
  expect(done).toEqual([]);
});

test("a part stands for the run that it belongs to, and that starts its parts by itself", async () => {
  const part = run(2, "one/part.js", { parent: idOf(1) });
  const { done, restarts } = world([run(1, "one/start.js"), part, run(3, "one/else.js")]);
  expect((await restarts.one(part)).run.script).toBe("one/start.js");
  expect(done).toEqual(["stop one/start.js", "stop one/part.js", "start one/start.js"]);
});

test("what was started by a run that is over stands for itself", async () => {
  const end = { outcome: "finished" as const, error: null, at: "2026-01-01T00:01:00.000Z" };
  const part = run(2, "one/part.js", { parent: idOf(1) });
  const { done, restarts } = world([run(1, "one/start.js", { state: "ended", end }), part]);
  await restarts.one(part);
  expect(done).toEqual(["stop one/part.js", "start one/part.js"]);
});

test("nothing is stopped that could not be started again", async () => {
  const check = () => Promise.reject(new PinokioError("agreement-needed", "Nobody has agreed"));
  const { done, restarts } = world([run(1, "one/start.js")], { check });
  await expect(restarts.ofApp(ONE)).rejects.toMatchObject({ code: "agreement-needed" });
  expect(done).toEqual([]);
});

test("while a process is left of it, nothing is started", async () => {
  const end = { outcome: "stopped" as const, error: null, at: "2026-01-01T01:00:00.000Z" };
  const left = run(1, "one/start.js", { state: "ended", end, ending: { ...GONE, left: 2 } });
  const { done, restarts } = world([run(1, "one/start.js")], { stop: () => Promise.resolve(left) });
  await expect(restarts.ofApp(ONE)).rejects.toThrow(
    "one/start.js was not started again: 2 of its processes are still there",
  );
  expect(done).toEqual([]);
});

test("what is started on stop is stopped too, and one that does not start keeps no other from it", async () => {
  const runs = [run(1, "one/start.js"), run(2, "one/tunnel.js")];
  const { done, restarts } = world(runs, {
    start: ({ script }) => {
      done.push(`start ${script}`);
      return script === "one/start.js"
        ? Promise.reject(new PinokioError("script-invalid", "start.js cannot be run"))
        : Promise.resolve({ run: run(9, script), already: false });
    },
    stop: (id) => {
      const at = runs.findIndex((one) => one.id === id);
      if (runs[at]!.script === "one/start.js") runs.push(run(3, "one/goodbye.js"));
      const end = { outcome: "stopped" as const, error: null, at: "2026-01-01T01:00:00.000Z" };
      runs[at] = { ...runs[at]!, state: "ended", end, ending: GONE };
      done.push(`stop ${runs[at].script}`);
      return Promise.resolve(runs[at]);
    },
  });
  await expect(restarts.ofApp(ONE)).rejects.toThrow("start.js cannot be run");
  expect(done.slice(-3)).toEqual(["stop one/goodbye.js", "start one/start.js", "start one/tunnel.js"]);
});
