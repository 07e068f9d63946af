import { readFileSync } from "node:fs";
import * as z from "zod";
import { writeJsonAtomic } from "../base/atomic-file.js";

/** By a file's version: what names the contents that it shares. */
const Shared = z.record(z.string(), z.string());

const MOST_KNOWN = 5_000;

/** Files that were made to share their contents: the disk tells it of none. It holds until either of them is written. */
export class SharedContents {
  readonly #file: string;
  #known: Map<string, string> | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** Null for a file whose contents are its own. */
  of(version: string): string | null {
    return this.#all.get(version) ?? null;
  }

  add(one: string, other: string): void {
    const contents = this.of(one) ?? one;
    for (const version of [one, other]) this.#all.set(version, contents);
    for (const version of [...this.#all.keys()].slice(0, -MOST_KNOWN)) this.#all.delete(version);
    try {
      writeJsonAtomic(this.#file, Object.fromEntries(this.#all));
    } catch {
      // they are told as copies again, and can be made to share again
    }
  }

  get #all(): Map<string, string> {
    return (this.#known ??= new Map(Object.entries(readShared(this.#file))));
  }
}

function readShared(file: string): Record<string, string> {
  try {
    return Shared.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
}
