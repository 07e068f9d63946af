import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { newRunId } from "../../../src/runtime/base/run-id.js";
import type { Run } from "../../../src/runtime/protocol/runs.js";
import { createSharedState } from "../../../src/runtime/supervisor/shared-state.js";
import { sampleRun } from "../../helpers/samples.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const ID = newRunId(Date.now());
const FILE = "/home/api/a/start.js";

const runOf = (more: Partial<Run>): Run =>
  sampleRun({
    id: ID,
    appId: null,
    script: "a/start.js",
    local: { url: "x" },
    startedAt: new Date(2000).toISOString(),
    ...more,
  });
const finished: Partial<Run> = { state: "ended", end: { outcome: "finished", error: null, at: "" } };

function open(folder: string, time: number) {
  return createSharedState({
    journal: join(folder, "shared.json"),
    now: () => new Date(time),
    onProblem: (error) => {
      throw error;
    },
  });
}

test("local memory is seen while a script runs, ready and global memory also later", () => {
  using folder = temporaryFolder();
  const state = open(folder.path, 1000);
  state.noteGlobal(FILE, { n: 1 });
  expect(state.note(FILE, runOf({}))).toEqual({
    running: true,
    ready: false,
    local: { url: "x" },
    global: { n: 1 },
    runId: ID,
  });
  expect(state.note(FILE, runOf({}))).toBeNull();
  expect(state.note(FILE, runOf({ state: "ready" }))).toMatchObject({ running: true, ready: true });
  expect(state.note(FILE, runOf(finished))).toMatchObject({ running: false, ready: true, local: {}, global: { n: 1 } });
  const stopped = runOf({ state: "ended", end: { outcome: "stopped", error: null, at: "" } });
  expect(state.note(FILE, stopped)).toMatchObject({ running: false, ready: false });
  state.close();
});

test("another sidecar knows what was kept, until everything is ended", () => {
  using folder = temporaryFolder();
  const first = open(folder.path, 1000);
  first.noteGlobal(FILE, { n: 1 });
  first.close();
  const second = open(folder.path, 3000);
  expect(second.scripts[FILE]).toMatchObject({ running: false, global: { n: 1 } });
  const record = { run: runOf(finished), socket: "", process: null, version: "", key: null, global: { n: 2 } };
  second.recall(FILE, record); // it ended while nobody was there
  expect(second.note(FILE, record.run)).toMatchObject({ ready: true, global: { n: 2 } });
  second.forget();
  const third = open(folder.path, 5000);
  third.recall(FILE, record);
  expect(third.note(FILE, record.run)).toMatchObject({ ready: false, global: {} });
});
