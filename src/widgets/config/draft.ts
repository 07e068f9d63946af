import {
  type ConfigChange,
  type ConfigField,
  type ConfigValue,
  typedValue,
  valueProblem,
} from "../../runtime/protocol/config.js";

/** What a person has typed and not applied yet, by field. */
export type Draft = Readonly<Record<string, Typed>>;

export interface Typed {
  /** As it stands in the control. */
  typed: ConfigValue;
  /** What the field was when the person began. */
  seen: ConfigValue;
}

export const valueOf = (field: ConfigField, { typed }: Typed): ConfigValue =>
  typeof typed === "string" ? typedValue(field, typed) : typed;

/** What a control shows. */
export const shownIn = (field: ConfigField, draft: Draft): ConfigValue =>
  Object.hasOwn(draft, field.id) ? (draft[field.id]?.typed ?? null) : field.value;

export function problemOf(field: ConfigField, draft: Draft): string | null {
  const typed = draft[field.id];
  return typed === undefined ? null : valueProblem(field, valueOf(field, typed));
}

/** The draft after one more change; what is as it was is no change. */
export function typeInto(draft: Draft, field: ConfigField, typed: ConfigValue): Draft {
  const seen = draft[field.id]?.seen ?? field.value;
  const { [field.id]: _, ...others } = draft;
  const isSame = field.kind === "secret" ? typed === "" : valueOf(field, { typed, seen }) === field.value;
  return isSame ? others : { ...others, [field.id]: { typed, seen } };
}

export interface Pending {
  changes: ConfigChange[];
  /** Fields whose value cannot be taken. */
  wrong: ConfigField[];
}

/** As much of a section as a draft is about. */
interface DraftedSection {
  id: string;
  fields: readonly ConfigField[];
  takesMore?: boolean;
}

/** What is to be applied; a field that is not there any more is left out, one that is new is a variable. */
export function pendingOf({ sections }: { sections: readonly DraftedSection[] }, draft: Draft): Pending {
  const fields = new Map(sections.flatMap((section) => section.fields).map((field) => [field.id, field]));
  const pending: Pending = { changes: [], wrong: [] };
  for (const [id, typed] of Object.entries(draft)) {
    const field = fields.get(id);
    if (field === undefined) {
      const isNew = sections.some(({ takesMore, id: section }) => takesMore === true && id.startsWith(`${section}#`));
      if (isNew) pending.changes.push({ field: id, value: typed.typed });
    } else if (valueProblem(field, valueOf(field, typed)) !== null) pending.wrong.push(field);
    else if (field.kind === "secret") pending.changes.push({ field: id, value: valueOf(field, typed) });
    else pending.changes.push({ field: id, value: valueOf(field, typed), before: field.value });
  }
  return pending;
}
