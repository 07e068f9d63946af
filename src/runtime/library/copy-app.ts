import { cpSync, existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { explainFileError } from "../base/file-errors.js";
import { makeFolder } from "../base/make-folder.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";

const UNFINISHED = ".installing-";

/** Puts a copy of the folder below `api`, whole or not at all. */
export function copyApp(from: string, api: string, name: AppId): string {
  const target = join(api, name);
  if (existsSync(target)) {
    throw new PinokioError("app-exists", `An app named ${name} is already installed`, {
      hint: "Start that one, or install under another name with --name",
    });
  }
  const unfinished = join(api, `${UNFINISHED}${name}-${process.pid}`);
  try {
    makeFolder(api);
    cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true, filter: isWorthCopying });
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw explainFileError(error, target);
  }
  return target;
}

/** Removes what an installation left that was cut off in the middle of its copy. */
export function removeUnfinished(api: string): void {
  if (!existsSync(api)) return;
  for (const name of readdirSync(api)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(api, name), { recursive: true, force: true });
  }
}

// An environment holds absolute paths: a copy of one would run the original's programs.
const isWorthCopying = (path: string): boolean =>
  !["node_modules", "__pycache__"].includes(basename(path)) && !existsSync(join(path, "pyvenv.cfg"));
