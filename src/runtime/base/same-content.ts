import { Buffer } from "node:buffer";
import { closeSync, lstatSync, openSync, readlinkSync, readSync } from "node:fs";

const PIECE = 1024 * 1024;

/** Whether two files hold the same bytes, or two links lead to the same place. */
export function sameContent(one: string, other: string): boolean {
  const [a, b] = [lstatSync(one), lstatSync(other)];
  if (a.isSymbolicLink() && b.isSymbolicLink()) return readlinkSync(one) === readlinkSync(other);
  if (!a.isFile() || !b.isFile() || a.size !== b.size) return false;
  if (a.ino === b.ino && a.dev === b.dev) return true;
  const files = [openSync(one, "r"), openSync(other, "r")] as const;
  try {
    const pieces = [Buffer.alloc(PIECE), Buffer.alloc(PIECE)] as const;
    for (;;) {
      const lengths = [readSync(files[0], pieces[0]), readSync(files[1], pieces[1])] as const;
      if (lengths[0] !== lengths[1]) return false;
      if (lengths[0] === 0) return true;
      if (!pieces[0].subarray(0, lengths[0]).equals(pieces[1].subarray(0, lengths[1]))) return false;
    }
  } finally {
    for (const file of files) closeSync(file);
  }
}
