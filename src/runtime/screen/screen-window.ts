import { closeSync, openSync, readSync } from "node:fs";
import { outputParts } from "../base/output-parts.js";
import { readShownEnd } from "../base/shown-output.js";

/** Enough for every scrollback, and for a program that fills its screen to have drawn all of it anew. */
const WINDOW_BYTES = 4 * 1024 * 1024;
/** So far before it is looked whether the program has the other screen. */
const LOOK_BACK_BYTES = 64 * 1024 * 1024;
const PIECE_BYTES = 4 * 1024 * 1024;

/** What changes to the other screen and back; the letter behind it says which. */
const CHANGES = ["\x1b[?1049", "\x1b[?1047", "\x1b[?47"].map((change) => Buffer.from(change));
const LONGEST_CHANGE = 8;
const TO_OTHER = "h".charCodeAt(0);
export const TO_OTHER_SCREEN = "\x1b[?1049h";

/** The last of a run's output, from which its screen is drawn. */
export interface ScreenWindow {
  bytes: Buffer;
  start: number;
  /** The first byte that is not among them: what follows begins with a whole character or sequence. */
  end: number;
  /** Something came before them. */
  isCut: boolean;
  /** They begin on the screen that programs like editors have for themselves. */
  isOther: boolean;
}

export function readScreenWindow(file: string, secrets: readonly Buffer[], end?: number): ScreenWindow {
  const { bytes, start } = readShownEnd(file, WINDOW_BYTES, () => secrets, end);
  const whole = bytes.subarray(0, wholeEnd(bytes));
  const isOther = start > 0 && beginsOnOther(file, start);
  return { bytes: whole, start, end: start + whole.length, isCut: start > 0, isOther };
}

/** A sequence that has not come to its end. */
const UNFINISHED = /\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)$/;
const LONGEST_SEQUENCE = 4_096;

/** Where the last character or sequence begins that is not all there. */
export function wholeEnd(bytes: Buffer): number {
  const from = Math.max(0, bytes.length - LONGEST_SEQUENCE);
  const unfinished = UNFINISHED.exec(bytes.toString("latin1", from));
  return unfinished === null ? wholeCharacters(bytes) : from + unfinished.index;
}

function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Whether the program had the other screen at that byte, by what it printed last of changes. */
function beginsOnOther(file: string, at: number): boolean {
  const piece = Buffer.allocUnsafe(PIECE_BYTES + LONGEST_CHANGE);
  let left = LOOK_BACK_BYTES;
  let end = at;
  for (const { path, start } of outputParts(file).toReversed()) {
    if (start >= end) continue;
    const handle = openSync(path, "r");
    try {
      while (end > start && left > 0) {
        const from = Math.max(start, end - PIECE_BYTES);
        // A sequence that lies across the border of two pieces belongs to the earlier one.
        const length = Math.min(end + LONGEST_CHANGE, at) - from;
        const read = piece.subarray(0, readSync(handle, piece, 0, length, from - start));
        const last = lastChange(read);
        if (last !== null) return read[last] === TO_OTHER;
        left -= end - from;
        end = from;
      }
    } finally {
      closeSync(handle);
    }
  }
  return false;
}

/** Where the letter stands of the last change, or null. */
function lastChange(bytes: Buffer): number | null {
  const ends = CHANGES.flatMap((change) => {
    const start = bytes.lastIndexOf(change);
    return start < 0 ? [] : [start + change.length];
  });
  return ends.length === 0 ? null : Math.max(...ends);
}
