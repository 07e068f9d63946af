import { PinokioError } from "../protocol/errors.js";
import { fieldOf, type SourceField } from "./fields.js";
import type { Source } from "./finders/finder.js";
import type { MachineHint } from "./kinds/kind.js";

export function sourceNamed(sources: readonly Source[], id: string): Source {
  const found = sources.find((source) => source.id === id || source.file === id);
  if (found !== undefined) return found;
  throw new PinokioError("request-invalid", `This app has no settings named ${id}`, {
    hint: `There are ${sources.map((source) => source.id).join(", ") || "none"}`,
  });
}

export function textOf({ text, title }: Source): NonNullable<Source["text"]> {
  if (text !== null) return text;
  throw new PinokioError("request-invalid", `${title} is not kept as text`);
}

/** By its id, else by a name that only one of them has. */
export function fieldNamed(fields: readonly SourceField[], name: string): SourceField {
  const exact = fields.find(({ field }) => field.id === name);
  if (exact !== undefined) return exact;
  const meant = fields.filter(({ field, path }) => field.key === name || path.at(-1) === name);
  const [only, ...others] = meant;
  if (only !== undefined && others.length === 0) return only;
  const what = only === undefined ? `This app has no setting named ${name}` : `${name} is the name of several settings`;
  throw new PinokioError("request-invalid", what, {
    hint:
      only === undefined
        ? "`pinokiocloud config get` shows them"
        : `Say which: ${meant.map(({ field }) => field.id).join(", ")}`,
  });
}

/** A variable that is not there yet. */
export function newField(id: string, sources: readonly Source[], machine: MachineHint): SourceField | null {
  const source = sources.find((one) => one.takesMore && id.startsWith(`${one.id}#`));
  if (source === undefined) return null;
  const path = [id.slice(source.id.length + 1)];
  const field = fieldOf(source, { path, value: null, help: "", optional: true }, { machine, firsts: {} });
  return { ...field, isNew: true };
}
