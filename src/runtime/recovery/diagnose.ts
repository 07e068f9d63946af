import { setImmediate as afterOthers } from "node:timers/promises";
import { SecretMask } from "../base/mask-secrets.js";
import type { Failure } from "../protocol/failures.js";
import { detectors } from "./detectors/index.js";
import type { Detector, EndedRun, Facts, Seen } from "./detector.js";
import { FACT } from "./fact.js";
import { outputLines, type OutputLine } from "./output-lines.js";
import { firstCause, type Finding } from "./rank.js";

export interface RunEnd {
  /** The last of what the run printed, from byte `offset` on. */
  output: Uint8Array;
  offset: number;
  exitCode: number | null;
  signal: string | null;
  /** What the run's own error says, when it has one. */
  error: string | null;
  facts: Facts;
  /** Values that nobody is shown, besides what looks like a secret. */
  secrets?: readonly Buffer[];
}

/** How much of the end of a run's output is looked at. */
export const LAST_BYTES = 256 * 1024;

/** Says why a run ended, or null when nothing of it is known. */
export async function diagnose(end: RunEnd): Promise<Failure | null> {
  const run: EndedRun = {
    lines: [...outputLines(masked(end.output, end), end.offset), ...factLines(end)],
    facts: end.facts,
  };
  const findings: Recognised[] = [];
  for (const detector of detectors) {
    findings.push(...findingsOf(detector, run));
    await afterOthers(); // whoever asks serves others too
  }
  const cause = firstCause(findings, run.lines);
  return cause === null ? null : failureOf(cause);
}

/** A copy of the same length, so that offsets stay true. */
function masked(bytes: Uint8Array, { secrets = [] }: RunEnd): Buffer {
  const copy = Buffer.from(bytes);
  new SecretMask(() => secrets).hide(copy, true);
  return copy;
}

/** What is known of the end besides the output; see `fact.ts`. */
function factLines(end: RunEnd): OutputLine[] {
  const { exitCode, signal, error, facts } = end;
  const limit = facts.memoryLimit;
  const known = [
    ...(limit === null ? [] : [`memory limit ${limit.limitBytes ?? "?"} ${limit.usedBytes ?? "?"}`]),
    ...facts.memoryKills.map(
      (kill) => `memory kill ${kill.program ?? "?"} ${kill.pid ?? "?"} ${kill.isSure ? "sure" : "perhaps"}`,
    ),
    ...(exitCode === null || exitCode === 0 ? [] : [`exit ${exitCode}`]),
    ...(signal === null ? [] : [`signal ${signal}`]),
    ...masked(Buffer.from(error ?? ""), end)
      .toString("utf8")
      .split("\n")
      .filter((line) => line.trim() !== ""),
  ];
  return known.map((text) => ({ text: FACT + text, offset: null }));
}

interface Recognised extends Finding {
  detector: Detector;
  seen: Seen;
}

function findingsOf(detector: Detector, run: EndedRun): Recognised[] {
  const found: Recognised[] = [];
  run.lines.forEach(({ text }, at) => {
    const match = matchOf(detector, text);
    if (match === null || WARNING.test(text) || isQuotedSource(run.lines, at)) return;
    const seen = seenAt(run, at, match);
    if (detector.confirm?.(seen) ?? true) found.push({ detector, at, seen });
  });
  const printed = found.filter(({ at }) => run.lines[at]?.offset !== null);
  return printed.length > 0 ? printed : found;
}

/** Python shows under each place of a traceback the source that stands there, which often names errors too. */
function isQuotedSource(lines: readonly OutputLine[], at: number): boolean {
  const place = /^(\s*(?:[│|] ?)?)File ".{1,500}", line \d{1,9}/.exec(lines[at - 1]?.text ?? "")?.[1];
  return place !== undefined && lines[at]?.text.startsWith(`${place}  `) === true;
}

/** What Python only warns of ends nothing. */
const WARNING = /\b[A-Z]\w{0,40}Warning: /;

function matchOf({ patterns, unless }: Detector, text: string): RegExpExecArray | null {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match !== null) return unless?.test(text) === true ? null : match;
  }
  return null;
}

const NEARBY = 12;

function seenAt(run: EndedRun, at: number, match: RegExpExecArray): Seen {
  const textAt = (line: number): string => run.lines[line]?.text ?? "";
  const search = (pattern: RegExp, count: number, step: 1 | -1): RegExpExecArray | null => {
    for (let distance = 1; distance <= count; distance++) {
      const found = pattern.exec(textAt(at + step * distance));
      if (found !== null) return found;
    }
    return null;
  };
  return {
    match,
    text: textAt(at),
    at,
    run,
    facts: run.facts,
    before: (pattern, count = NEARBY) => search(pattern, count, -1),
    after: (pattern, count = NEARBY) => search(pattern, count, 1),
    whole: () => [textAt(at), ...carriedOn(run.lines, at)].join(" ").replace(/\s+/g, " ").trim(),
  };
}

/** Lines that go on with a sentence are indented, as uv writes them. */
function carriedOn(lines: readonly OutputLine[], at: number): string[] {
  const rest: string[] = [];
  for (let line = at + 1; line < lines.length && rest.length < NEARBY; line++) {
    const text = lines[line]?.text ?? "";
    if (!/^(?: {2}|\t)/.test(text)) break;
    rest.push(text.replace(/^[\s│]+/, ""));
  }
  return rest;
}

function failureOf({ detector, seen, at }: Recognised): Failure {
  const { sentence, hint = detector.advice, repairs = [] } = detector.say(seen);
  const line = seen.run.lines[at];
  return {
    code: detector.code,
    sentence,
    hint,
    line: line === undefined || line.offset === null ? null : { text: line.text, offset: line.offset },
    repairs: [...repairs],
  };
}
