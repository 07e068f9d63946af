import { Buffer } from "node:buffer";

const ESCAPE = 0x1b;
const BELL = 0x07;
const LONGEST_TEXT = 4_096;

/** What a terminal would show of bytes: without its sequences, such as colours, and where each byte of it stands. */
export class WithoutSequences {
  readonly bytes: Buffer;
  /** Of each stretch between sequences, where it begins here and there. */
  readonly #here: number[] = [];
  readonly #there: number[] = [];

  constructor(all: Buffer, from = 0) {
    const bytes = Buffer.allocUnsafe(all.length - from);
    let length = 0;
    for (let at = from; at < all.length;) {
      const escape = all.indexOf(ESCAPE, at);
      const end = escape < 0 ? all.length : escape;
      this.#here.push(length);
      this.#there.push(at);
      length += all.copy(bytes, length, at, end);
      at = end === all.length ? end : sequenceEnd(all, end);
    }
    this.bytes = bytes.subarray(0, length);
  }

  /** The stretches there that `from` to `to` is made of here. */
  placesOf(from: number, to: number): [from: number, to: number][] {
    const places: [number, number][] = [];
    let index = lastNotAfter(this.#here, from);
    for (let at = from; at < to; index++) {
      const start = this.#there[index] ?? 0;
      const begins = this.#here[index] ?? 0;
      const end = Math.min(to, this.#here[index + 1] ?? to);
      if (end > at) places.push([start + at - begins, start + end - begins]);
      at = end;
    }
    return places;
  }
}

function lastNotAfter(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Whether a sequence parts letters that `pairs` holds side by side, or may part such when more follows. What stands
 * before it has to be a beginning: two of such letters, or one that `pairs` holds behind a 0.
 */
export function parts(bytes: Buffer, escape: number, pairs: Uint8Array): boolean {
  const left = bytes[escape - 1] ?? 0;
  if (pairs[left] === 0 && pairs[((bytes[escape - 2] ?? 0) << 8) | left] === 0) return false;
  let end = escape;
  while (bytes[end] === ESCAPE) end = sequenceEnd(bytes, end);
  const right = bytes[end];
  return right === undefined || pairs[(left << 8) | right] === 1;
}

/** Behind a sequence; one that is not all there goes to the end. */
function sequenceEnd(bytes: Buffer, at: number): number {
  const kind = bytes[at + 1] ?? 0;
  let end = at + 2;
  if (kind === 0x5b) {
    while (isBetween(bytes[end], 0x20, 0x3f)) end++;
  } else if (kind === 0x5d || kind === 0x50 || kind === 0x58 || kind === 0x5e || kind === 0x5f) {
    const most = Math.min(bytes.length, at + LONGEST_TEXT);
    while (end < most && bytes[end] !== BELL && bytes[end] !== ESCAPE) end++;
    if (bytes[end] === ESCAPE) end++;
  } else if (isBetween(kind, 0x20, 0x2f)) {
    while (isBetween(bytes[end], 0x20, 0x2f)) end++;
  } else end--;
  return Math.min(bytes.length, end + 1);
}

const isBetween = (byte: number | undefined, low: number, high: number): boolean =>
  byte !== undefined && byte >= low && byte <= high;
