import type { Scalar, YAMLParseError } from "yaml";
import {
  commentAround,
  DEEPEST,
  type Format,
  lineStartOf,
  numberText,
  type Plain,
  type ReadText,
  TextProblem,
  type Written,
} from "./format.js";

type Library = typeof import("../../base/apart/yaml.js");

let library: Library | null = null;

function yamlLibrary(): Library {
  if (library === null) throw new Error("The format was not prepared");
  return library;
}

/**
 * YAML: what the text says is read by the library, what is changed is the value's own place in the text. Values are
 * written so that readers of YAML 1.1, which most Python programs are, and of 1.2 see the same.
 */
export const yaml: Format = {
  name: "yaml",
  endings: [".yaml", ".yml"],
  prepare: async () => {
    library ??= await import("../../base/apart/yaml.js");
  },
  read: (text) => {
    const documents = yamlLibrary().parseAllDocuments(text, { logLevel: "silent", merge: false, strict: true });
    if (!Array.isArray(documents)) return { values: [], others: 0, notes: [] };
    for (const { errors } of documents) {
      const [first] = errors;
      if (first !== undefined) throw problemOf(first);
    }
    const [document, ...more] = documents;
    const found: ReadText = { values: [], others: 0, notes: [] };
    if (more.length > 0) {
      found.others = documents.length;
      found.notes.push("It holds several documents: change it as text");
    } else if (document !== undefined) walk(document.contents, [], text, found);
    return found;
  },
  write: (value, before, text) => {
    const { from, to } = before;
    return { from, to, put: written(value, before, text.slice(from, to)) };
  },
};

function problemOf({ message, linePos }: YAMLParseError): TextProblem {
  const [what = ""] = message.split("\n");
  return new TextProblem(what.replace(/ at line \d+, column \d+:?$/, ""), linePos?.[0].line ?? null);
}

function walk(node: unknown, path: readonly string[], text: string, found: ReadText): void {
  const { isMap, isScalar, isSeq } = yamlLibrary();
  if (path.length >= DEEPEST) throw new TextProblem(`it goes deeper than ${DEEPEST} levels`, null);
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) && key.tag === undefined ? key.value : undefined;
      const isName = ["string", "number", "boolean"].includes(typeof name) && name !== "<<";
      if (!isName || (value !== null && value !== undefined && !isPlace(value))) found.others++;
      else if (value === null || value === undefined) found.others++;
      else walk(value, [...path, String(name)], text, found);
    }
  } else if (isSeq(node)) found.others += Math.max(1, node.items.length);
  else if (isScalar(node)) noteScalar(node, path, text, found);
  else if (node !== null && node !== undefined) found.others++;
}

function isPlace(node: unknown): boolean {
  const { isAlias, isMap, isScalar, isSeq } = yamlLibrary();
  return !isAlias(node) && (isMap(node) || isSeq(node) || isScalar(node));
}

const STYLES = new Set<string | undefined>(["PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE"]);

function noteScalar(node: Scalar, path: readonly string[], text: string, found: ReadText): void {
  const { value, range, type, tag } = node;
  const isPlain = value === null || ["string", "boolean"].includes(typeof value) || isExact(value);
  if (path.length === 0 || range == null || tag !== undefined || !isPlain || !STYLES.has(type)) {
    found.others++;
    return;
  }
  const [from, to] = range;
  const word = text.slice(from, to);
  if (/[\r\n]/.test(word)) {
    found.others++; // a text over several lines is written in too many ways
    return;
  }
  const comment = commentAround(text, lineStartOf(text, from), to, /^#/);
  const own = type === "PLAIN" ? (WORDS_OF_1_1.get(word.toLowerCase()) ?? value) : value;
  found.values.push({ path, value: own as Plain, from, to, comment });
}

const isExact = (value: unknown): boolean =>
  typeof value === "number" && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));

/** In YAML 1.1, which Python's usual reader follows, these are switches. */
const WORDS_OF_1_1 = new Map([
  ["yes", true],
  ["no", false],
  ["on", true],
  ["off", false],
]);

const SWITCHES: readonly (readonly [string, string])[] = [
  ["true", "false"],
  ["yes", "no"],
  ["on", "off"],
];

function written(value: Plain, before: Written, word: string): string {
  if (value === null) return /^(?:~|null|Null|NULL)$/.test(word) ? word : "null";
  if (typeof value === "boolean") return switchWord(value, word);
  if (typeof value === "number") return numberText(value, word);
  if (word.startsWith('"')) return JSON.stringify(value);
  if (word.startsWith("'")) return isOneLine(value) ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
  return isBare(value) && typeof before.value === "string" ? value : JSON.stringify(value);
}

function switchWord(value: boolean, word: string): string {
  const [yes, no] = SWITCHES.find((pair) => pair.includes(word.toLowerCase())) ?? ["true", "false"];
  const next = value ? yes : no;
  if (/^[A-Z]+$/.test(word)) return next.toUpperCase();
  return /^[A-Z]/.test(word) ? `${next.slice(0, 1).toUpperCase()}${next.slice(1)}` : next;
}

const isOneLine = (value: string): boolean => !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\uFEFF]/.test(value);

/** What needs no quotes in any reader, inside of braces too: words that are no number, date, switch or nothing. */
const isBare = (value: string): boolean =>
  /^[A-Za-z/][\w ./+@%-]*$/.test(value) &&
  !/\s$|\s{2}/.test(value) &&
  !/^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i.test(value);
