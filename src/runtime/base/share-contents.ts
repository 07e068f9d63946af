import { constants, copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes another file of the same contents, which take room once until either is written; what is written into one never
 * shows in the other. Fails where the disk cannot, as most cannot.
 */
export const shareContents = (from: string, to: string): void =>
  copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);

const PROBE_BYTES = 4096;

/** Whether the disk of a folder can, found out by doing it. */
export function canShareContents(folder: string): boolean {
  const file = join(folder, `.probe-${process.pid}-contents`);
  const other = `${file}-shared`;
  try {
    writeFileSync(file, new Uint8Array(PROBE_BYTES));
    shareContents(file, other);
    return true;
  } catch {
    return false;
  } finally {
    for (const path of [file, other]) rmSync(path, { force: true });
  }
}
