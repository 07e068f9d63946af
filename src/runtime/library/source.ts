import { existsSync, statSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import { type GitAddress, isAddress, parseGitAddress } from "../base/git-address.js";
import { PinokioError } from "../protocol/errors.js";
import { AppId, appIdOf } from "../protocol/ids.js";

/** Where an app comes from, decided; `name` is the folder it is installed in when nobody chose another. */
export type AppSource = FolderSource | GitSource;

export interface FolderSource {
  kind: "folder";
  folder: string;
  name: AppId;
}

export interface GitSource {
  kind: "git";
  address: GitAddress;
  /** The address with what is wanted of it, and without a login. */
  text: string;
  name: AppId;
}

const LAUNCHERS = ["pinokio.js", "pinokio.json", "pinokio/pinokio.js", "pinokio/pinokio.json"];

/** Whether it is written as a folder of this machine. */
export const isPath = (text: string): boolean => /^(?:[~.]?\.?\/|~$|\.{1,2}$)/.test(text);

/** Whether it says where something is; else it can only be a name. */
export const isPlace = (text: string): boolean => isPath(text) || isAddress(text) || parseGitAddress(text) !== null;

/** Turns a place that a person typed into a source, or says why it is none. */
export function resolveSource(text: string, userHome: string): AppSource {
  const address = isPath(text) ? null : parseGitAddress(text);
  if (address !== null) return gitSource(address);
  if (!isPath(text) && isAddress(text)) {
    throw new PinokioError("source-unsupported", `${withoutLogin(text)} is not an address an app can be fetched from`, {
      hint: "Use an address that begins with https:// or git@, owner/name of a repository on GitHub, or a folder",
    });
  }
  return folderSource(text, userHome);
}

/** As another part of us wrote it: never a folder of this machine. */
export function gitSource(address: GitAddress): GitSource {
  const { url, branch, commit } = address;
  const wanted = branch !== null ? `#${branch}` : commit !== null ? `@${commit}` : "";
  return { kind: "git", address, text: `${url}${wanted}`, name: nameOf(address) };
}

function nameOf({ name }: GitAddress): AppId {
  const id = AppId.safeParse(name);
  return id.success ? id.data : appIdOf(name.replace(/[^\w.-]+/g, "_").replace(/^[.-]+/, ""));
}

function folderSource(text: string, userHome: string): FolderSource {
  const folder = resolve(text.startsWith("~") ? join(userHome, text.slice(2)) : text);
  if (!isAbsolute(text) && !text.startsWith("~")) {
    throw new PinokioError("app-invalid", `${text} is no whole path, and nobody has said from where it counts`, {
      hint: "Give the path from / on",
    });
  }
  if (!isFolder(folder)) {
    throw new PinokioError("app-invalid", `${folder} is not a folder of this machine`, {
      hint: "Give the path of a folder that holds a pinokio.js, the address of a repository, or a name from the catalog",
    });
  }
  requireLauncher(folder, folder);
  return { kind: "folder", folder, name: appIdOf(basename(folder)) };
}

/** `place` is what a person calls the folder. */
export function requireLauncher(folder: string, place: string): void {
  const problem = lacksLauncher(folder, place);
  if (problem !== null) throw problem;
}

/** Why a folder is no app, or null. */
export function lacksLauncher(folder: string, place: string): PinokioError | null {
  if (LAUNCHERS.some((launcher) => existsSync(join(folder, launcher)))) return null;
  return new PinokioError("app-invalid", `${place} holds no Pinokio launcher`, {
    hint: `A launcher is one of ${LAUNCHERS.join(", ")}`,
  });
}

const withoutLogin = (text: string): string => text.replace(/(:\/\/)[^/@\s]+@/, "$1");

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
