import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, parse, relative } from "node:path";
import * as z from "zod";
import { AppId } from "../protocol/ids.js";
import { writeJsonAtomic } from "./atomic-file.js";
import { isInside } from "./inside-folder.js";
import { movePath } from "./move-path.js";
import { withReserveNow } from "./reserve.js";

/** What put something there. */
export const TRASH_REASONS = ["script", "link", "repair", "update", "reset", "uninstall", "restore", "person"] as const;
export type TrashReason = (typeof TRASH_REASONS)[number];

/** `trash.json` of an entry. What it tells of lies in `files`, by its place below `from`, or in `elsewhere`, below `/`. */
export const TrashRecord = z.object({
  at: z.string(),
  from: z.string(),
  why: z.enum(TRASH_REASONS).catch("script"),
  app: AppId.nullable().catch(null),
  /** What a person calls the app, or empty. */
  title: z.string().catch(""),
  /** What was done besides, and what a person should know of it. */
  said: z.array(z.string()).catch([]),
  /** What whoever takes it back needs to know; only `why` knows what is in it. */
  undo: z.json().optional(),
});
export type TrashRecord = z.infer<typeof TrashRecord>;

const RECORD = "trash.json";

export const trashFolder = (home: string): string => join(home, "trash");

/** A name that sorts by time and is never taken twice. */
export const newTrashName = (at: Date = new Date()): string =>
  `${at.toISOString().replace(/[:.]/g, "-")}-${randomBytes(3).toString("hex")}`;

export const writeTrashRecord = (folder: string, record: TrashRecord): void =>
  writeJsonAtomic(join(folder, RECORD), record);

/** Null for what is no entry, or cannot be read. */
export function readTrashRecord(folder: string): TrashRecord | null {
  try {
    return TrashRecord.parse(JSON.parse(readFileSync(join(folder, RECORD), "utf8")));
  } catch {
    return null;
  }
}

/** Every entry whose record can be read, the oldest first. */
export function trashEntries(home: string): { name: string; folder: string; record: TrashRecord }[] {
  const root = trashFolder(home);
  const names = existsSync(root) ? readdirSync(root).filter((name) => !name.startsWith(".")) : [];
  return names.sort().flatMap((name) => {
    const record = readTrashRecord(join(root, name));
    return record === null ? [] : [{ name, folder: join(root, name), record }];
  });
}

/** Adds a sentence that a person should know of an entry. */
export function tellInTrash(folder: string, sentence: string): void {
  const record = readTrashRecord(folder);
  if (record === null || record.said.includes(sentence)) return;
  writeTrashRecord(folder, { ...record, said: [...record.said, sentence] });
}

/** Where a path of the entry lies in it. */
export const placeInTrash = (folder: string, from: string, path: string): string =>
  isInside(from, path)
    ? join(folder, "files", relative(from, path))
    : join(folder, "elsewhere", relative(parse(path).root, path));

/** Moves files into an entry of `<home>/trash` and returns its folder; `from` is what their places in it are told by. */
export function moveToTrash(
  home: string,
  files: readonly string[],
  { from, why }: Pick<TrashRecord, "from" | "why">,
): string {
  const at = new Date();
  const folder = join(trashFolder(home), newTrashName(at));
  const [first = from] = files;
  return withReserveNow(home, () => {
    writeTrashRecord(folder, { at: at.toISOString(), from, why, app: appOf(home, first), title: "", said: [] });
    for (const file of files) movePath(file, placeInTrash(folder, from, file));
    return folder;
  });
}

/** The app that a path below `<home>/api` is of, as it is written or as that folder really lies; else null. */
function appOf(home: string, path: string): AppId | null {
  const written = join(home, "api");
  const folders = existsSync(written) ? [written, realpathSync(written)] : [written];
  for (const api of folders) {
    const [name = ""] = isInside(api, path) ? relative(api, path).split("/") : [];
    const id = AppId.safeParse(name);
    if (id.success) return id.data;
  }
  return null;
}
