import { describe, expect, test } from "@jest/globals";
import { PlainTextStream, screenText } from "../../../src/runtime/base/plain-text.js";

describe("plain text", () => {
  const coloured = "\x1b]0;title\x07\x1b[1;31mred\x1b[0m \x1b(Bplain\r\nnext\rover\x08\x1b[2K\r\n";

  test("has no control sequences and simple line ends", () => {
    expect(new PlainTextStream().push(coloured)).toBe("red plain\nnext\nover\n");
  });

  test("comes out the same however it is cut", () => {
    for (let cut = 1; cut < coloured.length; cut++) {
      const stream = new PlainTextStream();
      const text = stream.push(coloured.slice(0, cut)) + stream.push(coloured.slice(cut)) + stream.end();
      expect([cut, text]).toEqual([cut, "red plain\nnext\nover\n"]);
    }
  });

  test("a sequence that never ends is not held for ever", () => {
    const stream = new PlainTextStream();
    let text = "";
    for (let index = 0; index < 100; index++) text += stream.push(index === 0 ? "\x1b]never" : "x".repeat(1_000));
    expect(text.length).toBeGreaterThan(50_000);
  });
});

describe("what the screen shows in the end", () => {
  test.each([
    ["a line and its end", "hello\r\n", "hello"],
    ["a progress bar", "10%\r50%\r100%\r\ndone\r\n", "100%\ndone"],
    ["a shorter text over a longer one", "abcdef\rxy\r\n", "xycdef"],
    ["a line that is wiped", "working...\r\x1b[Kready\r\n", "ready"],
    ["bars above each other", "one 1\r\ntwo 1\r\n\x1b[2Aone 2\r\n\x1b[1Btwo", "one 2\ntwo 1\ntwo"],
    ["letters that are taken back", "abc\b\bX\r\n", "aXc"],
    ["tabs", "a\tb\r\n", "a       b"],
    ["colours and titles", "\x1b]0;t\x07\x1b[32mgreen\x1b[0m\r\n", "green"],
    ["a cleared screen", "old\r\n\x1b[2J\x1b[Hnew\r\n", "new"],
    ["a line without an end", "prompt> ", "prompt>"],
    ["nothing", "", ""],
  ])("%s", (_, output, expected) => {
    expect(screenText(output)).toBe(expected);
  });

  test("a long line stays one line", () => {
    const line = `${"x".repeat(250)}END`;
    expect(screenText(`${line}\r\n`)).toBe(line);
  });

  test("of many lines the last thousand or so are kept", () => {
    const lines = screenText(Array.from({ length: 3_000 }, (_, index) => `line ${index}\r\n`).join("")).split("\n");
    expect(lines).toHaveLength(1_030);
    expect(lines.at(-1)).toBe("line 2999");
  });
});
