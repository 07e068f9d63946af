import { expect, test } from "@jest/globals";
import { diskHint, memoryHint, ShortageWatch } from "../../../src/runtime/resources/shortages.js";

const GB = 1e9;
const MB = 1024 ** 2;
const plenty = { disk: { freeBytes: 50 * GB, totalBytes: 100 * GB }, memory: { usedBytes: GB, totalBytes: 10 * GB } };

test("a shortage is told once, and again only after there was clearly more", () => {
  const watch = new ShortageWatch();
  const disk = (free: number) => watch.look({ ...plenty, disk: { freeBytes: free * GB, totalBytes: 100 * GB } });
  expect(watch.look(plenty)).toEqual([]);
  expect(disk(2)).toEqual([{ kind: "disk", message: "The disk is nearly full: 1.9 GB are free" }]);
  expect(disk(1)).toEqual([]);
  expect(disk(4)).toEqual([]);
  expect(disk(2)).toEqual([]);
  expect(disk(10)).toEqual([]);
  expect(disk(2)).toHaveLength(1);
});

test("how much of the disk is too little can be said, and changed meanwhile", () => {
  let least = 10 * GB;
  const watch = new ShortageWatch(() => least);
  const disk = (free: number) => watch.look({ ...plenty, disk: { freeBytes: free * GB, totalBytes: 1_000 * GB } });
  expect(disk(8)).toHaveLength(1);
  least = 0;
  expect(disk(8)).toEqual([]);
  expect(disk(0.1)).toEqual([]);
});

test("memory, and a small disk", () => {
  const watch = new ShortageWatch();
  expect(watch.look({ ...plenty, memory: { usedBytes: 9.6 * GB, totalBytes: 10 * GB } })).toEqual([
    { kind: "memory", message: "The memory is nearly full: 381 MB of 9.3 GB are free" },
  ]);
  expect(watch.look({ ...plenty, disk: { freeBytes: GB, totalBytes: 8 * GB } })).toEqual([]);
});

test("what can go is named with its size, and the largest app", () => {
  const free = [
    { name: "the trash", bytes: 300 * MB },
    { name: "caches", bytes: 60 * MB },
  ];
  const apps = [
    { name: "small", bytes: 20 * MB },
    { name: "comfyui", bytes: 900 * MB },
  ];
  expect(diskHint({ free, apps })).toBe(
    "300 MB in the trash and 60 MB in caches can go without loss; the largest app is comfyui (900 MB)",
  );
  expect(diskHint({ free: [{ name: "the trash", bytes: MB }], apps })).toBe("The largest app is comfyui (900 MB)");
  expect(diskHint({ free: [], apps: [] })).toBe("Shared Resources shows what takes the room");
});

test("who uses most of the memory is named", () => {
  expect(memoryHint([])).toBe("Running shows what uses it");
  const runs = [
    { name: "a/start.js", bytes: 20 * MB },
    { name: "b/start.js", bytes: 700 * MB },
  ];
  expect(memoryHint(runs)).toBe("b/start.js uses 700 MB; an app that is not needed now can be stopped");
});
