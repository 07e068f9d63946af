import { lstatSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { appMissing } from "../../base/app-missing.js";
import { errnoOf } from "../../base/file-errors.js";
import { PinokioError } from "../../protocol/errors.js";
import type { AppId } from "../../protocol/ids.js";

/** A place of an app's folder, once it is known that no link leads to it. */
export interface AppPlace {
  /** Below the app's folder, without detours; empty for that itself. */
  place: string;
  /** As it really lies. */
  path: string;
}

/** Where an app really lies. */
export function appFolder(api: string, app: AppId): string {
  try {
    const folder = realpathSync(join(api, app));
    if (lstatSync(folder).isDirectory()) return folder;
  } catch {
    // it is not there
  }
  throw appMissing(app);
}

/** What a client wrote as a place of the app's folder. Throws for what leads out of it, or over a link. */
export function placeInApp(folder: string, written: string): AppPlace {
  const parts = written.split("/").filter((part) => part !== "" && part !== ".");
  if (written.startsWith("/") || written.includes("\0") || parts.includes("..")) throw outside(written);
  const path = join(folder, ...parts);
  if (realOf(path, written) !== path) throw outside(written);
  return { place: parts.join("/"), path };
}

/** As `placeInApp`, for what may be a link itself: that is not followed. */
export function entryInApp(folder: string, written: string): AppPlace {
  const parts = written.split("/").filter((part) => part !== "" && part !== ".");
  const name = parts.pop();
  if (name === undefined || name === "..") throw outside(written);
  const above = placeInApp(folder, written.startsWith("/") ? written : parts.join("/"));
  const path = join(above.path, name);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) throw missing(written);
  return { place: [...parts, name].join("/"), path };
}

function realOf(path: string, written: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ENOTDIR") throw missing(written);
    throw outside(written);
  }
}

const missing = (written: string): PinokioError =>
  new PinokioError("file-changed", `${written} is not there any more`, { hint: "Look at the folder again" });

export const outside = (written: string): PinokioError =>
  new PinokioError("request-invalid", `${written} does not lie in the app's folder`, {
    hint: "Links are not followed: look at the place where they lead",
  });
