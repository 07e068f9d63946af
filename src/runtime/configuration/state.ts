import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import { errnoOf } from "../base/file-errors.js";
import { ConfigEntry, ConfigPreset, ConfigValue } from "../protocol/config.js";
import { PinokioError } from "../protocol/errors.js";

const VERSION = 1;

/** What was done, with what it takes to undo it. */
const Entry = ConfigEntry.omit({ canUndo: true }).extend({
  /** A change of a whole text; its secrets are marks. */
  text: z.object({ section: z.string(), before: z.string(), after: z.string() }).optional(),
});
export type Entry = z.infer<typeof Entry>;

const State = z.object({
  version: z.literal(VERSION),
  flags: z.array(
    z.object({
      script: z.string(),
      program: z.array(z.string()),
      flag: z.string(),
      value: z.union([z.string(), z.literal(true), z.null()]),
      alone: z.boolean(),
      many: z.boolean().optional(),
    }),
  ),
  presets: z.array(ConfigPreset),
  /** The latest last. */
  history: z.array(Entry),
  /** What fields were before a person first changed them here. */
  firsts: z.record(z.string(), ConfigValue),
  /** When a section was last changed here. */
  changedAt: z.record(z.string(), z.string()),
});
export type ConfigState = z.infer<typeof State>;

const MOST_ENTRIES = 200;
const MOST_HISTORY = 512 * 1024;
const ONLY_OURS = 0o600;

const EMPTY: ConfigState = { version: VERSION, flags: [], presets: [], history: [], firsts: {}, changedAt: {} };

/** What is kept of an app's settings besides the settings themselves: one file per app. */
export class ConfigStates {
  readonly #folder: string;

  constructor(library: string) {
    this.#folder = join(library, "configuration");
  }

  of(app: string): ConfigState {
    const file = this.fileOf(app);
    const newer = newerVersion(file);
    if (newer !== null) {
      throw new PinokioError("state-unreadable", `${file} is of version ${newer}; this PinokioCloud knows ${VERSION}`, {
        hint: "Update PinokioCloud; the file was left as it is",
      });
    }
    const found = readState(file, State);
    if (found.kind === "unreadable") throw found.error;
    return found.kind === "read" ? found.value : EMPTY;
  }

  /** To look at only: of what is not ours to read, nothing is known. */
  shown(app: string): ConfigState {
    try {
      return this.of(app);
    } catch (error) {
      const cause = error instanceof PinokioError ? errnoOf(error.cause) : undefined;
      if (cause !== "EACCES" && cause !== "EPERM") throw error;
      return EMPTY;
    }
  }

  change(app: string, change: (state: ConfigState) => Partial<ConfigState>): void {
    const before = this.of(app);
    const after = { ...before, ...change(before) };
    writeJsonAtomic(this.fileOf(app), { ...after, history: bounded(after.history) }, ONLY_OURS);
  }

  fileOf(app: string): string {
    return join(this.#folder, `${app}.json`);
  }
}

function newerVersion(file: string): number | null {
  try {
    const { version } = z.looseObject({ version: z.number() }).parse(JSON.parse(readFileSync(file, "utf8")));
    return version > VERSION ? version : null;
  } catch {
    return null; // missing, or what `readState` has words for
  }
}

/** The oldest go first. */
function bounded(history: readonly Entry[]): Entry[] {
  const kept: Entry[] = [];
  let room = MOST_HISTORY;
  for (const entry of [...history].reverse().slice(0, MOST_ENTRIES)) {
    room -= JSON.stringify(entry).length;
    if (room < 0) break;
    kept.unshift(entry);
  }
  return kept;
}
