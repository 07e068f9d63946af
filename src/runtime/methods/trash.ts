import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { isInside } from "../base/inside-folder.js";
import { moveToTrash } from "../base/trash.js";
import { gitFolder, hasOwnCommits, knownToIndex, knownToRemote } from "./git-known.js";
import type { MethodContext } from "./method.js";

type Context = Pick<MethodContext, "home" | "note" | "programs">;

/**
 * Removes a file or folder. Below `<home>/api`, as it is written or as it really lies, what a person may have made is
 * kept in `<home>/trash`: whatever git cannot bring back, unless an environment or a cache of code owns it.
 */
export async function removeKeeping(path: string, context: Context): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  const place = placeInApps(path, context.home);
  if (place !== null && !found.isSymbolicLink() && !belongsToEnvironment(place)) {
    const kept = await filesToKeep(place, found.isDirectory(), context);
    const named = kept.map((file) => join(place.named, relative(place.real, file)));
    if (named.length > 0) keepInTrash(named, place.from, context);
  }
  rmSync(path, { recursive: true, force: true });
}

/** Keeps files that a script would lose; `from` is the folder their places in the trash are told by. */
export function keepInTrash(files: readonly string[], from: string, { home, note }: Context): void {
  const folder = moveToTrash(home, files, from);
  note(`${files.length === 1 ? "1 item was" : `${files.length} items were`} kept in ${folder}\r\n`);
}

interface Place {
  /** The path by which the trash tells its place, below `from`. */
  named: string;
  from: string;
  real: string;
  /** Nothing from here upwards, as the path really lies, is the app's. */
  top: string;
}

/** Null when neither the path as written nor where it really lies is below `<home>/api`. */
function placeInApps(path: string, home: string): Place | null {
  const api = join(home, "api");
  const realApi = existsSync(api) ? realpathSync(api) : api;
  const real = join(realpathSync(dirname(path)), basename(path));
  const isBelow = (folder: string, one: string): boolean => one !== folder && isInside(folder, one);
  if (isBelow(realApi, real)) return { named: real, from: realApi, real, top: realApi };
  const from = [api, realApi].find((folder) => isBelow(folder, path));
  return from === undefined ? null : { named: path, from, real, top: aboveLastLink(path, from) };
}

function aboveLastLink(path: string, api: string): string {
  for (let above = dirname(path); above !== api; above = dirname(above)) {
    if (lstatSync(above).isSymbolicLink()) return dirname(realpathSync(above));
  }
  return realpathSync(api);
}

/** What programs make again by themselves. */
const DERIVED = new Set([".git", "__pycache__", "node_modules", ".venv", ".pytest_cache", ".ipynb_checkpoints"]);

const OF_ENVIRONMENT = new Set([
  ...["bin", "lib", "lib64", "include", "share", "Scripts", "Lib", "Include"],
  ...["pyvenv.cfg", "conda-meta", ".lock", "CACHEDIR.TAG"],
]);

/** An app may have made its own folder an environment: only what environments consist of is the environment's. */
function isOfEnvironment(folder: string, name: string): boolean {
  if (!existsSync(join(folder, "pyvenv.cfg")) && !isCondaEnvironment(folder)) return false;
  if (OF_ENVIRONMENT.has(name)) return true;
  // Tools that make environments have git ignore all of them.
  return name === ".gitignore" && /(?:^|\n)\*\s*$/.test(readFileSync(join(folder, name), "utf8"));
}

const isCondaEnvironment = (folder: string): boolean => existsSync(join(folder, "conda-meta"));

/** Conda's environments have folders of many names, so they are taken whole unless they are an app's folder too. */
const isWholeEnvironment = (folder: string): boolean =>
  isCondaEnvironment(folder) && !existsSync(join(folder, ".git")) && !existsSync(join(folder, "pinokio.js"));

function isDerived(folder: string, name: string): boolean {
  return DERIVED.has(name) || isOfEnvironment(folder, name) || isWholeEnvironment(join(folder, name));
}

function belongsToEnvironment({ named, from, real, top }: Place): boolean {
  const belongs = (path: string, end: string): boolean => {
    for (let at = path; at !== end && at !== dirname(at); at = dirname(at)) {
      if (basename(at) === ".git" && at === path) continue;
      if (isDerived(dirname(at), basename(at))) return true;
    }
    return false;
  };
  return belongs(named, from) || belongs(real, top);
}

async function filesToKeep({ real, top }: Place, isFolder: boolean, context: Context): Promise<string[]> {
  if (basename(real) === ".git") return (await hasOwnCommits(dirname(real), context)) ? [real] : [];
  const repository = repositoryAround(dirname(real), top);
  const known = repository === null ? new Set<string>() : await knownToIndex(repository, context);
  if (!isFolder) return known.has(real) ? [] : [real];
  const found: Found = { root: real, files: [], repositories: new Set() };
  await collect(real, known, found, context);
  const repositories = [...found.repositories];
  const outer = repositories.filter((one) => !repositories.some((other) => other !== one && isInside(other, one)));
  return [...found.files, ...outer];
}

interface Found {
  root: string;
  files: string[];
  /** Folders and files of git itself that hold what is nowhere else. */
  repositories: Set<string>;
}

async function collect(folder: string, known: ReadonlySet<string>, found: Found, context: Context): Promise<void> {
  const own = existsSync(join(folder, ".git")) ? await knownOfRepository(folder, found, context) : known;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (isDerived(folder, entry.name)) continue;
    if (entry.isDirectory()) await collect(path, own, found, context);
    else if (!own.has(path) && (entry.isFile() || entry.isSymbolicLink())) found.files.push(path);
  }
}

/** Of a repository that goes too. One whose commits are nowhere else is kept as it is. */
async function knownOfRepository(folder: string, found: Found, context: Context): Promise<Set<string>> {
  if (!(await hasOwnCommits(folder, context))) return knownToRemote(folder, context);
  found.repositories.add(join(folder, ".git"));
  const elsewhere = await gitFolder(folder, context);
  if (elsewhere !== null && isInside(found.root, elsewhere)) found.repositories.add(elsewhere);
  return new Set();
}

function repositoryAround(folder: string, top: string): string | null {
  for (let above = folder; above !== top && isInside(top, above); above = dirname(above)) {
    if (existsSync(join(above, ".git"))) return above;
  }
  return null;
}
