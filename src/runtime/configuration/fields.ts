import { isSecretSetting } from "../protocol/secret-names.js";
import type { ConfigChange, ConfigField, ConfigValue } from "../protocol/config.js";
import type { Plain } from "./formats/format.js";
import type { Source, Value, Wanted } from "./finders/finder.js";
import { recognise } from "./kinds/index.js";
import { type Hint, type MachineHint, nameOf, type Rules } from "./kinds/kind.js";
import { labelOf, labelOfPath } from "./words.js";

/** A field of a form, and where its value goes. */
export interface SourceField {
  field: ConfigField;
  source: Source;
  path: readonly string[];
  /** As the source has it, where a secret is a secret. */
  value: Plain;
  /** It is not there yet. */
  isNew?: true;
}

export interface FieldWorld {
  machine: MachineHint;
  /** What a field was before a person first changed it here. */
  firsts: Readonly<Record<string, ConfigValue>>;
}

const MOST_HELP = 2_000;

export const fieldId = (section: string, path: readonly string[]): string =>
  `${section}#${path.map((name) => name.replace(/[\\.]/g, "\\$&")).join(".")}`;

/** The last part of an id's path. */
export const lastName = (id: string): string => (id.split("#").at(-1) ?? "").split(/(?<!\\)\./).at(-1) ?? "";

export function fieldOf(source: Source, value: Value, { machine, firsts }: FieldWorld): SourceField {
  const { path, help, placeholder } = value;
  const id = fieldId(source.id, path);
  const usual = value.default;
  const hint = { path, name: nameOf(path), value: value.value ?? usual ?? null, help, isText: source.isText, machine };
  const isSecret = source.kind !== "flags" && isSecretSetting(path);
  const first = Object.hasOwn(firsts, id) ? firsts[id] : undefined;
  const rules = isSecret ? recognise(hint) : (value.rules ?? rulesOf(hint, usual ?? first));
  const { kind } = rules;
  const now = shown(kind, value.value);
  const known = usual === undefined ? first : shown(kind, usual);
  const name = path.at(-1) ?? "";
  const field: ConfigField = {
    id,
    key: source.kind === "flags" ? name : path.join("."),
    label: value.label ?? (source.kind === "file" ? labelOfPath(path) : labelOf(name)),
    help: help.slice(0, MOST_HELP),
    ...rules,
    value: kind === "secret" ? null : now,
    ...(kind === "secret" ? { isSet: now !== null && now !== "" } : {}),
    ...(known === undefined || kind === "secret" ? {} : { default: known }),
    changed: kind !== "secret" && known !== undefined && !isSame(known, now),
    optional: value.optional || source.isText,
    ...(placeholder === undefined ? {} : { placeholder }),
  };
  return { field, source, path, value: value.value };
}

/** A value that is none of the choices does not take them away: what it was at first tells them too. */
function rulesOf(hint: Hint, first: Plain | undefined): Rules {
  const rules = recognise(hint);
  if (rules.kind === "choice" || rules.kind === "secret" || first === undefined) return rules;
  const usual = recognise({ ...hint, value: first });
  return usual.kind === "choice" ? usual : rules;
}

/** Nothing and an empty text are the same to a person. */
const isSame = (one: ConfigValue, other: ConfigValue): boolean => one === other || (one ?? "") === (other ?? "");

const YES = /^(?:true|yes|on|1)$/i;

/** Whether two values are the same to a field, whose kind may have been another one when one of them was written. */
export const isSameTo = ({ kind, value }: ConfigField, other: ConfigValue): boolean =>
  isSame(value, other) || isSame(value, shown(kind, other));

/** A value as its control has it. */
function shown(kind: ConfigField["kind"], value: Plain): ConfigValue {
  switch (kind) {
    case "switch":
      return typeof value === "boolean" ? value : YES.test(String(value));
    case "number":
    case "port":
      return value === null || value === "" ? null : Number(value);
    case "size":
    case "choice":
    case "gpu":
    case "model":
    case "file":
    case "folder":
    case "secret":
      return value === null || value === "" ? null : String(value);
    case "text":
    case "lines":
      return value === null ? null : String(value);
  }
}

/** What is to become of a field; `isGone` of one that was not there before. */
export interface FieldChange extends ConfigChange {
  isGone?: boolean;
}

/** What a source is asked to write for a field's new value. */
export function wantedOf({ field, source, path }: SourceField, { value, isGone = false }: FieldChange): Wanted {
  const isVariable = source.isText && (field.kind === "text" || field.kind === "lines");
  return { path, value, ...(value === null && (isVariable || isGone) ? { isGone: true } : {}) };
}
