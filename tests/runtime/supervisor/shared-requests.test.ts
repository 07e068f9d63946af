import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { newRunId } from "../../../src/runtime/base/run-id.js";
import type { RunId } from "../../../src/runtime/protocol/ids.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import {
  createSharedRequests,
  type SharedRequests,
  type SharedRequestsWorld,
} from "../../../src/runtime/supervisor/shared-requests.js";
import { createTurns, type Turns } from "../../../src/runtime/supervisor/turns.js";
import { until } from "../../helpers/command-line.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const runOf = (more: Partial<Run> = {}): Run =>
  sampleRun({ id: newRunId(Date.now()), appId: null, script: "a/start.js", ...more });

/** Turns that need no other sidecar to know of them. */
function turns(): Turns {
  return createTurns("/dev/null/turns.json", () => undefined);
}

function world(runs: Run[], more: Partial<SharedRequestsWorld> = {}): SharedRequestsWorld & { started: RunId[] } {
  const started: RunId[] = [];
  return {
    started,
    get: (id) => runs.find((run) => run.id === id) ?? null,
    latestOf: () => null,
    startFor: (_, { runId }) => {
      started.push(runId);
      const run = runOf({ id: runId });
      runs.push(run);
      return Promise.resolve({ run, already: false });
    },
    stop: () => Promise.resolve(),
    settled: (id) => Promise.resolve(runs.find((run) => run.id === id)!),
    valueOf: () => "value",
    outputFile: () => "/none",
    answersOf: () => null,
    checkRoom: () => Promise.resolve(),
    onProblem: (error) => {
      throw error;
    },
    ...more,
  };
}

test("a start that is asked for twice, as after the loss of a sidecar, starts one run", async () => {
  const caller = runOf();
  const parts = world([caller]);
  const requests = createSharedRequests(parts, turns());
  const order = { runId: newRunId(Date.now()), file: "/home/api/b/start.js" };
  expect(await requests.answer(caller, "start", order)).toEqual({ already: false });
  expect(await requests.answer(caller, "start", order)).toEqual({ already: false });
  expect(parts.started).toEqual([order.runId]);
});

test("a request that nobody knows, or with wrong values, is refused", async () => {
  const requests = createSharedRequests(world([]), turns());
  await expect(requests.answer(runOf(), "dance", {})).rejects.toMatchObject({ code: "request-invalid" });
  await expect(requests.answer(runOf(), "stop", { files: 1 })).rejects.toThrow();
});

test("a port that another sidecar of this machine has given away is not given again until it lets go of it", async () => {
  const [one, two] = [runOf(), runOf()];
  const here = createSharedRequests(world([one]), turns());
  const there = createSharedRequests(world([two]), turns());
  const portFrom = async (requests: SharedRequests, run: Run) =>
    ((await requests.answer(run, "port", {})) as { port: number }).port;
  const [first, second] = await Promise.all([portFrom(here, one), portFrom(there, two)]);
  expect(first).not.toBe(second);
  here.release(one.id);
  there.release(two.id);
  await until(
    () => portFrom(there, two),
    (port) => port === Math.min(first, second),
  );
  there.release(two.id);
});

test("a port that one run was given is not given to another until that run is over", async () => {
  const [one, two] = [runOf(), runOf()];
  const requests = createSharedRequests(world([one, two]), turns());
  const portFor = async (run: Run) => ((await requests.answer(run, "port", {})) as { port: number }).port;
  const first = await portFor(one);
  expect(await portFor(one)).toBe(first);
  expect(await portFor(two)).toBeGreaterThan(first);
  requests.release(one.id);
  await until(
    () => portFor(two),
    (port) => port === first,
  );
  requests.release(two.id);
});

describe("a queue", () => {
  test("lets one run in at a time, in order, and goes on when a run is gone", async () => {
    const runs = [runOf(), runOf(), runOf(), runOf()];
    const requests = createSharedRequests(world(runs), turns());
    const entered: number[] = [];
    const enter = (index: number) =>
      requests.answer(runs[index]!, "enter", { queue: "fs.rm", turn: `${index}` }).then(() => void entered.push(index));
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    for (const index of [0, 1, 2, 3]) void enter(index);
    await settle();
    expect(entered).toEqual([0]);
    requests.release(runs[2]!.id);
    await requests.answer(runs[3]!, "leave", { queue: "fs.rm", turn: "none" });
    void enter(0); // asked for again: the answer was lost
    await settle();
    expect(entered.splice(0)).toEqual([0, 0]);
    await requests.answer(runs[0]!, "leave", { queue: "fs.rm", turn: "0" });
    await settle();
    expect(entered).toEqual([1]);
    requests.release(runs[1]!.id);
    await settle();
    expect(entered).toEqual([1, 3]);
  });
});

describe("answers that were given beforehand", () => {
  test("go out in order to a run and those it started, the same again to who asks again, until none is left", async () => {
    using folder = temporaryFolder();
    const root = runOf();
    const child = runOf({ parent: root.id });
    const given = { answers: [1, null], file: join(folder.path, "answers.json") };
    const parts = world([root, child], { answersOf: (id) => (id === root.id ? given : null) });
    const ask = (run: Run, key: string) => createSharedRequests(parts, turns()).answer(run, "answer", { key });
    expect(await ask(child, "c1")).toEqual({ found: true, value: 1 });
    expect(await ask(child, "c1")).toEqual({ found: true, value: 1 });
    expect(await ask(root, "r1")).toEqual({ found: true, value: null });
    expect(await ask(root, "r2")).toEqual({ found: false, value: null });
    expect(await ask(runOf(), "x1")).toEqual({ found: false, value: null });
  });
});
