import { EveryApp } from "../protocol/app-settings.js";
import { type ConfigChange, type ConfigValue, valueProblem } from "../protocol/config.js";
import { PinokioError } from "../protocol/errors.js";
import type { SettingsForm } from "../protocol/system.js";
import { shownIn } from "../protocol/taken-values.js";
import { idleMinutesOf, SettingsSpec } from "./settings.js";
import { SETTING_FIELDS, SETTING_SECTIONS, type SettingField } from "./settings-fields.js";
import { isObject, type Json, readSettings, rewriteSettings, unreadable } from "./settings-text.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Every setting of a home with what it is now. Throws when the file cannot be read. */
export function settingsForm(file: string, env: Environment): SettingsForm {
  const written = readSettings(file);
  return {
    file,
    sections: SETTING_SECTIONS.map(({ id: section, title, note }) => ({
      id: section,
      title,
      notes: note === undefined ? [] : [note],
      fields: SETTING_FIELDS.filter((field) => field.section === section).map((field) => {
        const { section: _, ...shown } = field;
        const value = valueIn(written, field);
        const isOther = value !== (field.default ?? null);
        return { ...shown, help: `${field.help}${inPlaceOf(field, env)}`, value, changed: isOther };
      }),
    })),
  };
}

/** All of the changes, or none where one of them cannot be taken. What else stands in the file stays. */
export function changeSettings(file: string, changes: readonly ConfigChange[]): void {
  rewriteSettings(file, (whole) => changes.reduce((next, change) => changed(file, next, change), whole));
}

function changed(file: string, whole: Json, { field: id, value: given, before }: ConfigChange): Json {
  const field = SETTING_FIELDS.find((one) => one.id === id);
  if (field === undefined) {
    throw new PinokioError("request-invalid", `There is no setting named ${id}`, {
      hint: "`pinokiocloud settings get` shows them",
    });
  }
  const value = given === "" && field.optional ? null : given;
  const now = valueIn(whole, field);
  if (before !== undefined && before !== now) {
    throw new PinokioError("file-changed", `${field.label} has been changed meanwhile: it is ${said(now)} now`, {
      hint: "Look at what it is now, then change it again",
    });
  }
  const problem = valueProblem(field, value) ?? schemaProblem(field, value);
  if (problem !== null) {
    throw new PinokioError("request-invalid", `${id} cannot be ${shownIn(value)}: ${problem}`, {
      hint: "Nothing was written",
    });
  }
  return put(file, whole, id.split("."), value === (field.default ?? null) ? null : written(field, value));
}

/** A value that is as usual, or nothing, is not written. */
function put(file: string, whole: Json, [name = "", ...below]: readonly string[], value: unknown): Json {
  const { [name]: known, ...others } = whole;
  if (below.length === 0) return value === null ? others : { ...whole, [name]: value };
  if (known !== undefined && !isObject(known)) throw unreadable(file, `${name} is not an object`);
  const inner = put(file, known ?? {}, below, value);
  return Object.keys(inner).length === 0 ? others : { ...whole, [name]: inner };
}

/** The same rules as whoever reads the file. */
function schemaProblem(field: SettingField, value: ConfigValue): string | null {
  if (value === null) return null;
  const [head = "", ...below] = field.id.split(".");
  const checked =
    below.length === 0
      ? SettingsSpec.safeParse({ [head]: written(field, value) })
      : EveryApp.safeParse({ [below.join(".")]: written(field, value) });
  return checked.success ? null : (checked.error.issues[0]?.message ?? "cannot be used");
}

function written({ kind }: SettingField, value: ConfigValue): unknown {
  if (kind !== "lines" || typeof value !== "string") return value;
  return value
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function valueIn(whole: Json, { id, default: usual = null }: SettingField): ConfigValue {
  const found = id.split(".").reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), whole);
  if (Array.isArray(found)) return found.length === 0 ? usual : found.join("\n");
  return typeof found === "string" || typeof found === "number" || typeof found === "boolean" ? found : usual;
}

const said = (value: ConfigValue): string => (value === null ? "not set" : String(value));

function inPlaceOf({ id }: SettingField, env: Environment): string {
  const minutes = id === "idleMinutes" ? idleMinutesOf(env) : null;
  return minutes === null ? "" : ` PINOKIOCLOUD_IDLE_MINUTES says ${minutes}, and wins until the next start.`;
}
