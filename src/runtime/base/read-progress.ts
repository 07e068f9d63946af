import type { Progress } from "../protocol/progress.js";
import { cutText } from "../protocol/launcher.js";
import { type DrawnLines, drawnLines } from "./plain-text.js";
import { readProgressLine } from "./progress-line.js";

/** A carriage return that is no line end, or a move to a place that was written already. */
const DRAWS_ANEW = /\r(?![\r\n])|\x1b\[\d*[AFGK]/;
/** So many bars may stand below one another. */
const MOST_BARS = 12;
const LONGEST_LABEL = 120;

/** The progress bar that the end of some output draws; null when the last it printed is none. */
export function readProgress(output: string): Progress | null {
  if (!DRAWS_ANEW.test(output)) return null;
  return readDrawn(output) ?? readDrawn(withoutBegun(output));
}

/** A state that is not all there is no state yet. */
function withoutBegun(output: string): string {
  const start = output.lastIndexOf("\r");
  const begun = output.slice(start).replace(/\x1b(?:\[[0-?]*[@-~]?)?/g, "");
  return start > 0 && !/[\p{L}\d\n]/u.test(begun) ? output.slice(0, start) : "";
}

function readDrawn(output: string): Progress | null {
  const drawn = drawnLines(output);
  const { row } = drawn;
  const below = Array.from({ length: MOST_BARS }, (_, at) => row + 1 + at);
  const above = Array.from({ length: MOST_BARS }, (_, at) => row - 1 - at);
  const found = barAt(drawn, row) ?? firstBar(drawn, below) ?? (isMovedUp(output) ? firstBar(drawn, above) : null);
  if (found === null) return null;
  const { progress, at } = found;
  return { ...progress, label: cutText(labelOf(progress, drawn, at), LONGEST_LABEL) };
}

const isMovedUp = (output: string): boolean => /\x1b\[\d*[AF]/.test(output);

interface Found {
  progress: Progress;
  at: number;
}

function barAt({ lines }: DrawnLines, at: number): Found | null {
  const line = lines[at];
  const progress = line?.isRedrawn === true ? readProgressLine(line.text) : null;
  return progress === null ? null : { progress, at };
}

/** The first that has something to go, among those that stand together. */
function firstBar(drawn: DrawnLines, rows: readonly number[]): Found | null {
  for (const at of rows) {
    const found = barAt(drawn, at);
    if (found !== null && found.progress.percent !== 100) return found;
    if (found === null && drawn.lines[at]?.text !== "") return null;
  }
  return null;
}

const FILE_NAME = /^[\w.+@()[\]/-]+\.\w{1,12}$/;
const DOING = /^(?:downloading|fetching|installing|cloning|extracting|unpacking|pulling|loading|uploading|copying)\b/i;
/** Sizes and kinds that stand behind what is fetched. */
const ASIDE = /\s*(?:\([^)]*\)|\[[^\]]*\])\s*$/;

/** What the bar says of itself, or the line before it. */
function labelOf({ label, total, rate }: Progress, { lines }: DrawnLines, at: number): string {
  const isFile = FILE_NAME.test(label) || label.endsWith("…");
  if (label !== "") return isFile && isOfBytes(total ?? rate) ? `Downloading ${label}` : label;
  const before =
    lines
      .slice(0, at)
      .findLast(({ text, isRedrawn }) => text !== "" && !isRedrawn)
      ?.text.trim() ?? "";
  return DOING.test(before) ? before.replace(ASIDE, "").replace(/\S+:\/\/\S+/, nameIn) : "";
}

const isOfBytes = (text: string | null): boolean => text !== null && /B(?:\/s)?$/.test(text);

/** The last part of an address. */
function nameIn(address: string): string {
  const path = address.replace(/[?#].*$/, "").replace(/\/+$/, "");
  return path.slice(path.lastIndexOf("/") + 1);
}
