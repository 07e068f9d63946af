import type {
  ConfigApplied,
  ConfigEntry,
  ConfigField,
  ConfigForm,
  ConfigSection,
  ConfigValue,
} from "../protocol/config.js";
import { onOneLine, printable, table } from "./words.js";

export function formText({ sections, outdated }: ConfigForm): string {
  const parts = sections.map(sectionText);
  if (outdated.length > 0) parts.push(`Restart to apply what has changed: ${outdated.join(", ")}`);
  return parts.length === 0 ? "Nothing was found that can be set" : parts.join("\n\n");
}

function sectionText({ title, file, notes, problem, fields, others }: ConfigSection): string {
  const head = file === null || file === title ? title : `${title} (${file})`;
  const rows = fields.map((field) => [
    `${field.changed ? "*" : " "} ${field.key}`,
    shownValue(field),
    field.kind === "text" ? "" : field.kind,
    field.label,
  ]);
  return [
    onOneLine(head),
    ...notes.map((note) => `  ${onOneLine(note)}`),
    ...(problem === null ? [] : [`  ${onOneLine(problem.message)}`]),
    ...(rows.length === 0 ? [] : [table(rows)]),
    ...(others === 0 ? [] : [`  and ${others} more that only its text shows`]),
  ].join("\n");
}

export const shownValue = ({ kind, value, isSet }: Pick<ConfigField, "kind" | "value" | "isSet">): string =>
  kind === "secret" ? (isSet === true ? "(set)" : "(not set)") : valueText(value);

const valueText = (value: ConfigValue | undefined): string =>
  value === null || value === undefined
    ? "-"
    : value === true
      ? "on"
      : value === false
        ? "off"
        : onOneLine(String(value));

export function fieldText(field: ConfigField): string {
  const { id, label, help, kind, min, max, choices, default: usual } = field;
  const rows = [
    ["setting", id],
    ["label", label],
    ["kind", kind],
    ["value", shownValue(field)],
    ...(usual === undefined ? [] : [["default", valueText(usual)]]),
    ...(min === undefined ? [] : [["least", String(min)]]),
    ...(max === undefined ? [] : [["most", String(max)]]),
    ...(choices === undefined ? [] : [["choices", choices.map(({ value }) => value).join(", ")]]),
  ];
  return [table(rows), ...(help === "" ? [] : [printable(help)])].join("\n");
}

export function appliedText({ changed, warnings, outdated, restarted }: ConfigApplied): string {
  return [
    changed.length === 0 ? "Nothing has changed" : `Changed ${changed.map(onOneLine).join(", ")}`,
    ...warnings.map(onOneLine),
    ...restarted.map((id) => `Started again as ${id}`),
    ...(outdated.length === 0
      ? []
      : [`It runs with what it read before (${outdated.join(", ")}): restart it, or set with --restart`]),
  ].join("\n");
}

export const historyText = (entries: readonly ConfigEntry[]): string =>
  entries.length === 0 ? "Nothing has been changed here yet" : entries.map(entryText).join("\n");

function entryText({ id, at, kind, of, changes, undone, canUndo }: ConfigEntry): string {
  const what = kind === "preset" ? `preset ${of ?? ""}` : kind === "text" ? `text of ${of ?? ""}` : kind;
  const marks = undone ? "  (undone)" : canUndo ? "" : "  (cannot be undone)";
  const lines = changes.map(({ key, before, after, secret }) =>
    secret === true ? `    ${key}: (secret)` : `    ${key}: ${valueText(before)} -> ${valueText(after)}`,
  );
  return [onOneLine(`${id}  ${at}  ${what}${marks}`), ...lines.map(onOneLine)].join("\n");
}
