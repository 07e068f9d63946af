import { expect, test } from "@jest/globals";
import {
  AppSettings,
  AppSettingsChange,
  memoryBytesOf,
  memoryText,
} from "../../../src/runtime/protocol/app-settings.js";

const GB = 1024 ** 3;

test.each([
  ["8 GB", 8 * GB],
  ["8gb", 8 * GB],
  ["8G", 8 * GB],
  ["1.5 GiB", 1.5 * GB],
  ["512mb", GB / 2],
  [" 2 TB ", 2048 * GB],
  ["1000000 kB", 1_024_000_000],
  ["100", 100],
  ["64 B", 64],
  [12_345.6, 12_346],
  ["8 bits", null],
  ["-8 GB", null],
  ["GB", null],
  ["", null],
  ["8 GB and more", null],
])("%j of memory", (written, bytes) => expect(memoryBytesOf(written)).toBe(bytes));

test.each([
  [8 * GB, "8 GB"],
  [1.5 * GB, "1.5 GB"],
  [GB / 2, "512 MB"],
  [213_000_000, "203.1 MB"],
])("%d bytes are said as %s, which means the same", (bytes, text) => {
  expect(memoryText(bytes)).toBe(text);
  expect(Math.abs((memoryBytesOf(text) ?? 0) / bytes - 1)).toBeLessThan(0.01);
});

test.each([
  { memory: "much" },
  { memory: 1_000 },
  { cpu: 0 },
  { nice: 20 },
  { nice: -1 },
  { nice: 1.5 },
  { stopGraceSeconds: 101 },
  { restart: { most: 3 } },
  { restart: { onFailure: true, most: 0 } },
  { memroy: "8 GB" },
])("%j is refused", (settings) => {
  expect(AppSettings.safeParse(settings).success).toBe(false);
  expect(AppSettingsChange.safeParse(settings).success).toBe(false);
});

test("only a change can take something away", () => {
  expect(AppSettingsChange.parse({ memory: null, nice: 3 })).toEqual({ memory: null, nice: 3 });
  expect(AppSettings.safeParse({ memory: null }).success).toBe(false);
});
