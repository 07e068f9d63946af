import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { decideLock, type Holder, type LockDecision, takeHomeLock } from "../../../src/runtime/storage/home-lock.js";
import { homePaths } from "../../../src/runtime/storage/paths.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

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

function heldHome() {
  const folder = temporaryFolder();
  const paths = homePaths(folder.path);
  mkdirSync(paths.run, { recursive: true });
  const clock = { now: 1_000_000 };
  const lost: (Holder | null)[] = [];
  const lock = takeHomeLock(paths, { now: () => clock.now, onLost: (other) => void lost.push(other) });
  if ("elsewhere" in lock) throw new Error("somebody holds a home that was just made");
  const record = (): unknown => JSON.parse(readFileSync(paths.lock, "utf8"));
  const sleep = (ms: number, meanwhile: () => void): void => {
    meanwhile();
    clock.now += ms;
    lock.look();
  };
  return { lock, paths, lost, record, sleep, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test("who slept while another machine took the home leaves its record as it is", () => {
  using home = heldHome();
  const other = { ...holder, host: "there" };
  home.sleep(75_000, () => writeFileSync(home.paths.lock, JSON.stringify(other)));
  home.sleep(75_000, () => undefined);
  home.lock.release();
  expect([home.lost, home.record()]).toEqual([[other], other]);
});

test("who slept while another machine had the home for a time has lost it too", () => {
  using home = heldHome();
  home.sleep(75_000, () => rmSync(home.paths.lock));
  home.lock.release();
  expect(home.lost).toEqual([null]);
});

test("who slept and finds its own record goes on, and so does who finds none after a moment", () => {
  using home = heldHome();
  home.sleep(3_600_000, () => undefined);
  home.sleep(25_000, () => rmSync(home.paths.lock));
  const record = home.record();
  home.lock.release();
  expect([home.lost, record]).toEqual([[], expect.objectContaining({ heartbeatAt: 4_625_000 })]);
});
