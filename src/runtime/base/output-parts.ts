import { closeSync, openSync, readSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { namesIn } from "./names-in.js";

/**
 * A run's output is one stream of bytes, on disk in parts: `output.log` from byte 0, `output.log.<first byte>` from
 * there on. The oldest go when there is too much, so that a reader meets a gap.
 */
export interface OutputPart {
  path: string;
  /** Which byte of the whole its first one is. */
  start: number;
}

export const partPath = (file: string, start: number): string => (start === 0 ? file : `${file}.${start}`);

/** Those that are there, the oldest first. */
export function outputParts(file: string): OutputPart[] {
  const name = basename(file);
  return namesIn(dirname(file))
    .flatMap((entry) => {
      if (entry === name) return [0];
      const start = entry.startsWith(`${name}.`) ? entry.slice(name.length + 1) : "";
      return /^[1-9]\d*$/.test(start) ? [Number(start)] : [];
    })
    .sort((a, b) => a - b)
    .map((start) => ({ path: partPath(file, start), start }));
}

/** How many bytes the whole has had, those that are gone included. */
export function outputSize(file: string): number {
  const last = outputParts(file).at(-1);
  return last === undefined ? 0 : last.start + sizeOf(last.path);
}

/** The last bytes, or as many of them as are still there, and where they begin. */
export const readOutputEnd = (file: string, mostBytes: number): { bytes: Buffer; start: number } =>
  readOutputBefore(file, outputSize(file), mostBytes);

/** The same of what comes before a byte. */
export function readOutputBefore(file: string, end: number, mostBytes: number): { bytes: Buffer; start: number } {
  const parts = outputParts(file).filter((part) => part.start < end);
  const pieces: Buffer[] = [];
  let wanted = mostBytes;
  let start = end;
  for (const part of parts.toReversed()) {
    if (wanted <= 0) break;
    const size = Math.min(sizeOf(part.path), start - part.start);
    if (part.start + size !== start) break; // a gap
    const piece = readPiece(part.path, Math.max(0, size - wanted), Math.min(size, wanted));
    pieces.unshift(piece);
    wanted -= piece.length;
    start -= piece.length;
  }
  return { bytes: Buffer.concat(pieces), start };
}

function readPiece(path: string, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, length, from));
  } finally {
    closeSync(file);
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
