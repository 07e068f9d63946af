import type { Buffer } from "node:buffer";

/** Of a text's characters, so many at most steer a terminal or a printer. */
const MOST_STEERING = 0.05;

/** Whether what a file begins with is text that can be read; its last letter may be cut in two. */
export function looksLikeText(start: Buffer): boolean {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: true });
    const steering = text.match(/[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]/g)?.length ?? 0;
    return !text.includes("\0") && steering <= text.length * MOST_STEERING;
  } catch {
    return false;
  }
}
