import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { errnoOf } from "../base/file-errors.js";
import { makeFolder } from "../base/make-folder.js";
import { isSameProcess, type ProcessId, thisProcess } from "../base/processes.js";

const LOOK_AGAIN_MS = 250;

/** How long its holder may take to write itself into the file. */
const UNSIGNED_MS = 5_000;

/** Does the work while no other process of this machine does work under the same file; a dead one holds up nobody. */
export async function oneAtATime<Result>(
  file: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  makeFolder(dirname(file));
  while (!take(file)) await delay(LOOK_AGAIN_MS, undefined, { signal });
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(thisProcess()), { flag: "wx" });
    return true;
  } catch (error) {
    if (errnoOf(error) !== "EEXIST") throw error;
    if (!isHeld(file)) rmSync(file, { force: true });
    return false;
  }
}

function isHeld(file: string): boolean {
  try {
    const text = readFileSync(file, "utf8");
    if (text !== "") return isSameProcess(JSON.parse(text) as ProcessId);
    return Math.abs(Date.now() - statSync(file).mtimeMs) < UNSIGNED_MS;
  } catch {
    return false;
  }
}
