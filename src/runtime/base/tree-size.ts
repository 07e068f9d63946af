import type { Buffer } from "node:buffer";
import { lstatSync, type Stats } from "node:fs";
import { join } from "node:path";
import { setImmediate as afterOthers } from "node:timers/promises";
import { errnoOf } from "./file-errors.js";
import { namesIn } from "./names-in.js";
import { below, bytesIn, oddPaths } from "./odd-names.js";

export interface TreeSize {
  /** What comes back when all of it goes. */
  bytes: number;
  /** What does not, since other names lead to the same content. */
  sharedBytes: number;
  /** Files and links; no folders. */
  files: number;
}

/** Whoever measures serves others too. */
const AT_ONCE = 500;
const BLOCK = 512;

/** What an entry takes on the disk, folders too. Every size of the home that people see is made of these. */
export const bytesOnDisk = ({ blocks }: Pick<Stats, "blocks">): number => blocks * BLOCK;

/** Tells content that was met before by another of its names. */
export class MetContent {
  readonly #met = new Map<number, Set<number>>();

  /** Whether this is the first of its names. */
  isFirst(found: Stats): boolean {
    if (found.isDirectory() || found.nlink === 1) return true;
    const onDisk = this.#met.get(found.dev) ?? new Set();
    this.#met.set(found.dev, onDisk);
    if (onDisk.has(found.ino)) return false;
    onDisk.add(found.ino);
    return true;
  }
}

/** What files and folders take on the disk. Links are not followed; content with several names counts once. */
export async function treeSize(paths: readonly string[], signal?: AbortSignal): Promise<TreeSize> {
  const size: TreeSize = { bytes: 0, sharedBytes: 0, files: 0 };
  const several = new Map<string, { names: number; seen: number; bytes: number }>();
  const add = (found: Stats): void => {
    if (!found.isDirectory()) size.files++;
    const bytes = bytesOnDisk(found);
    if (found.isDirectory() || found.nlink === 1) {
      size.bytes += bytes;
      return;
    }
    const key = `${found.dev} ${found.ino}`;
    several.set(key, { names: found.nlink, seen: (several.get(key)?.seen ?? 0) + 1, bytes });
  };
  const waiting: (string | Buffer)[] = [...paths];
  for (let seen = 1; waiting.length > 0; seen++) {
    if (seen % AT_ONCE === 0) {
      await afterOthers();
      signal?.throwIfAborted();
    }
    const next = waiting.pop() ?? "";
    const found = foundAt(next);
    if (found === undefined && typeof next === "string") waiting.push(...oddPaths(next));
    if (found === undefined) continue;
    add(found);
    if (found.isDirectory()) for (const path of pathsIn(next)) waiting.push(path);
  }
  for (const { names, seen, bytes } of several.values()) size[seen >= names ? "bytes" : "sharedBytes"] += bytes;
  return size;
}

/** What lies too deep to be named is not counted. */
function foundAt(path: string | Buffer): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === "ENAMETOOLONG") return undefined;
    throw error;
  }
}

const pathsIn = (folder: string | Buffer): (string | Buffer)[] =>
  typeof folder === "string"
    ? [...new Set(namesIn(folder))].map((name) => join(folder, name))
    : bytesIn(folder).map((name) => below(folder, name));
