import {
  commentAround,
  type Format,
  lineStartOf,
  numberText,
  type Plain,
  TextProblem,
  type Written,
} from "./format.js";

let library: typeof import("smol-toml") | null = null;

/**
 * TOML: whether the text is sound and what it says is the library's word; where a value stands is found here. A value
 * is offered only where both see the same.
 */
export const toml: Format = {
  name: "toml",
  endings: [".toml"],
  prepare: async () => {
    library ??= await import("smol-toml");
  },
  read: (text) => {
    const whole = parsed(text);
    const places = new Places(text);
    places.find();
    const values = places.found.filter(({ path, value }) => path.length > 0 && Object.is(valueAt(whole, path), value));
    return { values, others: places.others + places.found.length - values.length, notes: [] };
  },
  write: (value, before, text) => {
    const { from, to } = before;
    const word = text.slice(from, to);
    const put = written(value, word);
    return put === null ? null : { from, to, put };
  },
};

function parsed(text: string): unknown {
  if (library === null) throw new Error("The format was not prepared");
  const { parse, TomlError } = library;
  try {
    return parse(text.replace(/^\uFEFF/, ""), { maxDepth: 100, integersAsBigInt: "asNeeded" });
  } catch (error) {
    if (error instanceof TomlError) throw new TextProblem(error.message.split("\n")[0] ?? "", error.line);
    throw new TextProblem(error instanceof Error ? error.message : String(error), null);
  }
}

function valueAt(whole: unknown, path: readonly string[]): unknown {
  let at = whole;
  for (const name of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

function written(value: Plain, word: string): string | null {
  if (value === null) return null; // TOML knows no nothing
  if (typeof value !== "string") return typeof value === "number" ? numberText(value, word) : String(value);
  // A literal text has no escapes, so it holds only what needs none.
  if (word.startsWith("'") && !/['\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return `'${value}'`;
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}

const BLANKS = /(?:[ \t\r\n\uFEFF]+|#[^\r\n]*)+/y;
const KEY = /[ \t]*(?:([\w-]+)|"((?:[^"\\\r\n]|\\.)*)"|'([^'\r\n]*)')[ \t]*/y;
const LONG = /"""(?:[^"\\]|\\[^]|"{1,2}(?!"))*"{3,5}|'''(?:[^']|'{1,2}(?!'))*'{3,5}/y;
const BASIC = /"((?:[^"\\\r\n]|\\.)*)"/y;
const LITERAL = /'([^'\r\n]*)'/y;
const BARE = /\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d[\d:.]*(?:[Zz]|[+-]\d\d:\d\d)?)?|[^\s,\]}#]+/y;

class Places {
  readonly found: Written[] = [];
  others = 0;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  find(): void {
    const lists: string[][] = [];
    let table: string[] = [];
    for (this.#take(BLANKS); this.#at < this.#text.length; this.#take(BLANKS)) {
      const before = this.#at;
      if (this.#text[this.#at] === "[") {
        const isList = this.#text.startsWith("[[", this.#at);
        this.#at += isList ? 2 : 1;
        table = this.#key();
        if (isList) lists.push(table);
        this.#at += isList ? 2 : 1;
      } else {
        const path = [...table, ...this.#key()];
        this.#at++; // the equals sign
        this.#value(lists.some((list) => list.every((name, at) => table[at] === name)) ? null : path);
      }
      if (this.#at <= before) return; // what the library took and we do not know
    }
  }

  #key(): string[] {
    const path: string[] = [];
    for (;;) {
      KEY.lastIndex = this.#at;
      const found = KEY.exec(this.#text);
      if (found === null) return path;
      this.#at = KEY.lastIndex;
      const [, bare, basic, literal] = found;
      path.push(bare ?? literal ?? unescaped(basic ?? ""));
      if (this.#text[this.#at] !== ".") return path;
      this.#at++;
    }
  }

  /** `path` is null for what no form can show. */
  #value(path: readonly string[] | null): void {
    this.#take(BLANKS);
    const from = this.#at;
    const letter = this.#text[from];
    if (letter === "[") return this.#list();
    if (letter === "{") return this.#inline(path);
    const long = this.#take(LONG);
    const basic = long === null ? this.#take(BASIC) : null;
    const literal = long === null && basic === null ? this.#take(LITERAL) : null;
    const value =
      long !== null
        ? undefined
        : basic !== null
          ? unescaped(basic.slice(1, -1))
          : literal !== null
            ? literal.slice(1, -1)
            : valueOf(this.#take(BARE) ?? "");
    if (path === null || value === undefined) this.others++;
    else {
      const comment = commentAround(this.#text, lineStartOf(this.#text, from), this.#at, /^#/);
      this.found.push({ path, value, from, to: this.#at, comment });
    }
  }

  #list(): void {
    this.#at++;
    for (this.#take(BLANKS); this.#at < this.#text.length && this.#text[this.#at] !== "]"; this.#take(BLANKS)) {
      const before = this.#at;
      this.#value(null);
      this.#take(BLANKS);
      if (this.#text[this.#at] === ",") this.#at++;
      if (this.#at === before) break;
    }
    this.#at++;
  }

  #inline(path: readonly string[] | null): void {
    this.#at++;
    for (this.#take(BLANKS); this.#at < this.#text.length && this.#text[this.#at] !== "}"; this.#take(BLANKS)) {
      const before = this.#at;
      const key = this.#key();
      this.#at++;
      this.#value(path === null ? null : [...path, ...key]);
      this.#take(BLANKS);
      if (this.#text[this.#at] === ",") this.#at++;
      if (this.#at === before) break;
    }
    this.#at++;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }
}

/** Undefined for dates and for numbers that JavaScript cannot hold. */
function valueOf(word: string): Plain | undefined {
  if (word === "true" || word === "false") return word === "true";
  const digits = word.replaceAll("_", "");
  if (!/^[+-]?(?:0[xob])?[\da-fA-F]+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(digits)) return undefined;
  const value = Number(digits);
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : undefined;
}

const ESCAPES: Record<string, string> = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", e: "\u001b" };

const unescaped = (text: string): string =>
  text.replace(
    /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{2})|(.))/g,
    (_, short, long, byte, letter: string) => {
      const code = (short ?? long ?? byte) as string | undefined;
      if (code === undefined) return ESCAPES[letter] ?? letter;
      const point = parseInt(code, 16);
      return point > 0x10ffff ? "" : String.fromCodePoint(point);
    },
  );
