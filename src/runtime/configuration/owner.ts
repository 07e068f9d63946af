import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { writeFileAtomic } from "../base/atomic-file.js";

/**
 * Sees to it that what is kept for an app's name is kept for this app: what an earlier one of that name has left, its
 * secrets above all, is put aside, and comes back with it. `mark` says whose it is; `owner` is where the app comes from.
 */
export function settleOwner(mark: string, files: readonly string[], owner: string): void {
  const before = textOf(mark);
  if (before === owner || (before === null && !files.some((file) => existsSync(file)))) return;
  if (before !== null) for (const file of files) move(file, asideFor(file, before));
  for (const file of files) if (!existsSync(file)) move(asideFor(file, owner), file);
  try {
    writeFileAtomic(mark, owner, 0o600);
  } catch {
    // A full disk: what is put aside by now is put aside, and the mark is written next time.
  }
}

const asideFor = (file: string, owner: string): string =>
  `${file}.of-${createHash("sha256").update(owner).digest("hex").slice(0, 12)}`;

function move(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to);
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
