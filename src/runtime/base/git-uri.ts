import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { namesIn } from "./names-in.js";

/** `https://host/owner/name.git/path/in/it`, taken apart. */
export interface GitUri {
  /** Address of the repository, ending in `.git`. */
  remote: string;
  /** Path of a file in it; "" for none. */
  path: string;
}

/** Null for what is no address of a repository. */
export function parseGitUri(uri: string): GitUri | null {
  const [, remote, path = ""] = /^(https?:\/\/.+?\.git)(?:\/(.*))?$/s.exec(uri) ?? [];
  return remote === undefined ? null : { remote, path };
}

/** The app folder that was cloned from there, whatever its name is; null when there is none. */
export function findClone(api: string, remote: string): string | null {
  const wanted = comparableRemote(remote);
  for (const name of namesIn(api).sort()) {
    const found = remoteOf(join(api, name));
    if (found !== null && comparableRemote(found) === wanted) return join(api, name);
  }
  return null;
}

/** The folder a clone gets that nobody has named. */
export const cloneFolderName = (remote: string): string =>
  remote.replace(/^https?:\/\//, "").replace(/[^A-Za-z0-9_-]/g, "_");

/** The address a folder was cloned from, or null. */
export function remoteOf(folder: string): string | null {
  let isOrigin = false;
  for (const line of configOf(folder).split(/\r?\n/)) {
    const section = /^\s*\[(.*)\]\s*$/.exec(line)?.[1];
    if (section !== undefined) isOrigin = /^remote\s+"origin"$/.test(section.trim());
    const url = isOrigin ? /^\s*url\s*=\s*(.+?)\s*$/.exec(line)?.[1] : undefined;
    if (url !== undefined) return url;
  }
  return null;
}

/** The same for every way to write the address of one repository. */
export const comparableRemote = (remote: string): string =>
  remote
    .replace(/\/+$/, "")
    .replace(/\.git$/, "")
    .toLowerCase();

function configOf(folder: string): string {
  try {
    const git = join(folder, ".git");
    return existsSync(join(git, "config")) ? readFileSync(join(git, "config"), "utf8") : "";
  } catch {
    return "";
  }
}
