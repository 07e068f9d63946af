import { join } from "node:path";
import * as z from "zod";
import { placeInTrash, trashFolder, type TrashRecord, writeTrashRecord } from "../../base/trash.js";
import { RunId } from "../../protocol/ids.js";
import type { Journal } from "./journal.js";
import type { ChangesWorld, Json } from "./world.js";

/** What an update has to know to be taken back. */
export const UpdateUndo = z.object({
  from: z.string(),
  to: z.string(),
  record: z.json(),
  /** What the checkouts below stood at. */
  checkouts: z.record(z.string(), z.string()),
  packages: z.record(z.string(), z.record(z.string(), z.string())),
  /** A person's versions of files that could not be merged, and what they are kept by. */
  own: z.array(z.string()).default([]),
  kept: z.string().nullable().default(null),
});

export const UpdateData = z.object({
  title: z.string(),
  undo: UpdateUndo,
  runId: RunId.nullable(),
  /** How its folder stood before git was to bring it to what is new. */
  standing: z
    .object({ from: z.string().nullable(), taken: z.array(z.string()), edited: z.array(z.string()) })
    .nullable()
    .default(null),
  /** Whether its launcher could be loaded before. */
  didLoad: z.boolean().default(false),
  /** What there is to know of it besides, in sentences. */
  said: z.array(z.string()).default([]),
  /** Whether all that its script may change is kept as it was. */
  isSaved: z.boolean().default(false),
  /** What that has written over in place: nobody has it any more. */
  lost: z.array(z.string()).default([]),
});
export type UpdateData = z.infer<typeof UpdateData>;

/** Writes down in the trash what there is to be taken back. */
export function writeUpdateEntry({ page }: Journal, { home }: ChangesWorld, { title, undo, said }: UpdateData): void {
  const { app, at, entry } = page;
  const versions = `${undo.from.slice(0, 7)} → ${undo.to.slice(0, 7)}`;
  const record: TrashRecord = {
    ...{ at, app, title, said: [versions, ...said], why: "update", from: home },
    undo: undo satisfies Json,
  };
  writeTrashRecord(join(trashFolder(home), entry), record);
}

export const entryOf = ({ page }: Journal, { home }: ChangesWorld): string => join(trashFolder(home), page.entry);

/** Where a person's versions of files are while they may still be wanted back, at the same places. */
export const copiesOf = (journal: Journal, world: ChangesWorld): string =>
  placeInTrash(entryOf(journal, world), world.home, join(world.home, "api", journal.page.app));
