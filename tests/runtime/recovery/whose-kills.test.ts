import { expect, test } from "@jest/globals";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import { killsOf, type SeenRun } from "../../../src/runtime/recovery/whose-kills.js";

const seen = (id: string, ...pids: number[]): SeenRun => ({ id: RunId.parse(id), pids: new Set(pids) });
const logged = (pid: number, group: string | null) => ({ program: "python3", pid, group, atMs: 1 });

const OWN = seen("run_000000000001", 10, 11);
const OTHER = seen("run_000000000002", 20);

test("a kill in the group of another run is not this one's, whoever has seen its process", () => {
  const evidence = { counted: 1, others: [] };
  const inOther = logged(11, "/box/pinokiocloud-run_000000000002.programs");
  expect(killsOf(OWN, { ...evidence, logged: [inOther] })).toEqual([]);
});

test("a kill in this run's group is this run's, also of a process that nobody has seen", () => {
  for (const group of ["/pinokiocloud-run_000000000001", "/pinokiocloud-run_000000000001.programs"]) {
    expect(killsOf(OWN, { counted: 0, others: [OTHER], logged: [logged(99, group)] })).toEqual([
      { program: "python3", pid: 99, isSure: true },
    ]);
  }
});

test("without groups the processes that were seen tell", () => {
  const evidence = { counted: 2, others: [OTHER] };
  expect(killsOf(OWN, { ...evidence, logged: [logged(11, "/"), logged(20, "/")] })).toEqual([
    { program: "python3", pid: 11, isSure: true },
  ]);
});

test("a process that nobody has seen may be of this run", () => {
  expect(killsOf(OWN, { counted: 1, others: [], logged: [logged(99, null)] })).toEqual([
    { program: "python3", pid: 99, isSure: false },
  ]);
});

test("a count that grew is this run's for certain only while it was alone", () => {
  expect(killsOf(OWN, { counted: 1, others: [], logged: [] })).toEqual([{ program: null, pid: null, isSure: true }]);
  expect(killsOf(OWN, { counted: 1, others: [OTHER], logged: [] })).toEqual([
    { program: null, pid: null, isSure: false },
  ]);
  expect(killsOf(OWN, { counted: 0, others: [], logged: [] })).toEqual([]);
});
