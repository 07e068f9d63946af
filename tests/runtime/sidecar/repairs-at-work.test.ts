import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { RunId } from "../../../src/runtime/protocol/ids.js";
import { RepairsAtWork } from "../../../src/runtime/sidecar/repairs-at-work.js";

const ID = RunId.parse("run_000000000001");

test("what it does is told, many changes in a row as few, and the last of them surely", async () => {
  const heard: (number | null | undefined)[] = [];
  const repairs: RepairsAtWork = new RepairsAtWork((id) => heard.push(repairs.of(id)?.share));
  const work = repairs.begin(ID, "Free up space");
  expect(repairs.of(ID)).toEqual({ label: "Free up space", doing: null, share: null, canCancel: false });
  for (let share = 1; share <= 100; share++) work.doing("Emptying", { share: share / 100, canCancel: true });
  while (heard.at(-1) !== 1) await delay(10);
  expect(heard).toEqual([null, 0.01, 1]);
  expect(repairs.isAny).toBe(true);
  work.end();
  expect([repairs.isAny, repairs.of(ID), heard.at(-1)]).toEqual([false, null, undefined]);
});

test("it is ended only where that is safe, and nobody else's", () => {
  const repairs = new RepairsAtWork(() => undefined);
  const work = repairs.begin(ID, "Install git");
  expect(repairs.cancel(ID)).toBe(false);
  work.doing("Loading", { canCancel: true });
  expect(repairs.cancel(RunId.parse("run_000000000002"))).toBe(false);
  expect(work.signal.aborted).toBe(false);
  expect(repairs.cancel(ID)).toBe(true);
  expect(work.signal.aborted).toBe(true);
  work.doing("Unpacking");
  expect(repairs.cancel(ID)).toBe(false);
  work.end();
  expect(repairs.cancel(ID)).toBe(false);
});
