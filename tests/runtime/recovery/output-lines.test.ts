import { expect, test } from "@jest/globals";
import { LONGEST_LINE, outputLines } from "../../../src/runtime/recovery/output-lines.js";

const lines = (text: string, offset = 0) => outputLines(Buffer.from(text), offset);

test("colours, titles and cursor movements are gone", () => {
  expect(lines("\x1b]0;title\x07\x1b[1m\x1b[31mError: Access denied\x1b[0m\r\n")).toEqual([
    { text: "Error: Access denied", offset: 0 },
  ]);
});

test("a progress bar is its last state", () => {
  expect(lines("10%\r20%\r100%\r\ndone\n").map(({ text }) => text)).toEqual(["100%", "done"]);
});

test("what blanks a bar leaves the bar", () => {
  expect(lines("loading\r       \r\n").map(({ text }) => text)).toEqual(["loading"]);
});

test("offsets are those of the first byte that is left, after what came before", () => {
  expect(lines("é\n10%\rdone\n", 100)).toEqual([
    { text: "é", offset: 100 },
    { text: "done", offset: 107 },
  ]);
});

test("empty lines are left out, and what ends without a line feed is not", () => {
  expect(lines("a\n\n \nb").map(({ text }) => text)).toEqual(["a", "b"]);
});

test("lines have a greatest length", () => {
  expect(lines("x".repeat(10 * LONGEST_LINE))[0]?.text).toHaveLength(LONGEST_LINE);
});

test("bytes that are no text are no failure", () => {
  expect(outputLines(Uint8Array.from([0xff, 0xfe, 0x41, 0x0a]), 0)[0]?.text).toContain("A");
});
