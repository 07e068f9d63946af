import { accessSync, chmodSync, constants, existsSync, lstatSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explainFileError } from "../base/file-errors.js";
import { makeFolder } from "../base/make-folder.js";
import { giveSomeReserve } from "../base/reserve.js";
import { PinokioError } from "../protocol/errors.js";
import type { HomePaths, LocalPaths } from "./paths.js";

/** Why a home that exists cannot be written, or null when it can. A home that is missing is made. */
export function prepareHome(paths: HomePaths): PinokioError | null {
  const existed = existsSync(paths.home);
  try {
    for (const folder of [paths.home, paths.run, paths.api, paths.runs, paths.logs]) makeFolder(folder);
    giveSomeReserve(paths.home);
    // Permission bits do not tell about read-only volumes and full disks; a write does.
    const probe = join(paths.run, `.probe-${process.pid}`);
    writeFileSync(probe, "x");
    rmSync(probe);
    return null;
  } catch (error) {
    const explained = explainFileError(error, paths.home);
    if (!(explained instanceof PinokioError)) {
      throw new PinokioError("home-not-writable", `The home ${paths.home} cannot be made: ${String(error)}`, {
        hint: "Choose another home with --home or PINOKIOCLOUD_HOME",
        cause: error,
      });
    }
    if (!existed || !isReadable(paths.api)) throw explained;
    return explained;
  }
}

/** Makes the 0700 folder for sockets and token, and refuses one that somebody else could have prepared. */
export function prepareLocal({ folder }: LocalPaths): void {
  makeFolder(folder, 0o700);
  const found = lstatSync(folder);
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid())) {
    throw new PinokioError("home-not-writable", `${folder} does not belong to this user`, {
      hint: "Remove it, or set XDG_RUNTIME_DIR to a folder of your own",
    });
  }
  chmodSync(folder, 0o700);
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
