import { lstatSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { TrashRecord } from "../base/trash.js";
import { type Kept, keptIn } from "./kept.js";

/** What every undo says of a person's files: by what they are kept, and which those are. */
const UndoOfKept = z.object({ kept: z.string().nullable(), own: z.array(z.string()) });

/** Where files are that were taken out of what an entry of the trash tells of, as long as they are there. */
export function keptTexts(entry: string, { why, title, undo }: TrashRecord, home: string): string[] {
  const { data } = UndoOfKept.safeParse(undo);
  const kept = keptIn(home).find((one) => one.name === data?.kept && one.entry === entry);
  if (data === undefined || kept === undefined) return [];
  if (why === "update") return data.own.flatMap((path) => versionTexts(path, kept));
  const place = kept.afterInstall ? `${kept.files} until its install script has run` : kept.files;
  return [`Your files of ${title} are in ${place}`];
}

/** A person may have removed the file: then there is no version of it. */
function versionTexts(path: string, { files }: Kept): string[] {
  const place = join(files, path);
  return lstatSync(place, { throwIfNoEntry: false }) === undefined ? [] : [`Your version of ${path} is in ${place}`];
}
