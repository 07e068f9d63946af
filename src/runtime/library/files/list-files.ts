import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as afterOthers } from "node:timers/promises";
import type { AppFile, AppFileList, AppFileOrder, AppFolder } from "../../protocol/app-files.js";
import { PinokioError } from "../../protocol/errors.js";
import { FolderSizes } from "./folder-sizes.js";
import { type AppPlace, placeInApp } from "./inside-app.js";
import type { OwnPlaces } from "./own-places.js";

/** Looked at in one folder; some hold millions. */
const MOST_NAMES = 20_000;
/** Whoever lists serves others too. */
const AT_ONCE = 500;

interface ListOrder {
  /** Where the app really lies. */
  root: string;
  folder: string;
  /** What names contain, in capitals or not; empty for all. */
  text: string;
  order: AppFileOrder;
  own: OwnPlaces;
  /** Shown of each kind. */
  most: number;
}

interface Listed {
  shown: Omit<AppFolder, "app">;
  /** Something is newer than what is known of whose things are. */
  isOutdated: boolean;
}

/** What lies in a folder of an app: what a person made apart from the rest. */
export async function listFiles({ root, folder, text, order, own, most }: ListOrder): Promise<Listed> {
  const { place, path } = placeInApp(root, folder);
  const { names, isCut } = await namesOf({ place, path }, text);
  const sizes = new FolderSizes(root);
  const theirs: AppFile[] = [];
  const others: AppFile[] = [];
  let unreadable = 0;
  let isOutdated = false;
  for (const [at, name] of names.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) await afterOthers();
    const file = join(path, name);
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found === undefined) {
      // What is no text is given with marks in its place. Anything else has just gone.
      if (name.includes("\ufffd")) unreadable++;
      continue;
    }
    const entry = entryOf(name, file, found);
    if (entry === null) continue;
    const below = place === "" ? name : `${place}/${name}`;
    const owner = own.ownerOf(below);
    if (owner === "app") {
      others.push(entry);
      isOutdated ||= own.isOlderThan(found);
    } else if (entry.kind !== "folder") theirs.push(entry);
    else {
      const measured = await sizes.of(owner === "own" ? [below] : own.below(below));
      theirs.push({ ...entry, ...measured, at: measured.at ?? entry.at, isMixed: owner === "mixed" });
    }
  }
  const parent = place === "" ? null : place.slice(0, Math.max(0, place.lastIndexOf("/")));
  const lists = { own: listOf(theirs, BY[order], most), others: listOf(others, likeCode, most) };
  return { shown: { folder: place, parent, ...lists, unreadable, isCut }, isOutdated };
}

/** Throws for what is no folder, or may not be looked into. */
async function namesOf({ place, path }: AppPlace, text: string): Promise<{ names: string[]; isCut: boolean }> {
  if (!lstatSync(path).isDirectory()) {
    throw new PinokioError("request-invalid", `${place} is no folder`, { hint: "Name the folder it lies in" });
  }
  const wanted = plain(text);
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(path, { bufferSize: AT_ONCE })) {
      if (!plain(name).includes(wanted)) continue;
      if (names.length === MOST_NAMES) return { names, isCut: true };
      names.push(name);
    }
  } catch (cause) {
    const hint = "See who may read it";
    throw new PinokioError("request-invalid", `${place || "The app's folder"} cannot be read`, { hint, cause });
  }
  return { names, isCut: false };
}

/** Some systems write a letter and its accent as two. */
const plain = (text: string): string => text.normalize().toLowerCase();

/** Null for what is no file of anybody, such as a socket or a device. */
function entryOf(name: string, path: string, found: Stats): AppFile | null {
  const kind = found.isDirectory() ? "folder" : found.isFile() ? "file" : found.isSymbolicLink() ? "link" : null;
  if (kind === null) return null;
  return {
    name,
    kind,
    bytes: kind === "file" ? found.size : null,
    files: null,
    at: found.mtime.toISOString(),
    isMixed: false,
    leadsTo: kind === "link" ? targetOf(path) : null,
  };
}

function targetOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

type Compare = (one: AppFile, other: AppFile) => number;

const byText = new Intl.Collator("en", { numeric: true });
const byName: Compare = (one, other) => byText.compare(one.name, other.name);

const BY: Readonly<Record<AppFileOrder, Compare>> = {
  newest: (one, other) => (one.at === other.at ? byName(one, other) : one.at < other.at ? 1 : -1),
  name: byName,
  largest: (one, other) => (other.bytes ?? -1) - (one.bytes ?? -1) || byName(one, other),
};

/** As people who write code are used to. */
const likeCode: Compare = (one, other) =>
  Number(other.kind === "folder") - Number(one.kind === "folder") || byName(one, other);

function listOf(entries: AppFile[], compare: Compare, most: number): AppFileList {
  entries.sort(compare);
  return { entries: entries.slice(0, most), total: entries.length };
}
