/** Lines that are complete since the last look, and the one being written. */
export interface LogGrowth {
  lines: string[];
  tail: string;
  /** Complete lines that were dropped because more came than anybody reads. */
  dropped: number;
}

const LONGEST_LINE = 4000;

// Colours, titles and cursor moves: what a program sends to a terminal besides text.
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]*[0-~])/g;
const UNFINISHED_ESCAPE = /\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)$/;
const LONGEST_ESCAPE = 4096;
const OTHER_CONTROLS = /[\x00-\x07\x0b\x0c\x0e-\x1f\x7f]/g;
const RUBBED_OUT = /[^\x08\n]\x08/g;

/** Turns what a terminal would show into plain lines: no escapes, and a progress bar is one line, its last state. */
export class LogText {
  readonly #keep: number;
  #lines: string[] = [];
  #tail = "";
  #escape = "";
  #dropped = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }

  push(text: string): void {
    const pieces = (this.#tail + this.#withoutEscapes(text)).split("\n");
    this.#tail = shorten(latestState(pieces.pop() ?? "", "unfinished"));
    for (const piece of pieces) this.#lines.push(shorten(latestState(piece, "finished")));
    const tooMany = this.#lines.length - this.#keep;
    if (tooMany > 0) {
      this.#lines.splice(0, tooMany);
      this.#dropped += tooMany;
    }
  }

  /** What came since the last call. */
  take(): LogGrowth {
    const growth = { lines: this.#lines, tail: this.#tail.replace(/\r+$/, ""), dropped: this.#dropped };
    this.#lines = [];
    this.#dropped = 0;
    return growth;
  }

  #withoutEscapes(text: string): string {
    const whole = this.#escape + text;
    const unfinished = UNFINISHED_ESCAPE.exec(whole)?.[0] ?? "";
    this.#escape = unfinished.length > LONGEST_ESCAPE ? "" : unfinished;
    const finished = unfinished === "" ? whole : whole.slice(0, -unfinished.length);
    return finished.replace(ESCAPES, "").replace(OTHER_CONTROLS, "");
  }
}

/** A carriage return starts the line over; one at the very end does so only when more text follows. */
function latestState(line: string, state: "finished" | "unfinished"): string {
  let latest = line;
  if (line.includes("\r")) {
    const text = line.replace(/\r+$/, "");
    latest = text.slice(text.lastIndexOf("\r") + 1);
    if (state === "unfinished" && text.length < line.length) latest += "\r";
  }
  for (let before = ""; latest !== before && latest.includes("\b");) {
    before = latest;
    latest = latest.replace(RUBBED_OUT, "");
  }
  return state === "finished" ? latest.replaceAll("\b", "") : latest;
}

const shorten = (line: string): string => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line);
