import { existsSync, lstatSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { holdsFiles } from "../base/holds-files.js";
import { explainFileError } from "../base/file-errors.js";
import { makeFolder } from "../base/make-folder.js";
import { namesIn } from "../base/names-in.js";
import { removeTree } from "../base/remove-tree.js";
import { newTrashName, readTrashRecord, trashFolder, type TrashRecord } from "../base/trash.js";
import { treeSize, type TreeSize } from "../base/tree-size.js";
import type { TrashEntry } from "../protocol/changes.js";
import { PinokioError } from "../protocol/errors.js";
import { keptFolder, keptIn, keptPlace } from "./kept.js";
import { keptTexts } from "./kept-texts.js";

/** In front of the name of what is kept, where entries are named. */
export const KEPT = "kept/";
/** In front of the name of an entry that is being emptied: nothing of it can be had back any more. */
const EMPTYING = ".emptying-";

export interface TrashWorld {
  home: string;
  /** Entries that a change under way fills or empties. */
  isBusy(entry: string): boolean;
}

/** What was removed and can be had back. */
export interface Trash {
  /** The latest first. */
  list(): Promise<TrashEntry[]>;
  /** The entry of that name, with its folder. Throws when there is none. */
  find(name: string): { folder: string; record: TrashRecord };
  /** What comes back when all of these go: more than the sum of each, where they hold the same files. */
  size(names: readonly string[]): Promise<number>;
  /** Removes entries for good. What could not be removed stays, and its paths are told. */
  empty(names: readonly string[], watch: EmptyWatch): Promise<Emptied>;
  /** Goes on with what was being emptied when somebody ended us. */
  sweep(): Promise<void>;
}

export interface EmptyWatch {
  signal: AbortSignal;
  /** How much is free again so far. */
  onBytes(bytes: number): void;
}

export interface Emptied {
  bytes: number;
  problems: string[];
}

export function createTrash({ home, isBusy }: TrashWorld): Trash {
  const root = trashFolder(home);
  const sizes = new Map<string, TreeSize>();

  const placesOf = (name: string): string[] => {
    const folder = folderOf(home, name);
    return name.startsWith(KEPT) ? [keptPlace(home, name.slice(KEPT.length)).files] : contentOf(folder, home);
  };

  const sizeOf = async (name: string): Promise<TreeSize> => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    const size = await treeSize(placesOf(name));
    if (!isBusy(name)) sizes.set(name, size);
    return size;
  };

  const entryOf = async (name: string): Promise<TrashEntry> => {
    const folder = join(root, name);
    const record = readTrashRecord(folder);
    const left = name.startsWith(EMPTYING) ? "It was being emptied: what is left could not be removed" : null;
    return {
      name,
      kind: "trash",
      at: record?.at ?? lstatSync(folder).mtime.toISOString(),
      app: record?.app ?? null,
      title: record?.title ?? "",
      why: record?.why ?? "unknown",
      what: whatIn(folder),
      from: record?.from ?? "",
      ...(await sizeOf(name)),
      said: record === null ? [] : [...record.said, ...keptTexts(name, record, home)],
      refused:
        left ?? (isBusy(name) ? "It is being changed at the moment" : record === null ? unreadText(folder) : null),
    };
  };

  const keptEntries = async (): Promise<TrashEntry[]> =>
    Promise.all(
      keptIn(home).map(async ({ name, files, app, title, at }) => ({
        name: `${KEPT}${name}`,
        kind: "kept" as const,
        at,
        app,
        title,
        why: "kept",
        what: contentIn(files, ""),
        from: join(home, "api", app),
        ...(await treeSize([files])), // people put in and take out as they like
        said: [],
        refused: existsSync(join(home, "api", app)) ? null : `${title || app} is not installed: install it again first`,
      })),
    );

  const emptyOne = async (name: string, signal: AbortSignal): Promise<TreeSize> => {
    const folder = folderOf(home, name);
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) throw missing(name);
    const size = await treeSize(placesOf(name), signal);
    const isMarked = name.startsWith(EMPTYING);
    const going = isMarked ? folder : join(root, `${EMPTYING}${newTrashName()}`);
    try {
      makeFolder(root);
      if (!isMarked) renameSync(folder, going);
      await removeTree(going);
    } catch (error) {
      throw explainFileError(error, going);
    }
    sizes.clear(); // what others held too may be theirs alone now
    return size;
  };

  return {
    list: async () => {
      const names = foldersIn(root).filter((name) => !name.startsWith(".") || name.startsWith(EMPTYING));
      const entries = await Promise.all(names.map(entryOf));
      return [...entries, ...(await keptEntries())].sort((one, other) => (one.at < other.at ? 1 : -1));
    },
    find: (name) => {
      const folder = folderOf(home, name);
      const record = readTrashRecord(folder);
      if (record !== null && !name.startsWith(".")) return { folder, record };
      if (name.startsWith(".") || lstatSync(folder, { throwIfNoEntry: false }) === undefined) throw missing(name);
      throw new PinokioError("state-unreadable", unreadText(folder), {
        hint: `Take what you want out of that folder; \`pinokiocloud trash empty ${name}\` removes it for good`,
      });
    },
    size: async (names) => (await treeSize(names.flatMap((name) => placesOf(name)))).bytes,
    empty: async (names, { signal, onBytes }) => {
      const emptied: Emptied = { bytes: 0, problems: [] };
      for (const name of names) {
        signal.throwIfAborted();
        try {
          emptied.bytes += (await emptyOne(name, signal)).bytes;
          onBytes(emptied.bytes);
        } catch (error) {
          signal.throwIfAborted();
          emptied.problems.push(error instanceof Error ? error.message : String(error));
        }
      }
      return emptied;
    },
    sweep: async () => {
      const old = foldersIn(root).filter((name) => name.startsWith(EMPTYING));
      for (const name of old) await removeTree(join(root, name)).catch(() => undefined);
    },
  };
}

/** Names come from clients: only an entry's own is one. */
function folderOf(home: string, name: string): string {
  const isKept = name.startsWith(KEPT);
  const own = isKept ? name.slice(KEPT.length) : name;
  if (own === "" || own === "." || own === ".." || /[/\0]/.test(own)) throw missing(name);
  return join(isKept ? keptFolder(home) : trashFolder(home), own);
}

const unreadText = (folder: string): string =>
  `Its trash.json cannot be read, so nobody knows where it was: its files are in ${folder}`;

const missing = (name: string): PinokioError =>
  new PinokioError("trash-missing", `The trash holds nothing called ${name}`, {
    hint: "`pinokiocloud trash list` shows what it holds",
  });

/** An entry's folder when nothing is left in it to be had back. */
export function dropEmptyEntry(folder: string): void {
  if (!holdsFiles(folder, [RECORD])) rmSync(folder, { recursive: true, force: true });
}

const RECORD = "trash.json";

/** What was put into an entry, without the folders that it was put in: those of the home's rooms. */
function contentOf(folder: string, home: string): string[] {
  const isOfHome = readTrashRecord(folder)?.undo !== undefined;
  const visit = (part: string, below: string): string[] => {
    const isRoom =
      ["", "api", "runs"].includes(below) || (!/^(?:api|runs)\//.test(below) && isFolder(join(home, below)));
    if (!isRoom) return [join(part, below)];
    return namesIn(join(part, below)).flatMap((name) =>
      isOfHome ? visit(part, join(below, name)) : [join(part, name)],
    );
  };
  return partsOf(folder).flatMap((part) => visit(part, ""));
}

const isFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const partsOf = (folder: string): string[] => ["files", "elsewhere"].map((part) => join(folder, part));

/** What an entry is about: the one thing in it, or the folder that holds all of it. */
function whatIn(folder: string): string {
  const parts = partsOf(folder).filter((part) => namesIn(part).length > 0);
  return parts.map((part) => contentIn(part, part.endsWith("elsewhere") ? "/" : "")).join(", ");
}

const MOST_NAMED = 3;

function contentIn(folder: string, above: string): string {
  const all = namesIn(folder);
  const names = all.includes("api") ? ["api"] : all; // what its runs have left goes with an app
  const [only] = names;
  if (names.length === 1 && only !== undefined) {
    const path = join(folder, only);
    const isFolder = lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    return isFolder && !isApp(path) ? contentIn(path, `${above}${only}/`) : `${above}${only}`;
  }
  const shown = names.slice(0, MOST_NAMED).map((name) => `${above}${name}`);
  return names.length > MOST_NAMED ? `${above || "./"} (${names.length})` : shown.join(", ");
}

const isApp = (folder: string): boolean => ["pinokio.js", ".git"].some((name) => existsSync(join(folder, name)));

function foldersIn(folder: string): string[] {
  return namesIn(folder).filter(
    (name) => lstatSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() === true,
  );
}
