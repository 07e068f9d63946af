import { expect, test } from "@jest/globals";
import { ShortageWatch } from "../../../src/runtime/resources/shortages.js";

const GB = 1e9;
const plenty = { disk: { freeBytes: 50 * GB, totalBytes: 100 * GB }, memory: { usedBytes: GB, totalBytes: 10 * GB } };

test("a shortage is told once, and again only after there was clearly more", () => {
  const watch = new ShortageWatch();
  const disk = (free: number) => watch.look({ ...plenty, disk: { freeBytes: free * GB, totalBytes: 100 * GB } });
  expect(watch.look(plenty)).toEqual([]);
  expect(disk(2)).toEqual([
    { kind: "disk", message: "The disk is nearly full: 1.9 GB are free", hint: expect.any(String) },
  ]);
  expect(disk(1)).toEqual([]);
  expect(disk(4)).toEqual([]);
  expect(disk(2)).toEqual([]);
  expect(disk(10)).toEqual([]);
  expect(disk(2)).toHaveLength(1);
});

test("memory, and a small disk", () => {
  const watch = new ShortageWatch();
  expect(watch.look({ ...plenty, memory: { usedBytes: 9.6 * GB, totalBytes: 10 * GB } })).toEqual([
    { kind: "memory", message: "The memory is nearly full: 381 MB of 9.3 GB are free", hint: expect.any(String) },
  ]);
  expect(watch.look({ ...plenty, disk: { freeBytes: GB, totalBytes: 8 * GB } })).toEqual([]);
});
