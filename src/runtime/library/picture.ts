import { extname } from "node:path";
import { readInside } from "./read-inside.js";

const LIMIT_BYTES = 200_000;
const TYPES: Readonly<Record<string, string>> = {
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
};

/** A small picture that lies in the app's folder, as a `data:` address. */
export async function pictureOf(folder: string, file: string): Promise<string | null> {
  const type = TYPES[extname(file).toLowerCase()];
  if (type === undefined) return null;
  const found = await readInside(folder, file, LIMIT_BYTES);
  if (found === null || found.size > LIMIT_BYTES) return null;
  return `data:${type};base64,${found.bytes.toString("base64")}`;
}
