import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "./file-errors.js";

/** Makes a folder and those above it. Node's own recursive form never returns for a path below `/proc`. */
export function makeFolder(path: string, mode?: number): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path, mode);
  } catch (error) {
    if (errnoOf(error) !== "EEXIST" || !isFolder(path)) throw error;
  }
}

/** Makes a folder in one that is there: what a person has removed as a whole does not come back. */
export function makeLastFolder(path: string, mode: number): void {
  if (!isFolder(path)) mkdirSync(path, mode);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
