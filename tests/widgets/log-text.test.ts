import { expect, test } from "@jest/globals";
import { LogText } from "../../src/widgets/log-text.js";

function read(chunks: string[], keep = 100) {
  const text = new LogText(keep);
  for (const chunk of chunks) text.push(chunk);
  return text.take();
}

test("lines are told once they are complete, the rest as the tail", () => {
  expect(read(["one\ntwo\nth", "ree"])).toEqual({ lines: ["one", "two"], tail: "three", back: 0, dropped: 0 });
});

test("what was taken does not come again", () => {
  const text = new LogText(100);
  text.push("one\ntwo");
  text.take();
  text.push(" and a half\n");
  expect(text.take()).toEqual({ lines: ["two and a half"], tail: "", back: 0, dropped: 0 });
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

/** What the paper shows after each look. */
function draw(chunks: string[]): string[] {
  const text = new LogText(1000);
  let paper: string[] = [];
  return chunks.map((chunk) => {
    text.push(chunk);
    const { back, lines, tail } = text.take();
    paper = [...paper.slice(0, paper.length - back), ...lines];
    return [...paper, tail].join("\n");
  });
}

test("several bars are drawn anew where they stand", () => {
  const bars = (now: number) => `\x1b[2A\r\x1b[2Kone ${now} %\r\n\r\x1b[2Ktwo ${now} %\r\n\r\x1b[2Kthree ${now} %`;
  expect(draw(["start\r\none 0 %\r\ntwo 0 %\r\nthree 0 %", bars(1), bars(2) + bars(3), "\r\ndone"])).toEqual([
    "start\none 0 %\ntwo 0 %\nthree 0 %",
    "start\none 1 %\ntwo 1 %\nthree 1 %",
    "start\none 3 %\ntwo 3 %\nthree 3 %",
    "start\none 3 %\ntwo 3 %\nthree 3 %\ndone",
  ]);
});

test("bars below the one that the cursor returns to, as tqdm draws them, stay where they are", () => {
  const at = (place: number, text: string) => `${"\n".repeat(place)}\r${text}${"\x1b[A".repeat(place)}`;
  const chunks = [at(0, "all 0/2"), at(1, "a 10%"), at(2, "b 10%"), at(1, "a 90%"), at(0, "all 1/2"), "\n\n\n"];
  expect(draw(chunks).slice(2)).toEqual([
    "all 0/2\na 10%\nb 10%",
    "all 0/2\na 90%\nb 10%",
    "all 1/2\na 90%\nb 10%",
    "all 1/2\na 90%\nb 10%\n",
  ]);
});

test("bars that are taken away are gone", () => {
  expect(draw(["one\r\ntwo\r\nthree", "\x1b[2A\r\x1b[Jdone in 2 s\r\n"]).at(-1)).toBe("done in 2 s\n");
  const wiped = "\r\x1b[2K\x1b[1A\r\x1b[2K\x1b[1A\r\x1b[2K";
  expect(draw(["one\r\ntwo\r\nthree", wiped, "done\r\n"]).at(-1)?.trimEnd()).toBe("done");
});

test("a spinner that goes back to the first column is one character", () => {
  expect(draw(["a\n", "\x1b[1G⠙\x1b[0K", "\x1b[1G⠹\x1b[0K"]).at(-1)).toBe("a\n⠹");
});

test("there are as many lines as line ends where that is asked for", () => {
  const text = new LogText(100, { followsMoves: false });
  text.push("one\ntwo\n\x1b[2Aonce more\n");
  expect(text.take().lines).toEqual(["one", "two", "once more"]);
});

test.each([
  ["an editor", "\x1b[?1049h\x1b[H", true],
  ["one that has given the screen back", "\x1b[?1049h\x1b[5;1Hx\x1b[7;1Hy\x1b[?1049l", false],
  ["text all over the screen", "\x1b[5;1Hx\x1b[7;1Hy", true],
  ["a screen that is cleared", "\x1b[H\x1b[2J$ ", false],
  ["a bar", "\r\x1b[2K 10%\r\x1b[2K 20%", false],
])("whether it is a screen that is drawn: %s", (_, output, isDrawing) => {
  const text = new LogText(100);
  text.push(output);
  expect(text.isDrawing).toBe(isDrawing);
});
