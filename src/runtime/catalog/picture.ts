import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { isInside } from "../base/inside-folder.js";

const TYPES: Readonly<Record<string, string>> = {
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
};

/** A catalog shows many at once. */
const MOST_BYTES = 30_000;

/** A small picture of a launcher's folder as a `data:` address; null for one that is large or leads out of the folder. */
export async function pictureIn(folder: string, name: string): Promise<string | null> {
  const type = TYPES[extname(name).toLowerCase()];
  if (type === undefined) return null;
  try {
    const file = await realpath(join(folder, name));
    if (!isInside(await realpath(folder), file)) return null;
    const found = await stat(file);
    if (!found.isFile() || found.size > MOST_BYTES) return null;
    return `data:${type};base64,${(await readFile(file)).toString("base64")}`;
  } catch {
    return null;
  }
}
