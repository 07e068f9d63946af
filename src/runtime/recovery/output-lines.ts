/** One line of output as a person reads it: no control sequences, a progress bar at its last state. */
export interface OutputLine {
  text: string;
  /** Of its first byte; null for what the output does not hold. */
  offset: number | null;
}

export const LONGEST_LINE = 2_000;
const MOST_LINES = 10_000;

const LINE_FEED = 10;
const RETURN = 13;

// Each alternative ends at the next escape at the latest, so that no text is read twice.
const CONTROLS =
  /\x1b\[[0-?]*[ -/]*[@-~]?|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[PX^_][^\x1b]*(?:\x1b\\)?|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1f\x7f]/g;

/** `bytes` is the end of a run's output and begins at `offset`, perhaps in the middle of a line. */
export function outputLines(bytes: Uint8Array, offset: number): OutputLine[] {
  const output = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: OutputLine[] = [];
  let end = output.length;
  while (end > 0 && lines.length < MOST_LINES) {
    const start = output.lastIndexOf(LINE_FEED, end - 1) + 1;
    const line = lineOf(output, start, end);
    if (line !== null) lines.push({ text: line.text, offset: offset + line.at });
    end = start - 1;
  }
  return lines.reverse();
}

/** What the last return left to see. */
function lineOf(output: Buffer, from: number, to: number): { text: string; at: number } | null {
  let end = to;
  while (end > from && output[end - 1] === RETURN) end--;
  for (;;) {
    const at = end <= from ? from : Math.max(from, output.lastIndexOf(RETURN, end - 1) + 1);
    const text = plain(output.toString("utf8", at, Math.min(end, at + 2 * LONGEST_LINE)));
    if (text !== "") return { text, at };
    if (at <= from) return null;
    end = at - 1;
  }
}

function plain(text: string): string {
  return text.replace(CONTROLS, "").trimEnd().slice(0, LONGEST_LINE);
}
