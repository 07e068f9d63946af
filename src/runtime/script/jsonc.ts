import { invalidText } from "./source-error.js";

/** JSON as authors write it: with comments, trailing commas, and sometimes the same key twice. */
export function parseJsonc(text: string, file: string): { value: unknown; warnings: string[] } {
  const warnings: string[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;

  const fail = (what: string, offset = at): never => {
    throw invalidText({ file, text, offset, what });
  };

  const skipBlanks = (): void => {
    for (;;) {
      BLANKS.lastIndex = at;
      const blanks = BLANKS.exec(text);
      if (blanks === null) break;
      at = BLANKS.lastIndex;
    }
    if (text.startsWith("/*", at)) fail("a comment that never ends");
  };

  const readText = (): string => {
    const start = at;
    TEXT.lastIndex = at;
    const found = TEXT.exec(text);
    if (found === null) return fail("a text that never ends or holds a line break", start);
    at = TEXT.lastIndex;
    try {
      return JSON.parse(found[0]) as string;
    } catch {
      return fail("a text with an escape that JSON does not know", start);
    }
  };

  const readObject = (): unknown => {
    const result: Record<string, unknown> = {};
    const seen = new Set<string>();
    at++;
    for (;;) {
      skipBlanks();
      if (text[at] === "}") break;
      const start = at;
      if (text[at] !== '"') fail(`${shown(text[at])} where a name in double quotes or "}" belongs`);
      const key = readText();
      if (seen.has(key)) {
        warnings.push(`${file}:${lineOf(text, start)}: "${key}" stands twice in one object; the last one counts`);
      }
      seen.add(key);
      skipBlanks();
      if (text[at] !== ":") fail(`${shown(text[at])} where ":" belongs after "${key}"`);
      at++;
      const value = readValue();
      Object.defineProperty(result, key, { value, writable: true, enumerable: true, configurable: true });
      skipBlanks();
      if (text[at] === ",") at++;
      else if (text[at] !== "}") fail(`${shown(text[at])} where "," or "}" belongs`);
    }
    at++;
    return result;
  };

  const readArray = (): unknown => {
    const result: unknown[] = [];
    at++;
    for (;;) {
      skipBlanks();
      if (text[at] === "]") break;
      result.push(readValue());
      skipBlanks();
      if (text[at] === ",") at++;
      else if (text[at] !== "]") fail(`${shown(text[at])} where "," or "]" belongs`);
    }
    at++;
    return result;
  };

  const readValue = (): unknown => {
    skipBlanks();
    if (text[at] === "{") return readObject();
    if (text[at] === "[") return readArray();
    if (text[at] === '"') return readText();
    WORD.lastIndex = at;
    const word = WORD.exec(text)?.[0];
    if (word === undefined) return fail(`${shown(text[at])} where a value belongs`);
    at += word.length;
    return JSON.parse(word);
  };

  const value = readValue();
  skipBlanks();
  if (at < text.length) fail(`${shown(text[at])} after the end`);
  return { value, warnings };
}

const BLANKS = /[ \t\r\n\uFEFF]+|\/\/[^\n]*|\/\*[^]*?\*\//y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
const WORD = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;

function shown(character: string | undefined): string {
  if (character === undefined) return "the end";
  return character === '"' ? "a text" : `"${character}"`;
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
