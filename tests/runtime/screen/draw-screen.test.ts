import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import headless from "@xterm/headless";
import { drawScreen } from "../../../src/runtime/screen/draw-screen.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const SIZE = { columns: 60, rows: 12 };
const SCROLLBACK = 50;

class TestTerminal {
  readonly #terminal = new headless.Terminal({
    cols: SIZE.columns,
    rows: SIZE.rows,
    scrollback: SCROLLBACK,
    allowProposedApi: true,
  });

  write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(data, resolve));
  }

  /** Every line that can be scrolled to, where the cursor is, and colours of what is seen. */
  look() {
    const { active, normal } = this.#terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true));
    const colours = Array.from({ length: SIZE.rows * SIZE.columns }, (_, place) => {
      const cell = active.getLine(active.baseY + Math.floor(place / SIZE.columns))?.getCell(place % SIZE.columns);
      return cell?.getChars() === "" ? "" : `${cell?.getFgColorMode()}/${cell?.getFgColor()}/${cell?.isBold()}`;
    });
    return { type: active.type, normalLines: normal.length, lines, colours, x: active.cursorX, y: active.cursorY };
  }
}

async function screenOf(output: string | Buffer, secrets: readonly Buffer[] = []) {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, output);
  return drawScreen({ file, sizes: [{ ...SIZE, since: 0 }], scrollback: SCROLLBACK, secrets });
}

const LINES = Array.from({ length: 40 }, (_, line) => `line ${line} \x1b[3${line % 8}mcolour\x1b[0m é 漢\r\n`).join("");
const EDITOR = [
  LINES,
  "$ edit file\r\n\x1b[?1049h\x1b[22;0;0t\x1b[1;12r\x1b[?1h\x1b=\x1b[H\x1b[2J",
  ...Array.from({ length: 10 }, (_, row) => `\x1b[${row + 1};1H\x1b[1;34m${row}\x1b[0m text of row ${row}`),
  `\x1b[11;1H${"=".repeat(SIZE.columns)}\x1b[12;1H${"=".repeat(SIZE.columns)}`,
  "\x1b[2;9r\x1b[?25l\x1b[12;3H\x1b[7m-- status --\x1b[0m\x1b[4;10Hcursor",
].join("");
const BAR = Array.from({ length: 30 }, (_, done) => `\r\x1b[2Kdownload: ${done} % [${"#".repeat(done)}]`).join("");
const BARS = ["a 1%\nb 1%\nc 1%", ...[2, 3, 4].map((now) => `\x1b[2A\ra ${now}%\x1b[K\nb ${now}%\nc ${now}%`)]
  .join("")
  .replaceAll("\n", "\r\n");

test.each([
  ["coloured lines", LINES],
  ["a program with the screen for itself", EDITOR],
  ["a bar", LINES + BAR],
  ["several bars", LINES + BARS],
  [
    "lines that are drawn with letters",
    "\x1b)0\x1b[?47h\x1b[2J\x1b[1;1H\x0elqqk\x0f\x1b[2;1H\x0ex\x0f x \x0ex\x0f ab \x0eqq",
  ],
  ["a program that has given the screen back", `${EDITOR}\x1b[r\x1b[?1049l\x1b[?25hbye\r\n$ `],
])("%s: what comes after any byte looks as if it had been watched from the start", async (_, output) => {
  const bytes = Buffer.from(output);
  const watched = new TestTerminal();
  await watched.write(bytes);
  const wanted = watched.look();
  // Also in the middle of sequences and characters.
  const cuts = Array.from({ length: 40 }, (_, cut) => Math.floor((bytes.length * cut) / 39));
  for (const cut of cuts) {
    const screen = await screenOf(bytes.subarray(0, cut));
    expect(screen.offset).toBeLessThanOrEqual(cut);
    const late = new TestTerminal();
    await late.write(screen.text);
    await late.write(bytes.subarray(screen.offset));
    expect({ cut, ...late.look() }).toEqual({ cut, ...wanted });
  }
});

test("only the end of long output is drawn, beginning with a whole line", async () => {
  const line = `${"x".repeat(58)}\r\n`;
  const screen = await screenOf(line.repeat(200_000));
  expect(screen.offset).toBe(200_000 * line.length);
  const late = new TestTerminal();
  await late.write(screen.text);
  const { lines } = late.look();
  expect(lines).toHaveLength(SIZE.rows + SCROLLBACK);
  expect(new Set(lines.slice(0, -1))).toEqual(new Set(["x".repeat(58)]));
});

test("a program that took the screen for itself long ago still has it", async () => {
  const frames = `\x1b[3;4H${"frame ".repeat(5)}\x1b[K`.repeat(150_000);
  const screen = await screenOf(`${LINES}\x1b[?1049h\x1b[2J${frames}`);
  const late = new TestTerminal();
  await late.write(screen.text);
  const frame = `   ${"frame ".repeat(5)}`;
  expect(late.look()).toMatchObject({ type: "alternate", lines: ["", "", frame, ...Array<string>(9).fill("")] });
  await late.write("\x1b[?1049l");
  expect(late.look().type).toBe("normal");
});

test("secrets are hidden, also one that the screen's end cuts in two", async () => {
  const { text, offset } = await screenOf(`token=opensesame hf_${"x".repeat(30)}\r\nopense`, [
    Buffer.from("opensesame"),
  ]);
  expect(text).toContain(`token=********** hf_${"*".repeat(30)}`);
  expect(text).not.toContain("opense");
  expect(offset).toBe(`token=opensesame hf_${"x".repeat(30)}\r\nopense`.length);
});

test("output that is not there yet is an empty screen", async () => {
  using folder = temporaryFolder();
  const screen = await drawScreen({
    file: join(folder.path, "none"),
    sizes: [{ ...SIZE, since: 0 }],
    scrollback: 5,
    secrets: [],
  });
  expect(screen).toEqual({ offset: 0, ...SIZE, text: "\x1b[1;1H" });
});

test("what was printed for a larger terminal is drawn as it was, and looks as one that became smaller", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  const wide = "start\r\n" + Array.from({ length: 200 }, (_, at) => `\r${at} ${"#".repeat(90)}`).join("");
  const narrow = "\r\nnarrow\r\n\r1 %\r2 %";
  writeFileSync(file, wide + narrow);
  const sizes = [
    { columns: 120, rows: 20, since: 0 },
    { ...SIZE, since: wide.length },
    { ...SIZE, columns: 61, since: wide.length + narrow.length },
    { ...SIZE, since: wide.length + narrow.length },
  ];
  const screen = await drawScreen({ file, sizes, scrollback: SCROLLBACK, secrets: [] });
  const late = new TestTerminal();
  await late.write(screen.text);
  const lines = late.look().lines.filter((line) => line !== "");
  // The line that the cursor was on is cut, as in any terminal: what draws it will do so again.
  expect(lines).toEqual(["start", `199 ${"#".repeat(56)}`, "narrow", "2 %"]);
  expect(screen).toMatchObject({ ...SIZE, offset: wide.length + narrow.length });
});

test("a program that draws anew after its terminal became smaller", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  const draw = (columns: number, rows: number) =>
    `\x1b[H${Array.from({ length: rows }, (_, row) => `\x1b[${row + 1};1H${String(row % 10).repeat(columns)}`).join("")}\x1b[2;2H`;
  const wide = `$ edit\r\n\x1b7\x1b[?47h${draw(100, 30)}\x1b[29;5Hx`;
  writeFileSync(file, wide + draw(SIZE.columns, SIZE.rows));
  const sizes = [
    { columns: 100, rows: 30, since: 0 },
    { ...SIZE, since: wide.length },
  ];
  const screen = await drawScreen({ file, sizes, scrollback: SCROLLBACK, secrets: [] });
  const late = new TestTerminal();
  await late.write(screen.text);
  const rows = Array.from({ length: SIZE.rows }, (_, row) => String(row % 10).repeat(SIZE.columns));
  expect(late.look()).toMatchObject({ type: "alternate", lines: rows, x: 1, y: 1 });
});

test("a screen that would not fit into a message goes without what can be scrolled to", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  const letters = Array.from({ length: 300 }, (_, at) => `\x1b[38;5;${at % 256};48;5;${(at * 7) % 256}mx`).join("");
  writeFileSync(file, `${letters}\r\n`.repeat(700));
  const sizes = [{ columns: 300, rows: 20, since: 0 }];
  const { text } = await drawScreen({ file, sizes, scrollback: 2_000, secrets: [] });
  expect(text.split("\r\n").length).toBe(19); // the last line is empty
});

test("nothing is drawn beyond the byte that is asked for, and a secret that colours part is hidden", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  const first = "\x1b[1mopen\x1b[0msesame\r\n";
  writeFileSync(file, `${first}printed since\r\n`);
  const wish = { file, sizes: [{ ...SIZE, since: 0 }], scrollback: SCROLLBACK, secrets: [Buffer.from("opensesame")] };
  const { text, offset } = await drawScreen({ ...wish, end: first.length });
  expect(offset).toBe(first.length);
  expect(text).toContain("****");
  expect(text).not.toMatch(/open|sesame|since/);
});
