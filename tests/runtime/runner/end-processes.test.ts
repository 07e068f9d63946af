import { expect, test } from "@jest/globals";
import { signal } from "../../../src/runtime/base/processes.js";
import { endProcesses, killProcesses } from "../../../src/runtime/runner/end-processes.js";
import { type OwnPrograms, ownPrograms } from "../../helpers/own-programs.js";
import { until } from "../../helpers/test-runner.js";

const WAIT = "echo ready; while :; do read -r -t 60; done";
const LONG = { interruptMs: 20_000, graceMs: () => 40_000 };

const endingOf = (programs: OwnPrograms, times: { interruptMs: number; graceMs(): number }, shells: number[] = []) =>
  endProcesses({ find: programs.find, shells, ...times });

test("a program that minds Ctrl-C is only interrupted", async () => {
  using programs = ownPrograms();
  await programs.start(`trap 'echo INT >> told; exit' INT; trap 'echo TERM >> told' TERM; ${WAIT}`);
  expect(await endingOf(programs, LONG)).toEqual({ processes: 1, killed: 0, left: 0 });
  expect(programs.read("told")).toBe("INT\n");
});

test("one that does not is asked to terminate", async () => {
  using programs = ownPrograms();
  await programs.start(`trap '' INT; trap 'echo TERM >> told; exit' TERM; ${WAIT}`);
  expect(await endingOf(programs, { ...LONG, interruptMs: 0 })).toEqual({ processes: 1, killed: 0, left: 0 });
  expect(programs.read("told")).toBe("TERM\n");
});

test("one that minds neither is killed, and the time for it may become shorter meanwhile", async () => {
  using programs = ownPrograms();
  await programs.start(`trap '' INT TERM; ${WAIT}`);
  let graceMs = 40_000;
  const ended = await endProcesses({
    find: programs.find,
    shells: [],
    interruptMs: 0,
    graceMs: () => graceMs,
    onRound: () => (graceMs = 0),
  });
  expect(ended).toEqual({ processes: 1, killed: 1, left: 0 });
  expect(programs.find()).toEqual([]);
});

test("what a program starts while it ends is ended as well", async () => {
  using programs = ownPrograms();
  await programs.start(`trap 'sleep 71931 & exit' INT; ${WAIT}`);
  expect(await endingOf(programs, { interruptMs: 500, graceMs: () => 40_000 })).toMatchObject({
    processes: 2,
    left: 0,
  });
  expect(programs.find()).toEqual([]);
});

test("a stopped program hears the interrupt", async () => {
  using programs = ownPrograms();
  const { pid } = await programs.start(`trap 'echo INT >> told; exit' INT; ${WAIT}`);
  signal(pid, "SIGSTOP");
  expect(await endingOf(programs, LONG)).toMatchObject({ killed: 0, left: 0 });
  expect(programs.read("told")).toBe("INT\n");
});

const LIST = `trap : INT; echo ready; sleep 71932; echo next >> told`;

test("a shell of ours does not go on with its next command", async () => {
  using programs = ownPrograms();
  const { pid } = await programs.start(LIST, ["--noprofile", "--norc"]);
  await until(programs.find, ({ length }) => length === 2);
  expect(await endingOf(programs, LONG, [pid])).toEqual({ processes: 2, killed: 0, left: 0 });
  expect(programs.read("told")).toBe("");
});

test("another program in a shell's place decides that itself", async () => {
  using programs = ownPrograms();
  const { pid } = await programs.start(LIST);
  await until(programs.find, ({ length }) => length === 2);
  expect(await endingOf(programs, LONG, [pid])).toMatchObject({ killed: 0, left: 0 });
  expect(programs.read("told")).toBe("next\n");
});

test("what may not wait is killed at once", async () => {
  using programs = ownPrograms();
  await programs.start(`trap '' INT TERM; sleep 71933 & ${WAIT}`);
  expect(programs.find()).not.toEqual([]);
  killProcesses(programs.find);
  expect(programs.find()).toEqual([]);
});
