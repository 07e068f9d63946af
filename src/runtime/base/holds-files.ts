import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "./file-errors.js";

/** Whether there is anything but folders in a folder. What may not be looked at may be anything. */
export function holdsFiles(folder: string, besides: readonly string[] = []): boolean {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => !besides.includes(name));
  } catch (error) {
    return !["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "");
  }
  return names.some((name) => {
    const path = join(folder, name);
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true || holdsFiles(path);
  });
}
