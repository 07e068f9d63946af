import { readFileSync } from "node:fs";
import * as z from "zod";
import { writeJsonAtomic } from "../base/atomic-file.js";
import { EnvironmentTool } from "../protocol/environments.js";

const Known = z.object({
  stamp: z.string(),
  python: z.string().nullable(),
  packages: z.number(),
  tools: z.array(EnvironmentTool),
  problems: z.array(z.string()),
  /** Null until it is added up. */
  size: z.object({ bytes: z.number(), sharedBytes: z.number() }).nullable(),
});
export type KnownEnvironment = z.infer<typeof Known>;

const CacheFile = z.object({ version: z.literal(1), environments: z.record(z.string(), Known) });

const WRITE_AFTER_MS = 2_000;

/** What was found out about environments, kept over the sidecar's end. It may be lost at any time. */
export class EnvironmentCache {
  readonly #file: string | null;
  readonly #known: Map<string, KnownEnvironment>;
  #timer: NodeJS.Timeout | null = null;

  constructor({ file, isWritable }: { file: string; isWritable: boolean }) {
    this.#file = isWritable ? file : null;
    this.#known = new Map(Object.entries(read(file)));
  }

  /** Null when nothing is known that holds. */
  get(path: string, stamp: string): KnownEnvironment | null {
    const known = this.#known.get(path);
    return known?.stamp === stamp ? known : null;
  }

  set(path: string, known: KnownEnvironment): void {
    this.#known.set(path, known);
    this.#timer ??= setTimeout(() => this.close(), WRITE_AFTER_MS).unref();
  }

  /** Forgets all that are not there any more. */
  keepOnly(paths: ReadonlySet<string>): void {
    for (const path of this.#known.keys()) if (!paths.has(path)) this.#known.delete(path);
  }

  /** Writes what is still to be written. */
  close(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#file === null) return;
    try {
      writeJsonAtomic(this.#file, { version: 1, environments: Object.fromEntries(this.#known) });
    } catch {
      // a full disk: it is found out again
    }
  }
}

function read(file: string): Record<string, KnownEnvironment> {
  try {
    return CacheFile.parse(JSON.parse(readFileSync(file, "utf8"))).environments;
  } catch {
    return {};
  }
}
