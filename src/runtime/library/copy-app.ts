import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { cp, lstat, readlink, realpath, rm } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { explainFileError } from "../base/file-errors.js";
import { makeFolder } from "../base/make-folder.js";
import { realPathInside } from "../base/read-inside.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";
import { isMadeByPrograms, LAUNCHER_FOLDERS } from "./environment-folders.js";
import { staysInside } from "./fingerprint.js";

const UNFINISHED = ".installing-";

/** Puts a copy of the folder below `api`, whole or not at all. `check` sees the copy first and throws to refuse it. */
export async function copyApp(
  source: string,
  api: string,
  name: AppId,
  check: (copy: string) => Promise<void>,
): Promise<string> {
  const target = join(api, name);
  if (existsSync(target)) throw exists(name);
  const from = await realpath(source); // the folder, where the source is a link to it
  await refuseLauncherElsewhere(from);
  const unfinished = join(api, `${UNFINISHED}${name}-${process.pid}`);
  try {
    makeFolder(api);
    await cp(from, unfinished, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => isWorthCopying(from, path),
    });
    await check(unfinished);
    if (existsSync(target)) throw exists(name);
    renameSync(unfinished, target);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined); // why it failed matters more
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

const exists = (name: AppId): PinokioError =>
  new PinokioError("app-exists", `An app named ${name} is already installed`, {
    hint: "Start that one, or install under another name with --name",
  });

// An environment holds absolute paths: a copy of one would run the original's programs.
async function isWorthCopying(root: string, path: string): Promise<boolean> {
  const below = relative(root, path);
  if (basename(below) === "pyvenv.cfg" || isMadeByPrograms(root, below)) return false;
  const stat = await lstat(path);
  return stat.isFile() || stat.isDirectory() || stat.isSymbolicLink(); // sockets and pipes belong to what runs there
}

const LAUNCHER = /^(?:pinokio\.js|pinokio\.json|pinokio_meta\.json|(?:install|start)\.[^.]+)$/;

/** Most links are copied as they are; what an app begins with must be in the app. */
export async function refuseLauncherElsewhere(folder: string): Promise<void> {
  for (const path of ["pinokio", ...LAUNCHER_FOLDERS.flatMap((below) => launchersIn(folder, below))]) {
    const target = await readlink(join(folder, path)).catch(() => null);
    if (target === null) continue; // no link
    if (staysInside(path, target) && (await realPathInside(folder, join(folder, path))) !== null) continue;
    throw new PinokioError("app-invalid", `${path} is a link to ${target}, which is not in the app's folder`, {
      hint: "Put the file itself there",
    });
  }
}

function launchersIn(folder: string, below: string): string[] {
  const path = join(folder, below);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => LAUNCHER.test(name))
    .map((name) => join(below, name));
}
