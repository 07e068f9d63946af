import type { Buffer } from "node:buffer";

/** Where the next two letters end that the table holds; as long as the bytes are where there are none. */
export function nextOf(table: Uint8Array, bytes: Buffer, from: number): number {
  let ending = from === 0 ? 0 : (bytes[from - 1] ?? 0);
  for (let index = from; index < bytes.length; index++) {
    ending = ((ending << 8) | (bytes[index] ?? 0)) & 0xffff;
    if (table[ending] === 1) return index;
  }
  return bytes.length;
}

/** The two letters that end at a place, as one number. */
export function endingOf(bytes: Buffer, index: number): number {
  return ((bytes[index - 1] ?? 0) << 8) | (bytes[index] ?? 0);
}

/** Where the allowed letters end that stand at a place; asked from left to right, no letter is looked at twice. */
export function endIn(bytes: Buffer, allowed: Uint8Array): (from: number) => number {
  let end = 0;
  return (from) => {
    if (from >= end) for (end = from; end < bytes.length && allowed[bytes[end] ?? 0] === 1;) end++;
    return end;
  };
}

export function startsAt(bytes: Buffer, from: number, prefix: readonly number[]): boolean {
  for (let index = 0; index < prefix.length; index++) if (bytes[from + index] !== prefix[index]) return false;
  return true;
}

/** Where the bytes end with the beginning of a secret, or null. */
export function cutOffAt(bytes: Buffer, secret: Buffer): number | null {
  const longest = Math.min(secret.length - 1, bytes.length);
  for (let length = longest; length > 0; length--) {
    if (bytes[bytes.length - length] !== secret[0]) continue;
    if (bytes.subarray(bytes.length - length).equals(secret.subarray(0, length))) return bytes.length - length;
  }
  return null;
}

/** Where the rest of a secret ends that the bytes begin with; 0 when they do not. */
export function restOf(bytes: Buffer, secret: Buffer, shortest: number): number {
  for (let length = Math.min(secret.length - 1, bytes.length); length >= shortest; length--) {
    if (bytes[0] !== secret[secret.length - length]) continue;
    if (bytes.subarray(0, length).equals(secret.subarray(secret.length - length))) return length;
  }
  return 0;
}
