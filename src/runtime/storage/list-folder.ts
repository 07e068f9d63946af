import type { Dirent } from "node:fs";
import { opendir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Folder } from "../protocol/files.js";
import { errnoOf } from "../base/file-errors.js";
import { PinokioError } from "../protocol/errors.js";

const MOST_ENTRIES = 1_000;
/** Looked at in one folder, shown or not: some hold millions. */
const MOST_READ = 20_000;

interface FolderWishes {
  hidden?: boolean | undefined;
  endings?: readonly string[] | undefined;
}

/** What lies in a folder, names only. For one that is missing, the nearest above it. */
export async function listFolder(path: string, wishes: FolderWishes): Promise<Omit<Folder, "places">> {
  const folder = resolve(path);
  try {
    const { entries, isCut } = await readEntries(folder, wishes);
    return { path: folder, parent: dirname(folder) === folder ? null : dirname(folder), entries, isCut };
  } catch (error) {
    const isMissing = ["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "");
    if (isMissing && dirname(folder) !== folder) return listFolder(dirname(folder), wishes);
    throw new PinokioError("request-invalid", `${folder} cannot be read`, {
      hint: "Choose another folder",
      cause: error,
    });
  }
}

async function readEntries(folder: string, { hidden = false, endings }: FolderWishes) {
  const isWanted = (name: string): boolean =>
    endings === undefined || endings.some((ending) => name.toLowerCase().endsWith(ending.toLowerCase()));
  const entries: Folder["entries"] = [];
  let isCut = false;
  let read = 0;
  const opened = await opendir(folder);
  for await (const entry of opened) {
    if (++read > MOST_READ) isCut = true;
    if (isCut) break;
    if (!hidden && entry.name.startsWith(".")) continue;
    const kind = await kindOf(folder, entry);
    if (kind === null || (kind === "file" && !isWanted(entry.name))) continue;
    entries.push({ name: entry.name, kind });
  }
  entries.sort((a, b) => (a.kind === b.kind ? compare(a.name, b.name) : a.kind === "folder" ? -1 : 1));
  return { entries: entries.slice(0, MOST_ENTRIES), isCut: isCut || entries.length > MOST_ENTRIES };
}

/** Null for what is neither, such as a socket or a link to nowhere. */
async function kindOf(folder: string, entry: Dirent): Promise<"folder" | "file" | null> {
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? "folder" : entry.isFile() ? "file" : null;
  const facts = await stat(join(folder, entry.name)).catch(() => null);
  return facts === null ? null : facts.isDirectory() ? "folder" : facts.isFile() ? "file" : null;
}

const { compare } = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
