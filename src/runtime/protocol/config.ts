import * as z from "zod";
import { isMemorySize } from "./app-settings.js";
import { WireError } from "./errors.js";
import { AppId, RunId } from "./ids.js";
import { numberWords } from "./taken-values.js";

export const CONFIG_KINDS = [
  "text",
  "lines",
  "number",
  /** Memory or disk, such as 8 GB. */
  "size",
  "switch",
  "choice",
  "file",
  "folder",
  "model",
  "gpu",
  "port",
  "secret",
] as const;
export type ConfigKind = (typeof CONFIG_KINDS)[number];

const MOST_CHARACTERS = 20_000;

/** Null stands for nothing: no value, or what the app itself takes. */
export const ConfigValue = z.union([z.string().max(MOST_CHARACTERS), z.number(), z.boolean(), z.null()]);
export type ConfigValue = z.infer<typeof ConfigValue>;

const ConfigChoice = z.object({ value: z.string(), label: z.string(), help: z.string().optional() });
export type ConfigChoice = z.infer<typeof ConfigChoice>;

/** One setting, with the rules that a value of it keeps. */
export const ConfigField = z.object({
  /** Names it among all of its app. */
  id: z.string(),
  /** As its author calls it, such as `server.port`. */
  key: z.string(),
  label: z.string(),
  help: z.string(),
  kind: z.enum(CONFIG_KINDS),
  /** Always null for a secret. */
  value: ConfigValue,
  /** Of a secret, whether there is one. */
  isSet: z.boolean().optional(),
  /** What it is without a person; missing where nobody knows. */
  default: ConfigValue.optional(),
  changed: z.boolean(),
  /** Null is a value of it. */
  optional: z.boolean(),
  placeholder: z.string().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  whole: z.boolean().optional(),
  choices: z.array(ConfigChoice).optional(),
  /** Other values than the choices are taken as well. */
  open: z.boolean().optional(),
  /** What the name of a file ends with. */
  endings: z.array(z.string()).optional(),
  /** Where somebody who looks for a file may begin. */
  places: z.array(z.object({ name: z.string(), path: z.string() })).optional(),
});
export type ConfigField = z.infer<typeof ConfigField>;

export const ConfigSection = z.object({
  id: z.string(),
  title: z.string(),
  /** Where its values live. */
  kind: z.enum(["variables", "file", "flags"]),
  /** Below the app's folder, where it is a file. */
  file: z.string().nullable(),
  /** What a person should know before changing something. */
  notes: z.array(z.string()),
  /** Why its values cannot be shown, or null. */
  problem: WireError.nullable(),
  fields: z.array(ConfigField),
  /** How many values only the text shows. */
  others: z.number(),
  /** It can be looked at and changed as text. */
  hasText: z.boolean(),
  /** Further values can be added to it by name. */
  takesMore: z.boolean(),
});
export type ConfigSection = z.infer<typeof ConfigSection>;

const PresetName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .refine((name) => !/[\u0000-\u001f\u007f]/.test(name), "is not a name");

/** Values by field, without secrets: a file that can be given to others. */
export const ConfigPreset = z.object({
  name: PresetName,
  /** The app it was made with. */
  app: z.string(),
  at: z.string(),
  values: z.record(z.string(), ConfigValue),
});
export type ConfigPreset = z.infer<typeof ConfigPreset>;

export const ConfigForm = z.object({
  app: AppId,
  sections: z.array(ConfigSection),
  presets: z.array(z.object({ name: z.string(), at: z.string(), count: z.number() })),
  /** Runs that have read what has changed since they were started. */
  outdated: z.array(RunId),
  canUndo: z.boolean(),
});
export type ConfigForm = z.infer<typeof ConfigForm>;

export const ConfigChange = z.strictObject({
  /** A field's id, or for a value that is not there yet `<section>#<name>`. */
  field: z.string().min(1).max(2_000),
  value: ConfigValue,
  /** What it was when a person looked: if it is another by now, nothing is written. */
  before: ConfigValue.optional(),
});
export type ConfigChange = z.infer<typeof ConfigChange>;

/** What was done, for the person who looks back. Secrets are named and never told. */
export const ConfigEntry = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.enum(["set", "text", "preset", "undo"]),
  /** The preset's name, or the section's title. */
  of: z.string().nullable(),
  changes: z.array(
    z.object({
      field: z.string(),
      key: z.string(),
      before: ConfigValue.optional(),
      after: ConfigValue.optional(),
      secret: z.boolean().optional(),
      /** There was nothing of that name before. */
      isNew: z.boolean().optional(),
    }),
  ),
  /** It has been taken back. */
  undone: z.boolean(),
  /** False where what was before is not known, such as an earlier secret. */
  canUndo: z.boolean(),
});
export type ConfigEntry = z.infer<typeof ConfigEntry>;

export const ConfigApplied = z.object({
  /** Keys of what has changed. */
  changed: z.array(z.string()),
  /** What a person should know although it was written. */
  warnings: z.array(z.string()),
  /** Runs that go on with what they read before. */
  outdated: z.array(RunId),
  /** Runs that were started in their place. */
  restarted: z.array(RunId),
});
export type ConfigApplied = z.infer<typeof ConfigApplied>;

type Rules = Pick<ConfigField, "kind" | "optional" | "min" | "max" | "whole" | "choices" | "open">;

/** Why a value cannot be taken, in words that say what can, or null: the same for whoever types it. */
export function valueProblem(field: Rules, value: ConfigValue): string | null {
  if (value === null) return field.optional || field.kind === "secret" ? null : neededText(field);
  if (!isOfKind(field, value)) return neededText(field);
  return typeof value === "string" ? (field.kind === "lines" ? controlProblem(value) : lineProblem(value)) : null;
}

function isOfKind({ kind, min = -Infinity, max = Infinity, whole, choices, open }: Rules, value: ConfigValue): boolean {
  switch (kind) {
    case "switch":
      return typeof value === "boolean";
    case "number":
    case "port": {
      if (typeof value !== "number" || !Number.isFinite(value)) return false;
      return value >= min && value <= max && (whole !== true || Number.isInteger(value));
    }
    case "choice":
    case "gpu":
      return typeof value === "string" && (open === true || choices?.some((choice) => choice.value === value) === true);
    case "size":
      return typeof value === "string" && isMemorySize(value);
    default:
      return typeof value === "string";
  }
}

/** What can be taken, as a sentence. */
function neededText(field: Rules): string {
  const { kind, choices = [], open } = field;
  const known = choices.map(({ value }) => value).join(", ");
  switch (kind) {
    case "switch":
      return "On or off is needed";
    case "number":
    case "port":
      return `A${numberWords(field).slice(1)} is needed`;
    case "choice":
    case "gpu":
      return open === true || known === "" ? "A value is needed" : `One of ${known} is needed`;
    case "size":
      return "A size such as 8 GB, at least 16 MB, is needed";
    default:
      return "Text is needed";
  }
}

const lineProblem = (value: string): string | null =>
  /[\r\n]/.test(value) ? "It has to be on one line" : controlProblem(value);

const controlProblem = (value: string): string | null =>
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(value) ? "It holds characters that cannot be seen" : null;

const SWITCH_WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  "1": true,
  false: false,
  off: false,
  no: false,
  "0": false,
};

/** What a person means who types a value; a text that means nothing stays a text, which `valueProblem` refuses. */
export function typedValue({ kind, optional }: Pick<ConfigField, "kind" | "optional">, written: string): ConfigValue {
  const text = written.trim();
  switch (kind) {
    case "switch":
      return SWITCH_WORDS[text.toLowerCase()] ?? text;
    case "number":
    case "port": {
      if (text === "") return optional ? null : text;
      const value = Number(text.replace(",", "."));
      return Number.isFinite(value) ? value : text;
    }
    case "size":
    case "choice":
    case "gpu":
    case "file":
    case "folder":
    case "model":
      return text === "" && optional ? null : text;
    case "secret":
      return written === "" ? null : written;
    case "text":
    case "lines":
      return written;
  }
}
