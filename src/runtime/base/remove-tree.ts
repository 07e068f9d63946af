import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { errnoOf } from "./file-errors.js";

/** Removes a file or folder for good, also what lies too deep for a path. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (errnoOf(error) !== "ENAMETOOLONG") throw error;
    rmSync(path, { recursive: true, force: true }); // goes down folder by folder, at once
  }
}
