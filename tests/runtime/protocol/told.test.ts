import { expect, test } from "@jest/globals";
import { plainWords, readTold, toldLine } from "../../../src/runtime/protocol/told.js";

test.each<[string, unknown, Record<string, unknown> | null]>([
  ["notify", { html: "<b>Done</b> &amp; dusted", type: "success" }, { text: "Done & dusted", level: "success" }],
  ["notify", { message: "m", type: "loud", duration: 500 }, { text: "m", level: "info", durationMs: 500 }],
  ["notify", { title: "t", description: "d", type: "info" }, { text: "t: d" }],
  ["notify", { html: "x", persistent: true, href: "./start.json" }, { lasting: true, href: "./start.json" }],
  ["notify", {}, null],
  ["push", { title: "t", message: "m" }, { text: "t: m" }],
  ["web.open", { uri: "http://127.0.0.1:7860" }, { kind: "page", url: "http://127.0.0.1:7860" }],
  ["browser.open", { url: "https://x" }, { kind: "page", url: "https://x" }],
  ["web.open", {}, null],
  ["clipboard.copy", { text: "abc" }, { kind: "copy", text: "abc" }],
  ["loading.start", { message: "x" }, null],
  ["notify", null, null],
])("%s with %j", (kind, params, told) => {
  if (told === null) expect(readTold(kind, params)).toBeNull();
  else expect(readTold(kind, params)).toMatchObject(told);
});

test("a line for who reads the output", () => {
  expect(toldLine("notify", { html: "Ready", href: "https://x" })).toBe("Ready (https://x)");
  expect(toldLine("web.open", { uri: "http://127.0.0.1:1" })).toBe("Page: http://127.0.0.1:1");
  expect(toldLine("clipboard.copy", { text: "secret" })).toBeNull();
});

test.each([
  ["a<br>b<p>c</p>d", "a\nb c\nd"],
  ["1 < 2 and 3 > 2", "1 < 2 and 3 > 2"],
  ["<script>alert(1)</script>text", "text"],
  ["<img src=x onerror='1'>", ""],
  ["plain\n\n\n\ntext", "plain\n\ntext"],
])("%j reads as %j", (html, words) => {
  expect(plainWords(html)).toBe(words);
});
