/** Lines that are complete since the last look, and what may still change. */
export interface LogGrowth {
  /** So many of the lines that were told before are drawn anew: they are to be taken back first. */
  back: number;
  lines: string[];
  tail: string;
  /** Complete lines that were dropped because more came than anybody reads. */
  dropped: number;
}

/** Where in a run's output a line begins, counted from the first of those that are told with it. */
export interface LineMark {
  line: number;
  byte: number;
}

const LONGEST_LINE = 4000;
/** No program draws more lines anew than a screen has. */
const MOST_BACK = 100;

// Colours, titles and cursor moves: what a program sends to a terminal besides text.
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]*[0-~])/g;
const UNFINISHED_ESCAPE = /\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)$/;
const LONGEST_ESCAPE = 4096;
const OTHER_CONTROLS = /[\x01-\x07\x0b\x0c\x0e-\x1f\x7f]/g;
const RUBBED_OUT = /[^\x08\n]\x08/g;

const LINE_STARTS = /\x1b\[[01]?G/g;
/** Without what stood there, where a carriage return alone leaves it until something is written over it. */
const LINE_ERASED = /\x1b\[2K|\r\x1b\[0?K/g;
const ERASED = "\x00";
/** Up, down, and erasing what is below: how programs draw several bars. */
const LINE_MOVES = /\x1b\[(\d*)([ABEFJ])/;
/** To the screen that a program has for itself, back from there, and to a place of the screen. */
const PLACES = /\x1b\[(?:\?(?:1049|1047|47)([hl])|(\d+);\d+[Hf])/g;
/** To go once to a place is how screens are cleared. */
const LEAST_PLACES = 2;

/** Turns what a terminal would show into plain lines: no escapes, and a progress bar is one line, its last state. */
export class LogText {
  readonly #keep: number;
  readonly #followsMoves: boolean;
  #lines: string[] = [];
  /** The last of those that were told. */
  #told: string[] = [];
  #back = 0;
  #tail = "";
  /** Lines below the one that is written: it is drawn anew. */
  #below: string[] = [];
  #escape = "";
  #dropped = 0;
  #marks: LineMark[] = [];
  #isRedrawn = false;
  #hasScreen = false;
  #places = 0;

  /** Without `followsMoves` there are as many lines as line ends. */
  constructor(keep: number, { followsMoves = true }: { followsMoves?: boolean } = {}) {
    this.#keep = keep;
    this.#followsMoves = followsMoves;
  }

  push(text: string): void {
    const whole = this.#whole(text);
    if (whole.includes("\x1b[")) this.#notePlaces(whole);
    const parts = this.#followsMoves && whole.includes("\x1b[") ? whole.split(LINE_MOVES) : [whole];
    for (let at = 0; at < parts.length; at += 3) {
      this.#write(withoutEscapes(parts[at] ?? ""));
      const move = parts[at + 2];
      if (move !== undefined) this.#move(move, Number(parts[at + 1]));
    }
    const tooMany = this.#lines.length - this.#keep;
    if (tooMany > 0) this.#drop(tooMany);
  }

  /** Says that the next line begins at that byte; half a line has no beginning yet. */
  mark(byte: number): void {
    if (this.#tail === "" && this.#below.length === 0 && this.#escape === "") {
      this.#marks.push({ line: this.#lines.length, byte });
    }
  }

  /** Of the lines that the next `take` tells. */
  takeMarks(): LineMark[] {
    const marks = this.#marks;
    this.#marks = [];
    return marks;
  }

  /** What came since the last call. */
  take(): LogGrowth {
    const lines = this.#lines;
    const tail = [this.#tail.replace(/\r+$/, ""), ...this.#below].join("\n").replace(/\n+$/, "");
    const growth = { back: this.#back, lines, tail, dropped: this.#dropped };
    this.#told = [...this.#told, ...lines.slice(-MOST_BACK)].slice(-MOST_BACK);
    this.#lines = [];
    this.#back = 0;
    this.#dropped = 0;
    return growth;
  }

  /** Whether the tail is what a program has drawn over itself, as it does with a progress bar. */
  get isRedrawn(): boolean {
    return this.#isRedrawn;
  }

  /** Whether a program places its text all over a screen. */
  get isDrawing(): boolean {
    return this.#hasScreen || this.#places >= LEAST_PLACES;
  }

  /** Begins again at a line of which it is known where it is, if there is one. */
  #drop(count: number): void {
    const from = this.#marks.find(({ line }) => line >= count)?.line ?? count;
    this.#lines.splice(0, from);
    this.#dropped += from;
    this.#marks = this.#marks.flatMap(({ line, byte }) => (line < from ? [] : [{ line: line - from, byte }]));
  }

  #write(text: string): void {
    const pieces = (this.#tail + text).split("\n");
    if (pieces.length > 1) this.#isRedrawn = false;
    if (/\r[^\r]/.test(pieces.at(-1) ?? "")) this.#isRedrawn = true;
    let tail = pieces.shift() ?? "";
    for (const piece of pieces) {
      this.#lines.push(shorten(latestState(tail, "finished")));
      // A line that is there already stays until something is written over it.
      const covered = this.#below.shift();
      tail = covered === undefined ? piece : `${covered}\r${piece}`;
    }
    this.#tail = shorten(latestState(tail, "unfinished"));
  }

  #move(command: string, count: number): void {
    if (command === "J") {
      if (count === 0) this.#below = [];
      return;
    }
    const isUp = command === "A" || command === "F";
    this.#isRedrawn = true;
    for (let moved = 0; moved < Math.min(count || 1, MOST_BACK); moved++) {
      const present = latestState(this.#tail, "finished");
      const next = isUp ? this.#takeBack() : this.#below.shift();
      if (next === undefined) return;
      if (isUp) this.#below.unshift(present);
      else this.#lines.push(present);
      this.#tail = `${next}\r`;
    }
  }

  #takeBack(): string | undefined {
    const untold = this.#lines.pop();
    if (untold !== undefined) {
      this.#marks = this.#marks.filter(({ line }) => line <= this.#lines.length);
      return untold;
    }
    const told = this.#told.pop();
    if (told !== undefined) this.#back++;
    return told;
  }

  #notePlaces(text: string): void {
    for (const [, screen, row] of text.matchAll(PLACES)) {
      if (screen === "l") this.#places = 0;
      if (screen !== undefined) this.#hasScreen = screen === "h";
      else if (Number(row) > 1) this.#places++;
    }
  }

  #whole(text: string): string {
    const whole = this.#escape + text;
    const unfinished = UNFINISHED_ESCAPE.exec(whole)?.[0] ?? "";
    this.#escape = unfinished.length > LONGEST_ESCAPE ? "" : unfinished;
    return unfinished === "" ? whole : whole.slice(0, -unfinished.length);
  }
}

function withoutEscapes(text: string): string {
  const mine = text.includes(ERASED) ? text.replaceAll(ERASED, "") : text;
  const plain = mine.includes("\x1b")
    ? mine.replace(LINE_ERASED, `\r${ERASED}`).replace(LINE_STARTS, "\r").replace(ESCAPES, "")
    : mine;
  return plain.replace(OTHER_CONTROLS, "");
}

/** A carriage return starts the line over; one at the very end does so only when more text follows. */
function latestState(line: string, state: "finished" | "unfinished"): string {
  let latest = line;
  if (line.includes("\r")) {
    const text = line.replace(/\r+$/, "");
    latest = text.slice(text.lastIndexOf("\r") + 1);
    if (state === "unfinished" && text.length < line.length) latest += "\r";
  }
  if (latest.includes(ERASED)) latest = latest.replaceAll(ERASED, "");
  for (let before = ""; latest !== before && latest.includes("\b");) {
    before = latest;
    latest = latest.replace(RUBBED_OUT, "");
  }
  return state === "finished" ? latest.replaceAll("\b", "") : latest;
}

const shorten = (line: string): string => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line);
