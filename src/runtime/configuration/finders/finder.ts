import type { AskedValue, LauncherSettings } from "../../protocol/launcher.js";
import type { Rules } from "../kinds/kind.js";
import type { Plain } from "../formats/format.js";

/** One setting, as a source has it now. */
export interface Value {
  path: readonly string[];
  /** Also that of a secret: it goes no further than the form. */
  value: Plain;
  help: string;
  label?: string | undefined;
  /** What it is without a person; missing where nobody knows. */
  default?: Plain | undefined;
  /** What is known of it already; else it is recognised. */
  rules?: Rules | undefined;
  placeholder?: string | undefined;
  optional: boolean;
}

export interface Reading {
  values: Value[];
  /** How many values only the text shows. */
  others: number;
  notes: string[];
}

/** A value to be written. */
export interface Wanted {
  path: readonly string[];
  value: Plain;
  /** It goes, with its name, where the source can do that. */
  isGone?: boolean;
}

/** What has been made ready to be written. */
export interface Prepared {
  commit(): void;
  /** Makes it as it was, after `commit`. */
  takeBack(): void;
}

/** The text behind a source. */
export interface SourceText {
  /** With a mark in place of each secret. */
  read(): { text: string; version: string };
  /** Throws for a text that is no longer the one that was read, or is not in its format. */
  prepare(text: string, version: string | null): Prepared;
}

/** A place where settings of an app live: one section of its form. */
export interface Source {
  readonly id: string;
  readonly title: string;
  readonly kind: "variables" | "file" | "flags";
  /** Below the app's folder. */
  readonly file: string | null;
  /** Scripts that read it; null for any of the app. */
  readonly readBy: readonly string[] | null;
  /** Values are texts there, whatever they mean. */
  readonly isText: boolean;
  /** Values can be added by name. */
  readonly takesMore: boolean;
  readonly text: SourceText | null;
  read(): Reading;
  /** Checks and computes; nothing is written before `commit`. */
  prepare(wanted: readonly Wanted[]): Prepared;
}

/** An app whose settings are looked for. */
export interface AppPlace {
  id: string;
  folder: string;
  launcher: LauncherSettings;
  /** What its scripts ask for and keep in a file, or in ENVIRONMENT. */
  asked(file: string | null, path: readonly string[]): AskedValue | null;
  /** A file's text as its author has it, or null. */
  original(file: string): Promise<string | null>;
}

/** One way to find settings. Implementations are the sibling files, listed in `index.ts`. */
export interface Finder {
  find(app: AppPlace): Promise<Source[]>;
}
