import { expect, test } from "@jest/globals";
import { LogText } from "../../src/widgets/log-text.js";

function read(chunks: string[], keep = 100) {
  const text = new LogText(keep);
  for (const chunk of chunks) text.push(chunk);
  return text.take();
}

test("lines are told once they are complete, the rest as the tail", () => {
  expect(read(["one\ntwo\nth", "ree"])).toEqual({ lines: ["one", "two"], tail: "three", dropped: 0 });
});

test("what was taken does not come again", () => {
  const text = new LogText(100);
  text.push("one\ntwo");
  text.take();
  text.push(" and a half\n");
  expect(text.take()).toEqual({ lines: ["two and a half"], tail: "", dropped: 0 });
});

test.each<[string, string[], string]>([
  ["colours", ["\x1b[1;31mred\x1b[0m"], "red"],
  ["colours cut in two by a chunk", ["\x1b[1;3", "1mred\x1b", "[0m"], "red"],
  ["window titles", ["\x1b]0;title\x07text"], "text"],
  ["links", ["\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\"], "link"],
  ["character sets", ["\x1b(Btext"], "text"],
  ["bells and other controls", ["a\x07b\x00c"], "abc"],
  ["a terminal line end", ["text\r\n"], ""],
  ["rubbed out characters", ["abc\b\b\bx"], "x"],
  ["markup, which stays text", ["<b>x</b>"], "<b>x</b>"],
])("%s", (_, chunks, tail) => {
  expect(read(chunks).tail).toBe(tail);
});

test("a terminal's line end does not start the line over", () => {
  expect(read(["one\r", "\ntwo\r\n"]).lines).toEqual(["one", "two"]);
});

test("a progress bar is one line, its last state", () => {
  const text = new LogText(100);
  text.push(" 10%\r 20%\r");
  expect(text.take().tail).toBe(" 20%");
  text.push(" 30%");
  expect(text.take().tail).toBe(" 30%");
  text.push("\r100%\ndone\n");
  expect(text.take().lines).toEqual(["100%", "done"]);
});

test("a flood keeps the newest lines and says how many went", () => {
  const flood = Array.from({ length: 1000 }, (_, line) => `line ${line}\n`).join("");
  const { lines, dropped } = read([flood], 10);
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe("line 999");
  expect(dropped).toBe(990);
});

test("a line without end does not grow without end", () => {
  const text = new LogText(10);
  for (let chunk = 0; chunk < 100; chunk++) text.push("x".repeat(1000));
  expect(text.take().tail.length).toBeLessThan(10_000);
});
