import { open } from "node:fs/promises";
import { SecretMask } from "../base/mask-secrets.js";
import { outputParts } from "../base/output-parts.js";
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

/** The first lines of a run's output that hold a text; `isMore` when there are others. */
export async function searchOutput({ file, text, most, secrets, signal }: SearchWish): Promise<{
  lines: FoundLine[];
  isMore: boolean;
}> {
  const wanted = text.toLowerCase();
  const lines: FoundLine[] = [];
  for (const { path, start } of outputParts(file)) {
    const mask = new SecretMask(secrets);
    const handle = await open(path, "r").catch(() => null); // removed since
    if (handle === null) continue;
    try {
      let offset = 0;
      let rest = Buffer.alloc(0);
      for (;;) {
        signal.throwIfAborted();
        const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(PIECE_BYTES), 0, PIECE_BYTES, offset);
        const isLast = bytesRead === 0;
        const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        const first = offset - rest.length;
        offset += bytesRead;
        let from = 0;
        while (from < bytes.length) {
          const end = lineEnd(bytes, from, isLast);
          if (end === null) break;
          const raw = Buffer.from(bytes.subarray(from, end));
          mask.hide(raw, true);
          const line = readable(raw.toString("utf8"));
          if (line.toLowerCase().includes(wanted)) {
            if (lines.length === most) return { lines, isMore: true };
            lines.push({ offset: start + first + from, text: around(line, wanted) });
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
  return { lines, isMore: false };
}

function lineEnd(bytes: Buffer, from: number, isLast: boolean): number | null {
  const end = bytes.indexOf(NEW_LINE, from);
  const longest = from + LONGEST_LINE;
  if (end >= 0 && end < longest) return end + 1;
  if (longest < bytes.length) return longest;
  return isLast ? bytes.length : null;
}

/** Of a progress bar, its last state. */
function readable(line: string): string {
  const stream = new PlainTextStream();
  const plain = stream.push(line) + stream.end();
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
