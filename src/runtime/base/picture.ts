import { extname } from "node:path";
import { readInside } from "./read-inside.js";

const TYPES: Readonly<Record<string, string>> = {
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
};

/** A picture of a folder as a `data:` address; null for one that is larger than that, or leads out of the folder. */
export async function pictureIn(folder: string, file: string, mostBytes: number): Promise<string | null> {
  const type = TYPES[extname(file).toLowerCase()];
  if (type === undefined) return null;
  const found = await readInside(folder, file, mostBytes);
  if (found === null || found.size > mostBytes) return null;
  return `data:${type};base64,${found.bytes.toString("base64")}`;
}
