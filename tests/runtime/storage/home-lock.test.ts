import { expect, test } from "@jest/globals";
import { decideLock, type LockDecision } from "../../../src/runtime/storage/home-lock.js";

const us = { host: "here", bootId: "boot" };
const holder = { ...us, pid: 1, startTime: "1", heartbeatAt: 1_000_000 };
const now = 1_000_000;

test.each<[string, Omit<Parameters<typeof decideLock>[0], "us" | "now">, LockDecision]>([
  ["nobody", { found: null, fileLock: true, holderLives: false }, "take"],
  ["a dead sidecar of this machine", { found: holder, fileLock: true, holderLives: false }, "take"],
  ["a live one of this machine", { found: holder, fileLock: false, holderLives: true }, "busy"],
  ["a live one, on a disk that cannot lock", { found: holder, fileLock: null, holderLives: true }, "busy"],
  ["a dead one, on a disk that cannot lock", { found: holder, fileLock: null, holderLives: false }, "take"],
  [
    "a pid that was reused before a reboot",
    { found: { ...holder, bootId: "old", heartbeatAt: 0 }, fileLock: true, holderLives: false },
    "take",
  ],
  [
    "another machine, a moment ago",
    { found: { ...holder, host: "there" }, fileLock: null, holderLives: false },
    "elsewhere",
  ],
  [
    "another machine, long ago",
    { found: { ...holder, host: "there", heartbeatAt: 0 }, fileLock: null, holderLives: false },
    "take",
  ],
  [
    "another machine that still holds the file",
    { found: { ...holder, host: "there", heartbeatAt: 0 }, fileLock: false, holderLives: false },
    "elsewhere",
  ],
  ["somebody who has not yet written who", { found: null, fileLock: false, holderLives: false }, "busy"],
])("held by %s", (_, facts, decision) => {
  expect(decideLock({ ...facts, us, now })).toBe(decision);
});
