import { expect, test } from "@jest/globals";
import { detectors } from "../../../src/runtime/recovery/detectors/index.js";
import { nextTry, retriedCodes } from "../../../src/runtime/recovery/retry-policy.js";

const waits = (code: string): number[] => {
  const found: number[] = [];
  for (let retried = 0; retried < 20; retried++) {
    const next = nextTry({ code, retried });
    if (next === null) break;
    found.push(next.afterMs);
  }
  return found;
};

test("waits double and come to an end", () => {
  expect(waits("connection-lost")).toEqual([2_000, 4_000, 8_000, 16_000]);
  expect(waits("too-many-requests")).toEqual([30_000, 60_000, 120_000, 240_000]);
});

test("only failures that are known may be tried again", () => {
  const codes = new Set(detectors.map(({ code }) => code));
  expect(retriedCodes.filter((code) => !codes.has(code))).toEqual([]);
});

test.each([
  "download-missing",
  "download-forbidden",
  "model-gated",
  "token-rejected",
  "package-conflict",
  "package-version-missing",
  "no-space",
  "gpu-memory-full",
  "certificate-refused",
  "program-error",
  "constructor",
])("%s is not tried again", (code) => {
  expect(nextTry({ code, retried: 0 })).toBeNull();
});

test("a server that says when to come again is obeyed", () => {
  expect(nextTry({ code: "too-many-requests", retried: 0, retryAfterMs: 90_000 })?.afterMs).toBe(90_000);
  expect(nextTry({ code: "too-many-requests", retried: 0, retryAfterMs: 3_600_000 })).toBeNull();
});

test("those that failed together come again apart", () => {
  expect(nextTry({ code: "connection-lost", retried: 0, spread: 0 })?.afterMs).toBe(1_500);
  expect(nextTry({ code: "connection-lost", retried: 0, spread: 1 })?.afterMs).toBe(2_500);
});
