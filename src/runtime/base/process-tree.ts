import { listProcesses, type ProcessEntry } from "./processes.js";

/** Who descends from whom, at the moment it was read. */
export class ProcessTree {
  readonly #children = new Map<number, number[]>();

  constructor(all: readonly ProcessEntry[] = listProcesses()) {
    for (const { pid, parent } of all) {
      const known = this.#children.get(parent);
      if (known === undefined) this.#children.set(parent, [pid]);
      else known.push(pid);
    }
  }

  /** These processes and everything below them. */
  below(roots: readonly number[]): number[] {
    const found = new Set(roots);
    for (const pid of found) for (const child of this.#children.get(pid) ?? []) found.add(child);
    return [...found];
  }
}
