import { lstatSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as afterOthers } from "node:timers/promises";
import { namesIn } from "../../base/names-in.js";

/** Looked at for all folders that are listed together. */
const MOST_MEASURED = 20_000;
/** Whoever adds up serves others too. */
const AT_ONCE = 500;

interface FolderSize {
  /** These three are null for what would take too long to add up. */
  bytes: number | null;
  files: number | null;
  /** The latest change of a file, or null where there is none. */
  at: string | null;
}

/** How large a person's folders of one app are. */
export class FolderSizes {
  readonly #root: string;
  #left = MOST_MEASURED;

  constructor(root: string) {
    this.#root = root;
  }

  /** All that lies at some places, without following links. */
  async of(places: readonly string[]): Promise<FolderSize> {
    let [bytes, files, latest] = [0, 0, -Infinity];
    const waiting = places.map((place) => join(this.#root, place));
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (this.#left-- <= 0) return { bytes: null, files: null, at: null };
      if (this.#left % AT_ONCE === 0) await afterOthers();
      const found = lstatSync(next, { throwIfNoEntry: false });
      if (found === undefined) continue;
      if (found.isDirectory()) {
        for (const name of namesIn(next)) waiting.push(join(next, name));
        continue;
      }
      bytes += found.isFile() ? found.size : 0;
      files++;
      latest = Math.max(latest, found.mtimeMs);
    }
    return { bytes, files, at: files === 0 ? null : new Date(latest).toISOString() };
  }
}
