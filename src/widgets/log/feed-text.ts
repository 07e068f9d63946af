import type { LogText } from "../log-text.js";

export const NEW_LINE = 0x0a;
const BYTES_BETWEEN_MARKS = 8 * 1024;

/** Noting now and then where a line begins. */
export function feed(text: LogText, decoder: TextDecoder, bytes: Uint8Array, offset: number): void {
  for (let from = 0; from < bytes.length;) {
    if (from === 0 || bytes[from - 1] === NEW_LINE) text.mark(offset + from);
    const next = bytes.indexOf(NEW_LINE, from + BYTES_BETWEEN_MARKS);
    const last = next === -1 ? bytes.lastIndexOf(NEW_LINE) : next;
    const end = last < from ? bytes.length : last + 1;
    text.push(decoder.decode(bytes.subarray(from, end), { stream: true }));
    from = end;
  }
}

export function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEW_LINE); at >= 0; at = bytes.indexOf(NEW_LINE, at + 1)) count++;
  return count;
}
