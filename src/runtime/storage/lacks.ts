import {
  accessSync,
  chmodSync,
  constants,
  readFileSync,
  readlinkSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const GB = 1024 ** 3;
/** Below this, or a twentieth of a small disk, nothing is kept that only saves a download. */
const LEAST_FREE_BYTES = GB;

export interface DiskAbilities {
  /** Links can be made and followed. */
  links: boolean;
  /** What lies there can be run. */
  programs: boolean;
}

/** What the disk of a folder can do, found out by doing it: network volumes tell nothing beforehand. */
export function probeDisk(folder: string): DiskAbilities {
  const file = join(folder, `.probe-${process.pid}`);
  const link = `${file}-link`;
  try {
    writeFileSync(file, "#!/bin/sh\n");
    return { links: canLink(file, link), programs: canRun(file) };
  } catch {
    return { links: true, programs: true }; // it can be written no more; others say so
  } finally {
    for (const path of [link, file]) rmSync(path, { force: true });
  }
}

/** Some take a link and keep a copy, or do not follow it. */
function canLink(file: string, link: string): boolean {
  try {
    symlinkSync(file, link);
    return readlinkSync(link) === file && readFileSync(link).length > 0;
  } catch {
    return false;
  }
}

function canRun(file: string): boolean {
  try {
    chmodSync(file, 0o755);
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What has to be free again before it is enough. */
const RECOVERED = 1.25;

/** Whether so little is free that every file counts. */
export function isShortOfSpace(folder: string, { wasShort }: { wasShort: boolean }): boolean {
  try {
    const { bavail, blocks, bsize } = statfsSync(folder);
    const least = Math.min(LEAST_FREE_BYTES, (blocks * bsize) / 20);
    return bavail * bsize < least * (wasShort ? RECOVERED : 1);
  } catch {
    return false;
  }
}
