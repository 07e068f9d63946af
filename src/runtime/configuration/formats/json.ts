import {
  commentAround,
  DEEPEST,
  type Format,
  lineAt,
  lineStartOf,
  numberText,
  type Plain,
  TextProblem,
  type Written,
} from "./format.js";

/** JSON, also with comments and trailing commas, changed where a value stands and nowhere else. */
export const json: Format = {
  name: "json",
  endings: [".json", ".jsonc", ".json5"],
  read: (text) => {
    const reader = new Reader(text);
    reader.whole();
    const notes = [...reader.twice].map((name) => `"${name}" stands twice in one object; the last one counts`);
    return { values: reader.found(), others: reader.others, notes };
  },
  write: (value, before, text) => {
    const { from, to } = before;
    const put = typeof value === "number" ? numberText(value, text.slice(from, to)) : JSON.stringify(value);
    return { from, to, put };
  },
};

const BLANKS = /[ \t\r\n\uFEFF]+|\/\/[^\r\n]*|\/\*[^]*?\*\//y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*"/y;
const WORD = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;

class Reader {
  readonly twice = new Set<string>();
  others = 0;
  readonly #text: string;
  readonly #values = new Map<string, Written>();
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith("\uFEFF") ? 1 : 0;
  }

  found(): Written[] {
    return [...this.#values.values()];
  }

  whole(): void {
    this.#value([]);
    this.#blanks();
    if (this.#at < this.#text.length) this.#fail(`${this.#shown()} after the end`);
  }

  #value(path: readonly string[]): void {
    this.#blanks();
    const letter = this.#text[this.#at];
    if (letter === "{") return this.#object(path);
    if (letter === "[") return this.#array(path);
    const from = this.#at;
    if (letter === '"') return this.#note(path, this.#string(), from);
    const word = this.#take(WORD);
    if (word === null) return this.#fail(`${this.#shown()} where a value belongs`);
    const value = JSON.parse(word) as Plain;
    // A number that JavaScript cannot hold would come back as another one.
    if (typeof value === "number" && !isExact(value, word)) this.others++;
    else this.#note(path, value, from);
  }

  #note(path: readonly string[], value: Plain, from: number): void {
    const to = this.#at;
    if (path.length === 0 || path.includes(IN_LIST)) {
      this.others++;
      return;
    }
    const key = JSON.stringify(path);
    this.#values.delete(key);
    const comment = commentAround(this.#text, lineStartOf(this.#text, from), to, /^(?:\/\/|\/\*|\*)/);
    this.#values.set(key, { path, value, from, to, comment });
  }

  #object(path: readonly string[]): void {
    if (path.length > DEEPEST) this.#fail(`it goes deeper than ${DEEPEST} levels`);
    const seen = new Set<string>();
    this.#at++;
    for (;;) {
      this.#blanks();
      if (this.#text[this.#at] === "}") break;
      if (this.#text[this.#at] !== '"') this.#fail(`${this.#shown()} where a name in double quotes or "}" belongs`);
      const name = this.#string();
      if (seen.has(name)) this.#forget([...path, name]);
      seen.add(name);
      this.#blanks();
      if (this.#text[this.#at] !== ":") this.#fail(`${this.#shown()} where ":" belongs after "${name}"`);
      this.#at++;
      this.#value([...path, name]);
      this.#blanks();
      if (this.#text[this.#at] === ",") this.#at++;
      else if (this.#text[this.#at] !== "}") this.#fail(`${this.#shown()} where "," or "}" belongs`);
    }
    this.#at++;
  }

  #array(path: readonly string[]): void {
    if (path.length > DEEPEST) this.#fail(`it goes deeper than ${DEEPEST} levels`);
    this.#at++;
    for (;;) {
      this.#blanks();
      if (this.#text[this.#at] === "]") break;
      this.#value([...path, IN_LIST]);
      this.#blanks();
      if (this.#text[this.#at] === ",") this.#at++;
      else if (this.#text[this.#at] !== "]") this.#fail(`${this.#shown()} where "," or "]" belongs`);
    }
    this.#at++;
  }

  /** Of a name that stands twice, what the first one held does not count. */
  #forget(path: readonly string[]): void {
    this.twice.add(path.at(-1) ?? "");
    for (const [key, { path: known }] of this.#values) {
      if (path.every((name, at) => known[at] === name)) this.#values.delete(key);
    }
  }

  #string(): string {
    const found = this.#take(TEXT);
    if (found === null) this.#fail("a text that never ends, or with an escape that JSON does not know");
    return JSON.parse(found ?? '""') as string;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }

  #blanks(): void {
    while (this.#take(BLANKS) !== null);
    if (this.#text.startsWith("/*", this.#at)) this.#fail("a comment that never ends");
  }

  #shown(): string {
    const letter = this.#text[this.#at];
    return letter === undefined ? "the end" : letter === '"' ? "a text" : JSON.stringify(letter);
  }

  #fail(what: string): never {
    throw new TextProblem(what, lineAt(this.#text, this.#at));
  }
}

/** No name in JSON is a text with this letter in front that anybody would write. */
const IN_LIST = "\u0000[]";

const isExact = (value: number, word: string): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) && word.length <= 24;
