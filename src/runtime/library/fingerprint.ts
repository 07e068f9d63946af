import { createHash } from "node:crypto";
import type { BigIntStats, Dirent } from "node:fs";
import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join } from "node:path";
import { errnoOf } from "../base/file-errors.js";
import { readStart, realPathInside } from "../base/read-inside.js";
import { PinokioError } from "../protocol/errors.js";
import { isMadeByPrograms, LAUNCHER_FOLDERS } from "./environment-folders.js";

/** What an app would load or run of its own. */
export interface AppScripts {
  /** Stands for all of it and changes with any of it: what a person agrees to. */
  fingerprint: string;
  /**
   * Digests by path, for telling later whether the scripts are still the ones that were agreed to. Without the folders
   * that are checkouts of their own: scripts fetch and update those.
   */
  files: Record<string, string>;
}

/** Digests by file, with what tells that the file has not been touched since. */
export type SeenFiles = Map<string, { stamp: string; digest: string | null }>;

const LIMIT_BYTES = 5_000_000;
const CODE = new Set([".js", ".cjs", ".mjs"]);
const LAUNCHER_JSON = new Set(["pinokio.json", "pinokio_meta.json"]);

/** Reads every script of an app; data and what programs make are left out. */
export async function readScripts(folder: string): Promise<AppScripts> {
  const hash = createHash("sha256");
  const files: [string, string][] = [];
  for await (const { path, isFetched } of scriptsBelow(folder, "", false)) {
    const found = await digestOf(folder, path);
    if (found === null) continue;
    hash.update(`${path}\0${found}\0`);
    if (!isFetched && isNamedAsScript(path)) files.push([path, found]);
  }
  return { fingerprint: hash.digest("hex"), files: Object.fromEntries(files) };
}

/**
 * Whether an app's scripts are the ones in `agreed`. Some may be gone, and scripts may have put others into folders of
 * their own; a changed one, or a new one beside the launcher, is a difference.
 */
export async function hasSameScripts(
  folder: string,
  agreed: Readonly<Record<string, string>>,
  seen: SeenFiles,
): Promise<boolean> {
  for (const [path, expected] of Object.entries(agreed)) {
    const found = await look(folder, path, seen);
    if (found !== "gone" && found !== expected) return false;
  }
  for (const below of LAUNCHER_FOLDERS) {
    for (const { name } of await entriesOf(join(folder, below))) {
      const path = join(below, name);
      if (!isNamedAsScript(path) || Object.hasOwn(agreed, path)) continue;
      const found = await look(folder, path, seen);
      if (found !== "gone" && found !== null) return false;
    }
  }
  return true;
}

async function look(folder: string, path: string, seen: SeenFiles): Promise<string | null> {
  try {
    return await digestOf(folder, path, seen);
  } catch (error) {
    return isGone(error) ? "gone" : "unreadable";
  }
}

/** Whether a link's text stays within the app's folder. What it names need not exist. */
export const staysInside = (path: string, target: string): boolean =>
  !isAbsolute(target) && !/^\.\.(?:\/|$)/.test(join(dirname(path), target));

async function* scriptsBelow(
  root: string,
  below: string,
  isFetched: boolean,
): AsyncGenerator<{ path: string; isFetched: boolean }> {
  const entries = await entriesOf(join(root, below));
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  const isCheckout = !LAUNCHER_FOLDERS.includes(below) && entries.some(({ name }) => name === ".git");
  for (const entry of entries) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) {
      if (entry.name === ".git" || isMadeByPrograms(root, path)) continue;
      yield* scriptsBelow(root, path, isFetched || isCheckout);
    } else if (isNamedAsScript(path) || (entry.isSymbolicLink() && !(await leadsToFile(join(root, path))))) {
      yield { path, isFetched: isFetched || isCheckout };
    }
  }
}

/** Null for what is no script after all. Throws when it is gone or cannot be looked at. */
async function digestOf(root: string, path: string, seen?: SeenFiles): Promise<string | null> {
  const file = join(root, path);
  const stat = await lstat(file, { bigint: true });
  if (!stat.isSymbolicLink()) return digestOfFile(file, stat, seen);
  const target = await readlink(file);
  const real = staysInside(path, target) ? await realPathInside(root, file) : null;
  const realStat = real === null ? null : await lstat(real, { bigint: true });
  if (real === null || realStat?.isFile() !== true) return digest("link", target);
  const content = await digestOfFile(real, realStat, seen);
  return content === null ? null : digest("link", target, content);
}

async function digestOfFile(file: string, stat: BigIntStats, seen?: SeenFiles): Promise<string | null> {
  if (!stat.isFile()) return null;
  const stamp = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(" ");
  const known = seen?.get(file);
  if (known?.stamp === stamp) return known.digest;
  const found = await digestOfContent(file);
  seen?.set(file, { stamp, digest: found });
  return found;
}

async function digestOfContent(file: string): Promise<string | null> {
  const start = await readStart(file, LIMIT_BYTES);
  if (start === null)
    throw new PinokioError("app-invalid", `${file} cannot be read`, { hint: "Look at its permissions" });
  const { bytes, size } = start;
  const isData = isJson(file) && !LAUNCHER_JSON.has(basename(file)) && size <= LIMIT_BYTES && !mayHoldSteps(bytes);
  return isData ? null : digest("file", String(size), bytes);
}

/** False for JSON without a list of steps, such as the settings and sessions that scripts write. */
function mayHoldSteps(bytes: Buffer): boolean {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    return true; // authors' JSON may hold comments, and the script language reads it
  }
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([key, list]) => Array.isArray(list) && (key === "run" || list.some((step) => isObject(step) && "method" in step)),
  );
}

const isJson = (path: string): boolean => extname(path).toLowerCase() === ".json";

const isNamedAsScript = (path: string): boolean => isJson(path) || CODE.has(extname(path).toLowerCase());

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

function digest(...parts: (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isGone(error)) return [];
    throw new PinokioError("app-invalid", `${folder} cannot be read`, {
      hint: "Look at its permissions",
      cause: error,
    });
  }
}

async function leadsToFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

const isGone = (error: unknown): boolean => ["ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "");
