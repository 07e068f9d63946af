import { sizeText } from "../protocol/sizes.js";
import type { Usage } from "../protocol/usage.js";

export interface Shortage {
  kind: "disk" | "memory";
  message: string;
}

const GB = 1024 ** 3;
/** Below this a download or an install is about to fail. */
const USUAL_LEAST_DISK_BYTES = 3 * GB;
const MOST_MEMORY_SHARE = 0.93;
/** What has to be free again before the next shortage is another one. */
const RECOVERED = 1.5;

/** What is nearly used up; each is told once, until there is clearly more again. */
export class ShortageWatch {
  readonly #told = new Set<Shortage["kind"]>();
  readonly #leastDiskBytes: () => number;

  constructor(leastDiskBytes: () => number = () => USUAL_LEAST_DISK_BYTES) {
    this.#leastDiskBytes = leastDiskBytes;
  }

  look({ disk, memory }: Pick<Usage, "disk" | "memory">): Shortage[] {
    const freeMemory = memory.totalBytes - memory.usedBytes;
    const leastMemory = memory.totalBytes * (1 - MOST_MEMORY_SHARE);
    return [
      ...this.#check("disk", disk.freeBytes, Math.min(this.#leastDiskBytes(), disk.totalBytes / 10), () => {
        return `The disk is nearly full: ${sizeText(disk.freeBytes)} are free`;
      }),
      ...this.#check("memory", freeMemory, leastMemory, () => {
        return `The memory is nearly full: ${sizeText(freeMemory)} of ${sizeText(memory.totalBytes)} are free`;
      }),
    ];
  }

  #check(kind: Shortage["kind"], free: number, least: number, message: () => string): Shortage[] {
    if (free > least * RECOVERED) this.#told.delete(kind);
    if (free >= least || this.#told.has(kind)) return [];
    this.#told.add(kind);
    return [{ kind, message: message() }];
  }
}

export interface Holding {
  name: string;
  bytes: number;
}

/** What is small is not worth a person's while. */
const LEAST_TOLD_BYTES = 10 * 1024 ** 2;

/** What can go without loss, and what takes most of the rest. */
export function diskHint({ free, apps }: { free: readonly Holding[]; apps: readonly Holding[] }): string {
  const worth = (holdings: readonly Holding[]) => holdings.filter(({ bytes }) => bytes >= LEAST_TOLD_BYTES);
  const canGo = worth(free).map(({ name, bytes }) => `${sizeText(bytes)} in ${name}`);
  const largest = largestOf(worth(apps));
  const parts = [
    ...(canGo.length === 0 ? [] : [`${canGo.join(" and ")} can go without loss`]),
    ...(largest === null ? [] : [`the largest app is ${largest.name} (${sizeText(largest.bytes)})`]),
  ];
  if (parts.length === 0) return "Shared Resources shows what takes the room";
  const said = parts.join("; ");
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** What uses most of the memory. */
export function memoryHint(runs: readonly Holding[]): string {
  const largest = largestOf(runs);
  if (largest === null) return "Running shows what uses it";
  return `${largest.name} uses ${sizeText(largest.bytes)}; an app that is not needed now can be stopped`;
}

const largestOf = (holdings: readonly Holding[]): Holding | null =>
  holdings.reduce<Holding | null>((most, one) => (most === null || one.bytes > most.bytes ? one : most), null);
