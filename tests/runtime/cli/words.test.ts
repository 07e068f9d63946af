import { expect, test } from "@jest/globals";
import { errorText, menuText, onOneLine, table } from "../../../src/runtime/cli/words.js";

test("what apps say cannot steer the terminal", () => {
  expect(onOneLine("a\x1b[2J\x07\x9b\x7f\u202eb\nc")).toBe("a\\x1b[2J\\x07\\x9b\\x7f\\u202eb\\x0ac");
  expect(table([["app", "\x1b]0;owned\x07"]])).toBe("app  \\x1b]0;owned\\x07");
  expect(menuText([{ text: "Start\r\x1b[A", href: "a\x1b.js" }])).toBe("Start\\x0d\\x1b[A  a\\x1b.js");
  expect(errorText({ code: "internal", message: "a\nb\x1bc" })).toBe("error: a\nb\\x1bc");
});

test("other languages and signs are left alone", () => {
  expect(onOneLine("Grüße – 日本語 👩‍💻 עברית")).toBe("Grüße – 日本語 👩‍💻 עברית");
});
