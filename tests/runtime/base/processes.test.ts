import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "@jest/globals";
import {
  bootId,
  isSameProcess,
  listProcesses,
  processesWith,
  startTimeOf,
  thisProcess,
} from "../../../src/runtime/base/processes.js";

test("this process is itself, another start time or boot is somebody else", () => {
  const us = thisProcess();
  expect(isSameProcess(us)).toBe(true);
  expect(isSameProcess({ ...us, startTime: "1" })).toBe(false);
  expect(isSameProcess({ ...us, bootId: "another boot" })).toBe(false);
  expect(bootId()).not.toBe("");
});

test("a process that ended is not found, not even as a zombie", async () => {
  const child = spawn("true");
  const { pid } = child;
  await new Promise((resolve) => child.on("exit", resolve));
  expect(startTimeOf(pid!)).toBeNull();
});

test("others are listed with who started them", async () => {
  const child = spawn("sleep", ["60"]);
  try {
    await once(child, "spawn");
    const { pid = 0 } = child;
    const entry = listProcesses().find((other) => other.pid === pid);
    expect(entry).toEqual({ pid, parent: process.pid, session: expect.any(Number), startTime: startTimeOf(pid) });
    expect(listProcesses().some((other) => other.pid === process.pid)).toBe(false);
  } finally {
    child.kill("SIGKILL");
  }
});

test("what was started with a token is found by it, whoever its parent is by then", async () => {
  const token = `t${process.pid}${Date.now()}`;
  spawn("bash", ["-c", "setsid sleep 30 & exit 0"], { env: { ...process.env, PK_TEST: token }, stdio: "ignore" });
  let found: number[] = [];
  for (let tries = 0; tries < 100 && found.length !== 1; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    found = processesWith("PK_TEST", token);
  }
  expect(found).toHaveLength(1);
  process.kill(found[0]!, "SIGKILL");
});
