import { expect, test } from "@jest/globals";
import { durationText, sizeText } from "../../src/widgets/measures.js";

test.each([
  [0, "0 B"],
  [900, "900 B"],
  [24 * 1024, "24 KB"],
  [1.25 * 1024 ** 2, "1.3 MB"],
  [15 * 1024 ** 3, "15 GB"],
  [12.4 * 1024 ** 3, "12.4 GB"],
  [252 * 1024 ** 3, "252 GB"],
  [5000 * 1024 ** 4, "5000 TB"],
])("%d bytes are %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test.each([
  [-5, "0:00"],
  [12_900, "0:12"],
  [130_000, "2:10"],
  [3_730_000, "1:02:10"],
])("%d ms are %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
