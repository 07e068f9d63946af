import { join } from "node:path";
import { PinokioError } from "../protocol/errors.js";
import { type Format, type Plain, type ReadText, TextProblem, type Written } from "./formats/format.js";
import type { Prepared, Reading, Source, SourceText, Value, Wanted } from "./finders/finder.js";
import { hideSecrets, withSecrets } from "./hidden.js";
import { changedMeanwhile, readTextFile, replaceText, type TextFile } from "./text-file.js";

/** More than these no form can show; the text does. */
const MOST_VALUES = 400;

export interface TextPlace {
  /** The app's folder. */
  app: string;
  /** Below it. */
  file: string;
  format: Format;
  /** The text as its author has it, or null. */
  original: string | null;
}

interface ReadFile {
  file: TextFile;
  read: ReadText;
}

/** A file of settings: what it says, and how it is changed without touching the rest. */
export class TextSettings {
  readonly #place: TextPlace;
  readonly #defaults: ReadonlyMap<string, Plain>;

  constructor(place: TextPlace) {
    this.#place = place;
    this.#defaults = defaultsIn(place);
  }

  get text(): SourceText {
    return {
      read: () => {
        const { file, values } = this.#forText();
        return { text: hideSecrets(file.text, values, this.#place.format.name).text, version: file.version };
      },
      prepare: (text, version) => {
        const { file, values } = this.#forText();
        if (version !== null && file.version !== version) throw changedMeanwhile(this.#place.file);
        const { secrets } = hideSecrets(file.text, values, this.#place.format.name);
        const next = withSecrets(text, secrets);
        this.#parsed(next, { isNext: true });
        return this.#replacing(file, next);
      },
    };
  }

  reading(more: (written: Written) => Partial<Value>): Reading {
    const { read } = this.now();
    const values = read.values.slice(0, MOST_VALUES).map((written): Value => {
      const { path, value, comment } = written;
      const usual = this.#defaults.get(keyOf(path));
      return {
        path,
        value,
        help: comment,
        ...(usual === undefined ? {} : { default: usual }),
        optional: value === null || usual === null,
        ...more(written),
      };
    });
    return { values, others: read.others + read.values.length - values.length, notes: read.notes };
  }

  defaultOf(path: readonly string[]): Plain | undefined {
    return this.#defaults.get(keyOf(path));
  }

  now(): ReadFile {
    const { app, file: name } = this.#place;
    const file = readTextFile(app, join(app, name), name);
    if (file === null) throw new PinokioError("request-invalid", `${name} is not there any more`);
    return { file, read: this.#parsed(file.text) };
  }

  prepare(wanted: readonly Wanted[], convert: (value: Plain, before: Plain) => Plain): Prepared {
    const { file, read } = this.now();
    const { format } = this.#place;
    let text = file.text;
    const known = new Map(read.values.map((written) => [keyOf(written.path), written]));
    const places = wanted.map((one) => ({ isGone: false, ...one, at: known.get(keyOf(one.path)) }));
    // From the end, so that places further in front stay what they are.
    places.sort((a, b) => (b.at?.from ?? Infinity) - (a.at?.from ?? Infinity));
    const expected = new Map(read.values.map(({ path, value }) => [keyOf(path), value]));
    const missing: typeof places = [];
    for (const place of places) {
      const { path, value, at, isGone } = place;
      if (at === undefined) {
        if (!isGone) missing.push(place);
        continue;
      }
      if (isGone && format.remove !== undefined) {
        text = format.remove(text, at);
        expected.delete(keyOf(path));
        continue;
      }
      const next = convert(value, at.value);
      const edit = format.write(next, at, text);
      if (edit === null) throw this.#notHere(path, "a value is needed there");
      text = text.slice(0, edit.from) + edit.put + text.slice(edit.to);
      expected.set(keyOf(path), next);
    }
    for (const { path, value } of missing) {
      const [name = ""] = path;
      if (format.add === undefined || path.length !== 1) throw this.#notHere(path, "there is no such value in it");
      const added = String(convert(value, null));
      text = format.add(text, name, added);
      expected.set(keyOf(path), added);
    }
    this.#check(text, expected);
    return this.#replacing(file, text);
  }

  /** Whatever was written has to read as what was meant, with everything else as it was. */
  #check(text: string, expected: ReadonlyMap<string, Plain>): void {
    const again = new Map(this.#parsed(text, { isNext: true }).values.map(({ path, value }) => [keyOf(path), value]));
    const isSame =
      again.size === expected.size && [...expected].every(([key, value]) => Object.is(again.get(key), value));
    if (isSame) return;
    throw new PinokioError("request-invalid", `${this.#place.file} cannot be changed there without changing more`, {
      hint: "Change it as text",
    });
  }

  #replacing(file: TextFile, text: string): Prepared {
    const { file: name } = this.#place;
    let after: string | null = null;
    return {
      commit: () => {
        if (text !== file.text) after = replaceText(file, text, name);
      },
      takeBack: () => {
        if (after !== null) replaceText({ ...file, version: after }, file.text, name);
      },
    };
  }

  /** A text that cannot be read as what it should be can still be looked at and corrected. */
  #forText(): { file: TextFile; values: readonly Written[] } {
    const { app, file: name } = this.#place;
    const file = readTextFile(app, join(app, name), name);
    if (file === null) throw new PinokioError("request-invalid", `${name} is not there any more`);
    try {
      return { file, values: this.#place.format.read(file.text).values };
    } catch {
      return { file, values: roughly(file.text) };
    }
  }

  #parsed(text: string, { isNext = false } = {}): ReadText {
    try {
      return this.#place.format.read(text);
    } catch (error) {
      if (!(error instanceof TextProblem)) throw error;
      const what = isNext ? "could not be read then" : "cannot be read";
      throw new PinokioError("request-invalid", `${this.#place.file} ${what}: ${error.message}`, {
        hint: isNext ? "Correct that; nothing was written" : "Correct it as text",
        ...(error.line === null ? {} : { context: { line: String(error.line) } }),
      });
    }
  }

  #notHere(path: readonly string[], why: string): PinokioError {
    return new PinokioError("request-invalid", `${path.join(".")} cannot be written into ${this.#place.file}: ${why}`);
  }
}

export const keyOf = (path: readonly string[]): string => JSON.stringify(path);

function defaultsIn({ format, original }: TextPlace): ReadonlyMap<string, Plain> {
  if (original === null) return new Map();
  try {
    return new Map(format.read(original).values.map(({ path, value }) => [keyOf(path), value]));
  } catch {
    return new Map();
  }
}

const ROUGH = /(["']?)([\w.-]+)\1[ \t]*[:=][ \t]*("(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'|[^\s,#"'{[\]}][^\r\n,#]*)/g;

/** Where values are in a text that is broken: enough to hide what is secret. */
function roughly(text: string): Written[] {
  return [...text.matchAll(new RegExp(ROUGH.source, "dg"))].flatMap((found) => {
    const [from, to] = found.indices?.[3] ?? [0, 0];
    return [{ path: [found[2] ?? ""], value: found[3] ?? "", from, to, comment: "" }];
  });
}

/** A value as a source keeps it, for one that is a text there, or has been of another kind. */
export function asBefore(value: Plain, before: Plain, isText: boolean): Plain {
  if (value === null) return isText ? "" : null;
  if (typeof value === "boolean" && typeof before !== "boolean") return switchText(value, before);
  if (isText) return String(value);
  if (typeof before === "number" && typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value)) return Number(value);
  if (typeof before === "string" && typeof value === "number") return String(value);
  return value;
}

const PAIRS: readonly (readonly [string, string])[] = [
  ["true", "false"],
  ["yes", "no"],
  ["on", "off"],
  ["1", "0"],
];

/** On or off, in the words that were there. */
export function switchText(value: boolean, before: Plain): Plain {
  if (typeof before === "number") return value ? 1 : 0;
  const word = before === null ? "" : String(before);
  const [yes, no] = PAIRS.find((pair) => pair.includes(word.toLowerCase())) ?? ["true", "false"];
  const next = value ? yes : no;
  if (/^[A-Z]+$/.test(word)) return next.toUpperCase();
  return /^[A-Z]/.test(word) ? next.slice(0, 1).toUpperCase() + next.slice(1) : next;
}

/** A text source, for finders. */
export function fileSource(
  settings: TextSettings,
  {
    id,
    file,
    notes,
    more,
  }: { id: string; file: string; notes: readonly string[]; more(written: Written): Partial<Value> },
  isText: boolean,
): Source {
  return {
    id,
    title: file,
    kind: "file",
    file,
    readBy: null,
    isText,
    takesMore: isText,
    text: settings.text,
    read: () => {
      const reading = settings.reading(more);
      return { ...reading, notes: [...notes, ...reading.notes] };
    },
    prepare: (wanted) => settings.prepare(wanted, (value, before) => asBefore(value, before, isText)),
  };
}
