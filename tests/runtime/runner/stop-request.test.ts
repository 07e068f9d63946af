import { expect, test } from "@jest/globals";
import { StopRequest } from "../../../src/runtime/runner/stop-request.js";

test("is made once, and whoever waits for it hears of it, early or late", async () => {
  const stop = new StopRequest();
  const early = stop.made();
  expect(stop.isMade).toBe(false);
  expect(stop.by).toBe(Infinity);
  stop.make(60_000);
  await early;
  await stop.made();
  expect(stop.isMade).toBe(true);
  expect(stop.signal.reason).toMatchObject({ message: "The run was asked to stop" });
});

test("asked again it only shortens the time", () => {
  const stop = new StopRequest();
  stop.make(60_000);
  const first = stop.by;
  stop.make(600_000);
  expect(stop.by).toBe(first);
  stop.make(-5);
  expect(stop.by).toBeLessThan(first);
  expect(stop.by).toBeGreaterThan(first - 61_000);
});

test("the first to ask says whether it has failed by that", () => {
  const failure = { code: "memory-limit", message: "Too much" } as const;
  const limited = new StopRequest();
  limited.make(60_000, failure);
  limited.make(1_000);
  expect(limited.failure).toBe(failure);
  const stopped = new StopRequest();
  stopped.make(60_000);
  stopped.make(1_000, failure);
  expect(stopped.failure).toBeNull();
});
