import { extname } from "node:path";
import { LAUNCHER } from "../protocol/limits.js";
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

/** A small picture that lies in the app's folder, as a `data:` address. */
export async function pictureOf(folder: string, file: string): Promise<string | null> {
  const type = TYPES[extname(file).toLowerCase()];
  if (type === undefined) return null;
  const found = await readInside(folder, file, LAUNCHER.iconBytes);
  if (found === null || found.size > LAUNCHER.iconBytes) return null;
  return `data:${type};base64,${found.bytes.toString("base64")}`;
}
