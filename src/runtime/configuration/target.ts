import { type ConfigChange, type ConfigValue, valueProblem } from "../protocol/config.js";
import { PinokioError } from "../protocol/errors.js";
import { isSameTo, type SourceField } from "./fields.js";
import type { Found } from "./found.js";
import { holdsMark } from "./hidden.js";
import { fieldNamed, newField } from "./named.js";

/** The field that a change is for; throws for a value that it cannot have, or that somebody else has changed. */
export function targetOf(
  fields: readonly SourceField[],
  { sources, machine }: Found,
  change: ConfigChange,
): SourceField {
  const known = fields.find(({ field }) => field.id === change.field) ?? newField(change.field, sources, machine);
  const target = known ?? fieldNamed(fields, change.field);
  const { field } = target;
  if (change.before !== undefined && field.kind !== "secret" && !isSameTo(field, change.before)) {
    throw new PinokioError(
      "file-changed",
      `${field.key} has been changed meanwhile: it is ${shownValue(field.value)} now`,
      { hint: "Look at it, then change it again; nothing was written" },
    );
  }
  const problem =
    typeof change.value === "string" && holdsMark(change.value)
      ? "It is the mark of a secret, not the secret"
      : valueProblem(field, change.value);
  if (problem === null) return target;
  const value = field.kind === "secret" ? "that" : shownValue(change.value);
  throw new PinokioError("request-invalid", `${field.key} cannot be ${value}: ${problem}`, {
    hint: "Nothing was written",
  });
}

const shownValue = (value: ConfigValue): string => (value === null ? "empty" : JSON.stringify(value));
