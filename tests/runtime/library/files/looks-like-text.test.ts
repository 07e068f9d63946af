import { Buffer } from "node:buffer";
import { expect, test } from "@jest/globals";
import { looksLikeText } from "../../../../src/runtime/library/files/looks-like-text.js";

test.each([
  ["nothing", ""],
  ["letters of any script", "grün سماء 空\n"],
  ["what a program has coloured", "\x1b[32mdone\x1b[0m\r\n"],
])("%s can be read", (_, text) => {
  expect(looksLikeText(Buffer.from(text))).toBe(true);
});

test("a letter that is cut in two at the end is no matter", () => {
  expect(looksLikeText(Buffer.from("grü").subarray(0, 3))).toBe(true);
});

test.each([
  ["of zeros", [0, 0, 65]],
  ["of letters written in an older way", [103, 114, 252, 110, 10]],
  ["of what steers a terminal", [7, 7, 7, 7, 65]],
])("a file %s is not shown as text", (_, bytes) => {
  expect(looksLikeText(Buffer.from(bytes))).toBe(false);
});
