import { maskSecrets } from "../base/mask-secrets.js";
import { type ConfigChange, type ConfigValue, valueProblem } from "../protocol/config.js";
import { shownIn } from "../protocol/taken-values.js";
import { isSameTo, type SourceField } from "./fields.js";
import type { Found } from "./found.js";
import { newField } from "./named.js";
import type { ConfigState } from "./state.js";

/** What a person has set of an app, as another machine can have it too. */
export interface SetHere {
  /** By field, where it is not as the app has it. */
  values: Record<string, ConfigValue>;
  /** Names of what is secret, or looks so: it stays here. */
  secrets: string[];
}

type Kept = Pick<ConfigState, "history" | "firsts">;

export function setHere(fields: readonly SourceField[], kept: Kept, ownSecrets: readonly string[]): SetHere {
  const asText = new Set(kept.history.flatMap(({ text }) => (text === undefined ? [] : [text.section])));
  const secretSet = new Set(
    kept.history.flatMap(({ changes }) => changes.flatMap(({ field, secret }) => (secret === true ? [field] : []))),
  );
  const set: SetHere = { values: {}, secrets: [] };
  for (const { field, source, path } of fields) {
    const { id, key, kind, value } = field;
    const isByName = Object.hasOwn(kept.firsts, id);
    if (kind === "secret") {
      const isOwn = isByName || secretSet.has(id) || asText.has(source.id) || ownSecrets.includes(path[0] ?? "");
      if (isOwn && field.isSet === true) set.secrets.push(key);
    } else if (isSet(field, isByName, asText.has(source.id))) {
      if (typeof value === "string" && maskSecrets(value) !== value) set.secrets.push(key);
      else set.values[id] = value;
    }
  }
  return set;
}

/** In a text that a person has changed, what nobody knows the first value of is theirs. */
const isSet = (field: SourceField["field"], isByName: boolean, isByText: boolean): boolean =>
  isByName ? field.changed : isByText && (field.changed || field.default === undefined);

/** What has to be changed so that it is as it was elsewhere, and why some of it cannot be. What was set here stays. */
export function changesFrom(
  values: SetHere["values"],
  fields: readonly SourceField[],
  { found: { sources, machine }, kept }: { found: Found; kept: Kept },
): { changes: ConfigChange[]; left: string[] } {
  const known = new Map(fields.map((one) => [one.field.id, one]));
  const changes: ConfigChange[] = [];
  const left: string[] = [];
  for (const [id, value] of Object.entries(values)) {
    if (Object.hasOwn(kept.firsts, id)) continue;
    const target = known.get(id) ?? newField(id, sources, machine);
    const name = target?.field.key ?? id;
    if (target === null) left.push(`${name} is no setting of it here`);
    else if (target.field.kind === "secret" || isSameTo(target.field, value)) continue;
    else {
      const problem = valueProblem(target.field, value);
      if (problem === null) changes.push({ field: id, value });
      else left.push(`${name} cannot be ${shownIn(value)}: ${problem}`);
    }
  }
  return { changes, left };
}
