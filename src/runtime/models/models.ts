import { join } from "node:path";
import type { ModelList } from "../protocol/models.js";
import { type Duplicates, digestOf, findDuplicates } from "./duplicates.js";
import { type FoundModels, findModels } from "./find-models.js";
import { Fingerprints } from "./fingerprints.js";
import { listModels } from "./list-models.js";
import { SharedContents } from "./shared-contents.js";
import { type UsersOf, usersIn } from "./users.js";

export interface LookedAt {
  found: FoundModels;
  duplicates: Duplicates[];
  usersOf: UsersOf;
}

export interface CompareWatch {
  signal: AbortSignal;
  onBytes(done: number, total: number): void;
}

/** The models of a home: what they are, who uses them, and which of them are there twice. */
export class Models {
  readonly #home: string;
  readonly #fingerprints: Fingerprints;
  readonly shared: SharedContents;

  /** `folder` is where is kept what was found out of contents. */
  constructor(home: string, folder: string) {
    this.#home = home;
    this.#fingerprints = new Fingerprints(join(folder, "model-digests.json"));
    this.shared = new SharedContents(join(folder, "model-contents.json"));
  }

  async list(signal?: AbortSignal): Promise<ModelList> {
    const { found, duplicates, usersOf } = await this.look(signal);
    return listModels(found, duplicates, usersOf);
  }

  async look(signal?: AbortSignal): Promise<LookedAt> {
    const found = await findModels(this.#home, signal);
    const files = [...found.files, ...found.repositories.flatMap((one) => one.files)];
    for (const file of files) file.content = this.shared.of(file.version) ?? file.content;
    const duplicates = await findDuplicates(files, this.#fingerprints, signal);
    return { found, duplicates, usersOf: usersIn(found) };
  }

  /** Reads all of what seems to be the same. Resolves with how many sets really are. */
  async compare({ signal, onBytes }: CompareWatch): Promise<number> {
    const { duplicates } = await this.look(signal);
    const unread = duplicates
      .flatMap(({ copies }) => copies)
      .filter(({ files }) => digestOf(files, this.#fingerprints) === null)
      .flatMap(({ files }) => files.slice(0, 1));
    const total = unread.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    onBytes(0, total);
    try {
      for (const file of unread)
        await this.#fingerprints
          .read(file, signal, (more) => onBytes((done += more), total))
          .catch((error: unknown) => {
            signal.throwIfAborted();
            if (error instanceof Error && "code" in error) return; // gone meanwhile, or not ours to read
            throw error;
          });
    } finally {
      this.#fingerprints.save();
    }
    return (await this.look(signal)).duplicates.filter(({ isCompared }) => isCompared).length;
  }
}
