/** Control sequences of terminals: colours, titles, cursor movements. */
const SEQUENCES =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]*[0-~])|[\x00-\x08\x0e\x0f\x7f]/g;

/** A sequence that the end of a piece of output has cut in two, or a line end that has. */
const CUT_OFF = /(?:\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[PX^_][^\x1b]*\x1b?|[ -/]*)?|\r+)$/;

const LONGEST_CUT_OFF = 4_096;

/** Text without control sequences and with simple line ends, whatever pieces it arrives in. */
export class PlainTextStream {
  #held = "";

  push(text: string): string {
    const whole = this.#held + text;
    const escape = whole.lastIndexOf("\x1b");
    const mayBeCut = whole.endsWith("\r") || (escape >= 0 && escape >= whole.length - LONGEST_CUT_OFF);
    const cut = mayBeCut ? (CUT_OFF.exec(whole)?.index ?? whole.length) : whole.length;
    this.#held = whole.slice(cut);
    return simplify(whole.slice(0, cut));
  }

  /** What was held back for a rest that never came. */
  end(): string {
    const rest = simplify(this.#held);
    this.#held = "";
    return rest;
  }
}

function simplify(text: string): string {
  const plain = text.includes("\x1b") || CONTROLS.test(text) ? text.replace(SEQUENCES, "") : text;
  return plain.includes("\r") ? plain.replace(/\r+\n|\r/g, "\n") : plain;
}

const CONTROLS = /[\x00-\x08\x0e\x0f\x7f]/;

const MOST_LINES = 1_030;
const TAB_WIDTH = 8;

const SCREEN_PARTS =
  /\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[ -/]*[0-~]|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f\x1b]+|\x1b/g;

/**
 * What a person would see once everything was printed: progress bars at their last state, overwritten text gone.
 * Lines are as long as they are; the last thousand or so are kept, as a terminal does.
 */
export const screenText = (output: string): string => draw(output).text();

/** Lines as a person sees them once everything was printed, and the one that the cursor is on. */
export interface DrawnLines {
  /** Those that were written over what stood there, as progress bars are, are marked. */
  lines: { text: string; isRedrawn: boolean }[];
  row: number;
}

export const drawnLines = (output: string): DrawnLines => draw(output).drawn();

function draw(output: string): Screen {
  const screen = new Screen();
  for (const [part, parameters, command] of output.matchAll(SCREEN_PARTS)) {
    if (command !== undefined) screen.control(command, parameters ?? "");
    else if (part === "\n") screen.newLine();
    else if (part === "\r") screen.startOver();
    else if (part === "\b") screen.column = Math.max(0, screen.column - 1);
    else if (part === "\t") screen.column += TAB_WIDTH - (screen.column % TAB_WIDTH);
    else if (part >= " " && part[0] !== "\x1b" && part !== "\x7f") screen.write(part);
  }
  return screen;
}

class Screen {
  #lines: string[] = [""];
  #row = 0;
  readonly #redrawn = new Set<number>();
  #startedOver: number | null = null;
  column = 0;

  write(text: string): void {
    const line = this.#line();
    if (this.#startedOver === this.#row || this.#row < this.#lines.length - 1) this.#redrawn.add(this.#row);
    const before = line.length < this.column ? line.padEnd(this.column) : line.slice(0, this.column);
    this.#lines[this.#row] = before + text + line.slice(this.column + text.length);
    this.column += text.length;
  }

  // A terminal in its usual mode gets "\r\n" for every line end, so the column is 0 already; pipes send "\n" alone.
  newLine(): void {
    this.#startedOver = null;
    this.#row++;
    this.column = 0;
    if (this.#row === this.#lines.length) this.#lines.push("");
  }

  startOver(): void {
    this.#startedOver = this.#row;
    this.column = 0;
  }

  control(command: string, parameters: string): void {
    const [first = 0, second = 0] = parameters.split(";").map(Number);
    const count = first || 1;
    switch (command) {
      case "A":
        this.#row = Math.max(0, this.#row - count);
        break;
      case "B":
        this.#row = Math.min(this.#lines.length - 1, this.#row + count);
        break;
      case "C":
        this.column += count;
        break;
      case "D":
        this.column = Math.max(0, this.column - count);
        break;
      case "E":
      case "F":
        this.#row = Math.min(this.#lines.length - 1, Math.max(0, this.#row + (command === "E" ? count : -count)));
        this.column = 0;
        break;
      case "G":
        if (count === 1) this.startOver();
        this.column = count - 1;
        break;
      case "H":
      case "f":
        // Where the window's top is cannot be told without its height, so only the column is followed.
        this.column = (second || 1) - 1;
        break;
      case "K":
        this.#erase(first);
        break;
      case "J":
        if (first === 2 || first === 3) this.#clear();
        else if (first === 0) this.#lines.length = this.#row + 1;
        break;
      default:
    }
  }

  drawn(): DrawnLines {
    const lines = this.#lines.map((text, row) => ({ text: text.trimEnd(), isRedrawn: this.#redrawn.has(row) }));
    return { lines, row: this.#row };
  }

  text(): string {
    const lines = this.#lines.map((line) => line.trimEnd());
    while (lines.at(-1) === "") lines.pop();
    return lines.slice(-MOST_LINES).join("\n");
  }

  #line(): string {
    return this.#lines[this.#row] ?? "";
  }

  #erase(mode: number): void {
    const line = this.#line();
    if (mode === 0) this.#lines[this.#row] = line.slice(0, this.column);
    else if (mode === 1) this.#lines[this.#row] = " ".repeat(this.column) + line.slice(this.column);
    else {
      this.#lines[this.#row] = "";
      this.#startedOver = this.#row;
    }
  }

  #clear(): void {
    this.#redrawn.clear();
    this.#lines = [""];
    this.#row = 0;
    this.column = 0;
  }
}
