import type { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "./file-errors.js";

/** What dotenv 16 reads: `export` and `:` are allowed, `#` begins a comment outside of quotes, nothing is expanded. */
const LINE =
  /^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(#.*)?$/gm;

/**
 * In a file that dotenv reads, no value can be written that holds every kind of quotes and needs some around it. Such
 * values have words in place of what is in the way, and say so.
 */
const WITH_WORDS = "# \\x22 is a double quote, \\x5c a backslash";
const WORDS: Record<string, string> = { '"': "\\x22", "\\": "\\x5c", "\n": "\\n", "\r": "\\r" };

export function parseEnv(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [, name = "", written = "", comment] of text.replace(/\r\n?/g, "\n").matchAll(LINE))
    values[name] = comment === WITH_WORDS ? withoutWords(written) : unquote(written);
  return values;
}

/** Every line that gives a value, as often as it stands there, with where the value is written. */
export function envLines(text: string): { name: string; value: string; from: number; to: number }[] {
  return [...text.matchAll(new RegExp(LINE.source, "dgm"))].map((found) => {
    const [, name = "", given, comment] = found;
    const [start, end] = found.indices?.[2] ?? [0, 0];
    const raw = text.slice(start, end);
    const isGiven = given !== undefined && raw.trim() !== "";
    const nameEnd = found.indices?.[1]?.[1] ?? 0;
    const empty = nameEnd + (/^[ \t]*[=:]/.exec(text.slice(nameEnd))?.[0].length ?? 0);
    const from = isGiven ? start + raw.length - raw.trimStart().length : empty;
    const to = isGiven ? start + raw.trimEnd().length : empty;
    const plain = raw.replace(/\r\n?/g, "\n");
    return { name, value: comment === WITH_WORDS ? withoutWords(plain) : unquote(plain), from, to };
  });
}

function unquote(written: string): string {
  const value = written.trim();
  const plain = value.replace(/^(['"`])([\s\S]*)\1$/, "$2");
  return value.startsWith('"') ? plain.replaceAll("\\n", "\n").replaceAll("\\r", "\r") : plain;
}

const withoutWords = (written: string): string =>
  written
    .trim()
    .slice(1, -1)
    .replace(/\\(?:x22|x5c|n|r)/g, (word) => CHARACTERS.get(word) ?? word);

const CHARACTERS = new Map(Object.entries(WORDS).map(([character, word]) => [word, character]));

/** A file's text, or null when there is none; some editors write UTF-16. */
export function readEnvText(path: string): string | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(errnoOf(error) ?? "")) return null;
    throw error;
  }
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return bytes.subarray(2).toString("utf16le");
  if (first === 0xfe && second === 0xff) return bytes.subarray(2).swap16().toString("utf16le");
  if (bytes.length > 1 && second === 0) return bytes.toString("utf16le");
  return bytes.toString("utf8").replace(/^\uFEFF/, "");
}

/** What a file says; empty values say nothing, and `./` means `root`. */
export function readEnvFile(path: string, root: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(readEnvText(path) ?? ""))) {
    if (value !== "") values[name] = value === "." || value.startsWith("./") ? join(root, value) : value;
  }
  return values;
}

/** Replaces the lines of these names and adds those that are missing; everything else stays as it is. */
export function setInEnvText(text: string, values: Record<string, string>): string {
  let result = text;
  for (const [name, value] of Object.entries(values)) {
    const line = `${name}=${quoteEnvValue(value)}`;
    const found = [...result.matchAll(LINE)].filter(([, known]) => known === name).at(-1);
    if (found === undefined) {
      result += `${result === "" || result.endsWith("\n") ? "" : "\n"}${line}\n`;
    } else {
      const [whole] = found;
      const lead = /^\s*/.exec(whole)?.[0] ?? "";
      const tail = /\s*$/.exec(whole)?.[0] ?? "";
      result = result.slice(0, found.index) + lead + line + tail + result.slice(found.index + whole.length);
    }
  }
  return result;
}

/** Only what would read differently is put in quotes. */
export function quoteEnvValue(value: string): string {
  if (!/^[\s'"`]|[#\r\n]|\s$/.test(value)) return value;
  const isPlain = !value.endsWith("\\"); // before a closing quote it would take that for a part of the value
  for (const mark of ["'", "`"]) {
    if (isPlain && !/\r/.test(value) && !value.includes(mark)) return `${mark}${value}${mark}`;
  }
  if (isPlain && !/"|\\[nr]/.test(value)) return `"${value.replaceAll("\n", "\\n").replaceAll("\r", "\\r")}"`;
  return `"${value.replace(/["\\\n\r]/g, (character) => WORDS[character] ?? "")}" ${WITH_WORDS}`;
}
