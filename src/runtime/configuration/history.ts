import type { ConfigValue } from "../protocol/config.js";
import { PinokioError } from "../protocol/errors.js";
import type { FieldChange, SourceField } from "./fields.js";
import type { Entry } from "./state.js";

/** What was before is known: an earlier secret is not, unless there was none. */
export const canUndo = ({ undone, changes, text }: Entry): boolean =>
  !undone && (text !== undefined || changes.some(({ before }) => before !== undefined));

/** The change that is meant: the latest that can be undone, unless one is named. */
export function undoneBy(history: readonly Entry[], id: string | undefined): Entry {
  const entry =
    id === undefined
      ? [...history].reverse().find((one) => one.kind !== "undo" && canUndo(one))
      : history.find((one) => one.id === id);
  if (entry === undefined) {
    throw new PinokioError(
      "request-invalid",
      id === undefined ? "There is nothing to undo" : `No change has the id ${id}`,
    );
  }
  if (canUndo(entry)) return entry;
  const why = entry.undone ? "It has been taken back already" : "What a secret was before is not kept";
  throw new PinokioError("request-invalid", `That change cannot be taken back: ${why}`);
}

/** Only where it is still as the change has left it: what somebody did since is not lost. */
export function changesBack({ changes }: Entry): { changes: FieldChange[]; warnings: string[] } {
  return {
    changes: changes.flatMap(({ field, before, after, secret, isNew = false }) => {
      if (before === undefined) return [];
      const gone = isNew ? { isGone: true } : {};
      return [{ field, value: before, ...gone, ...(secret === true || after === undefined ? {} : { before: after }) }];
    }),
    warnings: changes.flatMap(({ key, before }) =>
      before === undefined ? [`${key} stays as it is: what a secret was before is not kept`] : [],
    ),
  };
}

/** What of a change is kept: of a secret, only that there was none before. */
export function recorded({ field, isNew }: SourceField, after: ConfigValue): Entry["changes"][number] {
  const { id, key, kind, value, isSet } = field;
  if (kind === "secret") return { field: id, key, secret: true, ...(isSet === true ? {} : { before: null }) };
  return { field: id, key, before: value, after, ...(isNew === true ? { isNew } : {}) };
}
