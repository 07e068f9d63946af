import { expect, test } from "@jest/globals";
import { nextRestart } from "../../../src/runtime/recovery/restart-policy.js";

test("waits double from a second to a minute", () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 7].map((recent) => nextRestart({ recent, most: 100 })?.afterMs);
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
});

test("after as many starts as it may have it is given up", () => {
  expect(nextRestart({ recent: 4, most: 5 })).not.toBeNull();
  expect(nextRestart({ recent: 5, most: 5 })).toBeNull();
});
