import { statfsSync } from "node:fs";
import { explainFileError } from "../../base/file-errors.js";
import { makeFolder } from "../../base/make-folder.js";
import { PinokioError } from "../../protocol/errors.js";
import { sizeText } from "../../protocol/sizes.js";

/** What a repository takes at least, with its history. */
export const LEAST_REPOSITORY_BYTES = 20 * 1024 * 1024;

/** Throws when the disk has less room than is needed. */
export function requireRoom(folder: string, needed: number): void {
  try {
    makeFolder(folder);
  } catch (error) {
    throw explainFileError(error, folder);
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= needed) return;
  throw new PinokioError("out-of-space", `It needs about ${sizeText(needed)}, and ${sizeText(free)} are free`, {
    hint: "Free some space on that disk, then try again; nothing was installed",
  });
}
