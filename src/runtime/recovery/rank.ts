import { LAYERS, type Detector, type Layer } from "./detector.js";
import type { OutputLine } from "./output-lines.js";

/** A failure that was recognised at a line. */
export interface Finding {
  detector: Pick<Detector, "code" | "layer">;
  at: number;
}

/** What ended a run stands near the end of its output. What is farther counts when nothing nearer does. */
const NEAR_LINES = 400;

/** Within so many lines a program tells the same thing several times, best at first. */
const SAME_LINES = 25;

/**
 * Layers in which programs report what they survive, such as an extra that is not installed: of several the last one
 * ended the run. In all others what came first brought about the rest.
 */
const LAST_COUNTS: ReadonlySet<Layer> = new Set(["report", "program"]);

/** The finding that explains the others, or null when there is none. */
export function firstCause<One extends Finding>(findings: readonly One[], lines: readonly OutputLine[]): One | null {
  const near = findings.filter(({ at, detector }) => at >= lines.length - NEAR_LINES && detector.layer !== "report");
  const counted = near.length > 0 ? near : findings;
  const deepest = Math.max(...counted.map(depth));
  const candidates = counted.filter((finding) => depth(finding) === deepest).sort((one, other) => one.at - other.at);
  const [first] = candidates;
  if (first === undefined || !LAST_COUNTS.has(first.detector.layer)) return first ?? null;
  const last = candidates.at(-1) ?? first;
  const start = startOfChain(last.at, lines);
  const cause = candidates.find(({ at }) => at >= start) ?? last;
  const told = (one: Finding): boolean =>
    one.detector.code === cause.detector.code && one.at <= cause.at && one.at > cause.at - SAME_LINES;
  return candidates.find(told) ?? cause;
}

const depth = ({ detector }: Finding): number => LAYERS.indexOf(detector.layer);

const TRACEBACK = /^\s*(?:[│|] ?)?Traceback \(most recent call last\):/;
const LINK = /^\s*(?:During handling of the above exception|The above exception was the direct cause)/;

/** Python prints an error's cause above it; where the first of such a chain begins, or `at` outside of one. */
function startOfChain(at: number, lines: readonly OutputLine[]): number {
  let start = headerAbove(at, lines);
  if (start === null) return at;
  while (LINK.test(textOf(lines, start - 1))) {
    const before: number = lines.slice(0, start - 1).findLastIndex(({ text }) => TRACEBACK.test(text));
    if (before < 0) break;
    start = before;
  }
  return start;
}

/** Between a traceback's first line and its error everything is indented. */
function headerAbove(at: number, lines: readonly OutputLine[]): number | null {
  for (let line = at - 1; line >= 0; line--) {
    if (TRACEBACK.test(textOf(lines, line))) return line;
    if (!/^\s/.test(textOf(lines, line))) return null;
  }
  return null;
}

const textOf = (lines: readonly OutputLine[], at: number): string => lines[at]?.text ?? "";
