import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

const MOST_ENTRIES = 200_000;

/** What a file or folder holds; links count as what they are. Of a very large folder, at least that. */
export function sizeOf(path: string): number {
  let bytes = 0;
  let left = MOST_ENTRIES;
  const waiting = [path];
  for (let next = waiting.pop(); next !== undefined && left > 0; next = waiting.pop(), left--) {
    const found = lstatSync(next, { throwIfNoEntry: false });
    if (found === undefined) continue;
    bytes += found.isFile() ? found.size : 0;
    if (found.isDirectory()) for (const name of namesIn(next)) waiting.push(join(next, name));
  }
  return bytes;
}

export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
