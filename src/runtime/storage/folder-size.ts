import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { bytesOnDisk, MetContent } from "../base/tree-size.js";

export interface FolderSize {
  /** Environments and packages, which an install makes anew. */
  environmentsBytes: number;
  filesBytes: number;
}

/** Files whose sizes are asked for at once. */
const AT_ONCE = 32;
const MADE_ANEW = new Set(["node_modules", "__pycache__"]);
const MARKS = new Set(["pyvenv.cfg", "conda-meta"]);

export interface MeasureOptions {
  signal?: AbortSignal | undefined;
  /** What was counted before, where several folders are one sum. */
  met?: MetContent;
  /** Folders below that others count. */
  without?: ReadonlySet<string>;
}

/** What a folder takes of the disk. Links are not followed, and a file with two names in it counts once. */
export async function measureFolder(folder: string, options: MeasureOptions = {}): Promise<FolderSize> {
  const { signal, met = new MetContent(), without } = options;
  const sum: FolderSize = { environmentsBytes: 0, filesBytes: 0 };
  const sizeOf = async (path: string): Promise<number> => {
    const found = await lstat(path).catch(() => null);
    return found !== null && met.isFirst(found) ? bytesOnDisk(found) : 0;
  };
  const walk = async (path: string, isMade: boolean): Promise<void> => {
    signal?.throwIfAborted();
    const entries = await entriesOf(path);
    const made = isMade || entries.some(({ name }) => MARKS.has(name));
    const files = entries.filter((entry) => !entry.isDirectory());
    const add = (bytes: number) => (sum[made ? "environmentsBytes" : "filesBytes"] += bytes);
    add(await sizeOf(path));
    for (let at = 0; at < files.length; at += AT_ONCE) {
      const sizes = await Promise.all(files.slice(at, at + AT_ONCE).map(({ name }) => sizeOf(join(path, name))));
      for (const bytes of sizes) add(bytes);
    }
    for (const entry of entries) {
      const below = join(path, entry.name);
      if (entry.isDirectory() && without?.has(below) !== true) await walk(below, made || MADE_ANEW.has(entry.name));
    }
  };
  await walk(folder, false);
  return sum;
}

const STAMP_LEVELS = 2;
const STAMP_FOLDERS = 200;

/**
 * Another text once something was added, renamed or removed in one of the upper folders: cheap to ask, and tells most
 * of the times that a size has changed.
 */
export async function stampOfFolder(folder: string): Promise<string> {
  const hash = createHash("sha256");
  let left = STAMP_FOLDERS;
  const note = async (path: string, level: number): Promise<void> => {
    if (left-- <= 0) return;
    const found = await lstat(path, { bigint: true }).catch(() => null);
    hash.update(`${path}\0${found?.mtimeNs ?? ""}\0`);
    if (found === null || level === STAMP_LEVELS) return;
    const below = (await entriesOf(path)).filter((entry) => entry.isDirectory() && entry.name !== ".git");
    for (const { name } of below.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      if (!MADE_ANEW.has(name)) await note(join(path, name), level + 1);
    }
  };
  await note(folder, 0);
  return hash.digest("hex").slice(0, 16);
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch {
    return []; // gone, or not ours to read
  }
}
