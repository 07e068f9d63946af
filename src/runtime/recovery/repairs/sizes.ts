import { lstatSync } from "node:fs";
import { setImmediate as afterOthers } from "node:timers/promises";
import { join } from "node:path";
import { namesIn } from "../../base/names-in.js";

const MOST_ENTRIES = 200_000;

/** Whoever measures serves others too. */
const AT_ONCE = 500;

/** What a file or folder holds; links count as what they are. Of a very large folder, at least that. */
export async function sizeOf(path: string): Promise<number> {
  let bytes = 0;
  const waiting = [path];
  for (let seen = 0; seen < MOST_ENTRIES; seen++) {
    const next = waiting.pop();
    if (next === undefined) break;
    if (seen % AT_ONCE === AT_ONCE - 1) await afterOthers();
    const found = lstatSync(next, { throwIfNoEntry: false });
    if (found === undefined) continue;
    bytes += found.isFile() ? found.size : 0;
    if (found.isDirectory()) for (const name of namesIn(next)) waiting.push(join(next, name));
  }
  return bytes;
}
