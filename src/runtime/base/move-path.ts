import { cpSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "./file-errors.js";
import { makeFolder } from "./make-folder.js";

/** Renames; across devices it copies whole, then removes. */
export function movePath(from: string, to: string): void {
  makeFolder(dirname(to));
  try {
    renameSync(from, to);
  } catch (error) {
    if (errnoOf(error) !== "EXDEV") throw error;
    const arriving = `${to}.arriving`;
    cpSync(from, arriving, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    renameSync(arriving, to);
    rmSync(from, { recursive: true, force: true });
  }
}
