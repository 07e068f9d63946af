/** What a setting of a file can be. */
export type Plain = string | number | boolean | null;

/** One value of a text: what it is, and where it is written. */
export interface Written {
  path: readonly string[];
  value: Plain;
  /** The value as it is written, quotes included: `text.slice(from, to)`. */
  from: number;
  to: number;
  /** What its author says about it. */
  comment: string;
}

export interface ReadText {
  values: Written[];
  /** Values that no form can show, such as lists and dates. */
  others: number;
  /** What a person should know before changing something. */
  notes: string[];
}

/** A way to write settings down. Implementations are the sibling files, listed in `index.ts`. */
export interface Format {
  readonly name: "env" | "json" | "yaml" | "toml";
  /** Endings and whole names of its files, in small letters. */
  readonly endings: readonly string[];
  /** Loads what reading takes; called before anything is read. */
  prepare?(): Promise<void>;
  /** Throws a `TextProblem` for a text that is not in this format. */
  read(text: string): ReadText;
  /** The value in place of a written one, in its style; null where that cannot be written here. */
  write(value: Plain, before: Written, text: string): { from: number; to: number; put: string } | null;
  /** The text with one value more, where that is possible without guessing. */
  add?(text: string, name: string, value: string): string;
  /** The text without one of its values. */
  remove?(text: string, before: Written): string;
}

/** Why a text is not in its format. */
export class TextProblem extends Error {
  constructor(
    what: string,
    readonly line: number | null,
  ) {
    super(line === null ? what : `line ${line}: ${what}`);
  }
}

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split(/\r\n|\r|\n/).length;

/** Nobody writes settings deeper than this, and whoever does wants to keep us busy. */
export const DEEPEST = 32;

/** A comment without its marks; lines that only draw a line say nothing. */
export function commentText(lines: readonly string[]): string {
  return lines
    .map((line) => line.replace(/^\s*(?:#+|\/\/+|\/\*+|\*+\/?)?\s?/, "").replace(/\s*\*+\/\s*$/, ""))
    .map((line) => line.trimEnd())
    .filter((line) => !/^[\s#*=_~-]*$|^([-=#*])\1.*\1\1$/.test(line)) // lines that part, with words or without
    .join("\n")
    .trim();
}

/** The lines of comment directly above a place, and what stands behind it on its line. */
export function commentAround(text: string, lineStart: number, valueEnd: number, mark: RegExp): string {
  const above: string[] = [];
  for (let end = lineStart; end > 0;) {
    const before = text.slice(0, end).replace(/\r?\n$/, "");
    const start = before.lastIndexOf("\n") + 1;
    const line = before.slice(start).trim();
    if (!mark.test(line) || above.length >= MOST_COMMENT_LINES) break;
    above.unshift(line);
    end = start;
  }
  const eol = text.slice(valueEnd).search(/\r|\n|$/);
  const behind = text.slice(valueEnd, valueEnd + eol).replace(/^[\s,]*/, "");
  return commentText([...above, ...(mark.test(behind) ? [behind] : [])]).slice(0, MOST_COMMENT);
}

const MOST_COMMENT_LINES = 40;
const MOST_COMMENT = 2_000;

export const lineStartOf = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;

/** A number as it was written before: `2.0` where it was `1.0`. */
export function numberText(value: number, before: string): string {
  const text = String(value);
  return Number.isInteger(value) && /^[+-]?\d[\d_]*\.\d/.test(before) && !text.includes("e") ? `${text}.0` : text;
}
