import { sizeText } from "../protocol/sizes.js";
import type { Usage } from "../protocol/usage.js";

export interface Shortage {
  kind: "disk" | "memory";
  message: string;
  hint: string;
}

const GB = 1024 ** 3;
/** Below this a download or an install is about to fail. */
const LEAST_DISK_BYTES = 3 * GB;
const MOST_MEMORY_SHARE = 0.93;
/** What has to be free again before the next shortage is another one. */
const RECOVERED = 1.5;

/** What is nearly used up; each is told once, until there is clearly more again. */
export class ShortageWatch {
  readonly #told = new Set<Shortage["kind"]>();

  look({ disk, memory }: Pick<Usage, "disk" | "memory">): Shortage[] {
    const freeMemory = memory.totalBytes - memory.usedBytes;
    const leastMemory = memory.totalBytes * (1 - MOST_MEMORY_SHARE);
    return [
      ...this.#check("disk", disk.freeBytes, Math.min(LEAST_DISK_BYTES, disk.totalBytes / 10), () => ({
        message: `The disk is nearly full: ${sizeText(disk.freeBytes)} are free`,
        hint: "Shared Resources shows what takes the room; caches and the trash can go without loss",
      })),
      ...this.#check("memory", freeMemory, leastMemory, () => ({
        message: `The memory is nearly full: ${sizeText(freeMemory)} of ${sizeText(memory.totalBytes)} are free`,
        hint: "Running shows what uses it; an app that is not needed now can be stopped",
      })),
    ];
  }

  #check(kind: Shortage["kind"], free: number, least: number, words: () => Omit<Shortage, "kind">): Shortage[] {
    if (free > least * RECOVERED) this.#told.delete(kind);
    if (free >= least || this.#told.has(kind)) return [];
    this.#told.add(kind);
    return [{ kind, ...words() }];
  }
}
