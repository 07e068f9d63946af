import type { ConfigSection } from "../protocol/config.js";
import { toWireError } from "../protocol/errors.js";
import { fieldOf, type FieldWorld } from "./fields.js";
import type { Source } from "./finders/finder.js";

/** A source as a person sees it; one that cannot be read says why. */
export function sectionOf(source: Source, world: FieldWorld): ConfigSection {
  const { id, title, kind, file, takesMore, text } = source;
  const head = { id, title, kind, file, takesMore, hasText: text !== null };
  try {
    const { values, others, notes } = source.read();
    const fields = values.map((value) => fieldOf(source, value, world).field);
    return { ...head, notes, problem: null, fields, others };
  } catch (error) {
    return { ...head, notes: [], problem: toWireError(error), fields: [], others: 0 };
  }
}
