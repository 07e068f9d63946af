import { open } from "node:fs/promises";
import { setImmediate as afterOthers } from "node:timers/promises";
import { maskSecrets, SecretMask } from "../base/mask-secrets.js";
import { outputParts, outputSize } from "../base/output-parts.js";
import { PlainTextStream } from "../base/plain-text.js";

export interface FoundLine {
  /** First byte of the line in the run's output. */
  offset: number;
  /** The line as a person reads it, cut when it is long. */
  text: string;
}

export interface SearchWish {
  file: string;
  /** What is looked for; upper and lower case are the same. */
  text: string;
  most: number;
  secrets(): readonly Buffer[];
  signal: AbortSignal;
}

const PIECE_BYTES = 1024 * 1024;
/** A line that is longer is searched in pieces of this size: output without line ends must not fill the memory. */
const LONGEST_LINE = 64 * 1024;
const MOST_SHOWN = 400;
const NEW_LINE = 0x0a;
/** Whoever searches serves others too. */
const AT_ONCE_MS = 20;

export interface SearchResult {
  lines: FoundLine[];
  /** There are others. */
  isMore: boolean;
  /** So many bytes from the beginning are not there any more. */
  goneBytes: number;
}

/** The first lines of a run's output that hold a text. */
export async function searchOutput({ file, text, most, secrets, signal }: SearchWish): Promise<SearchResult> {
  const wanted = text.toLowerCase();
  const lines: FoundLine[] = [];
  const size = outputSize(file); // what follows may hold secrets that are not known yet
  const known = secrets();
  let began = performance.now();
  const parts = outputParts(file);
  let goneBytes = parts[0]?.start ?? 0;
  // What is hidden and what makes a line may lie across two parts.
  const mask = new SecretMask(() => known).begin(goneBytes > 0);
  let rest: Buffer = Buffer.alloc(0);
  for (const [index, { path, start }] of parts.entries()) {
    const handle = await open(path, "r").catch(() => null);
    if (handle === null) {
      goneBytes = parts[index + 1]?.start ?? goneBytes; // removed since
      rest = Buffer.alloc(0);
      mask.begin(true);
      continue;
    }
    try {
      let offset = 0;
      for (;;) {
        signal.throwIfAborted();
        const wantedBytes = Math.max(0, Math.min(PIECE_BYTES, size - start - offset));
        const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(PIECE_BYTES), 0, wantedBytes, offset);
        if (bytesRead === 0 && index < parts.length - 1) break;
        const isLast = bytesRead === 0;
        const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        const first = start + offset - rest.length;
        offset += bytesRead;
        let from = 0;
        mask.hide(bytes.subarray(0, decidedEnd(bytes, isLast)), true);
        while (from < bytes.length) {
          const end = lineEnd(bytes, from, isLast);
          if (end === null) break;
          if (performance.now() - began > AT_ONCE_MS) {
            await afterOthers();
            signal.throwIfAborted();
            began = performance.now();
          }
          const line = readable(bytes.toString("utf8", from, end), known);
          if (line.toLowerCase().includes(wanted)) {
            if (lines.length === most) return { lines, isMore: true, goneBytes };
            lines.push({ offset: first + from, text: around(line, wanted) });
          }
          from = end;
        }
        rest = bytes.subarray(from);
        if (isLast) break;
      }
    } finally {
      await handle.close();
    }
  }
  return { lines, isMore: false, goneBytes };
}

/** Where the lines end that are looked at before more is read. */
function decidedEnd(bytes: Buffer, isLast: boolean): number {
  if (isLast) return bytes.length;
  let end = bytes.lastIndexOf(NEW_LINE) + 1;
  while (end + LONGEST_LINE < bytes.length) end += LONGEST_LINE;
  return end;
}

function lineEnd(bytes: Buffer, from: number, isLast: boolean): number | null {
  const end = bytes.indexOf(NEW_LINE, from);
  const longest = from + LONGEST_LINE;
  if (end >= 0 && end < longest) return end + 1;
  if (longest < bytes.length) return longest;
  return isLast ? bytes.length : null;
}

const CONTROLS = /[\x00-\x08\x0d-\x0f\x1b\x7f]/;

/** Of a progress bar, its last state. */
function readable(whole: string, known: readonly Buffer[]): string {
  const line = whole.replace(/\r*\n$/, "");
  if (!CONTROLS.test(line)) return line.trimEnd();
  const stream = new PlainTextStream();
  const plain = maskSecrets(stream.push(line) + stream.end(), known); // colours in the middle of a secret are gone now
  return (
    plain
      .split("\n")
      .findLast((state) => state.trim() !== "")
      ?.trimEnd() ?? ""
  );
}

function around(line: string, wanted: string): string {
  if (line.length <= MOST_SHOWN) return line;
  const at = Math.max(0, line.toLowerCase().indexOf(wanted) - MOST_SHOWN / 4);
  return `${at > 0 ? "…" : ""}${line.slice(at, at + MOST_SHOWN)}…`;
}
