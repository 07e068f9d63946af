import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { setImmediate as afterOthers } from "node:timers/promises";
import { gitFolder, type GitPrograms, hasCommitsOf, hasOwnCommits, knownToCommit, knownToIndex } from "./git-known.js";
import { isInside } from "./inside-folder.js";
import { isOddName } from "./odd-names.js";
import { sameContent } from "./same-content.js";
import { isTooDeep } from "./too-deep.js";

/** What programs make again by themselves. */
const DERIVED = new Set([".git", "__pycache__", "node_modules", ".venv", ".pytest_cache", ".ipynb_checkpoints"]);

const OF_ENVIRONMENT = new Set([
  ...["bin", "lib", "lib64", "include", "share", "etc", "Scripts", "Lib", "Include"],
  ...["pyvenv.cfg", "conda-meta", ".lock", "CACHEDIR.TAG"],
]);

/** Whoever looks through large folders serves others too. */
const AT_ONCE = 300;

/** What is looked through, and with what. */
export interface OwnFilesOrder {
  /** A file or folder, as it really lies. */
  path: string;
  /** Nothing from here upwards is the app's. */
  top: string;
  programs: GitPrograms;
  /** A folder that has the same files where they are not a person's: the one an app was copied from. */
  origin?: string | undefined;
  /** Links that lead below these folders are made again by the app. */
  linksTo?: readonly string[];
  signal?: AbortSignal | undefined;
  /** The commits of the folder's own repository stay somewhere. */
  commitsStay?: boolean;
  /** Names right below `path` that are no text are told as they are shown; else its folder is told as one. */
  tellsOdd?: boolean;
}

/**
 * What a person may have made: whatever git cannot bring back, unless an environment or a cache of code owns it. A
 * folder that holds nothing else is told as one. What of git itself is nowhere else comes last.
 */
export async function ownFiles(order: OwnFilesOrder): Promise<string[]> {
  const { path, top, programs } = order;
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (basename(path) === ".git") return (await hasOwnCommits(dirname(path), programs)) ? [path] : [];
  const repository = repositoryAround(dirname(path), top);
  const known = repository === null ? new Set<string>() : await knownToIndex(repository, programs);
  if (!found.isDirectory()) return known.has(path) ? [] : [path];
  const search = new Search(order);
  const { own, isWhole } = await search.below(path, known);
  const repositories = [...search.repositories];
  const outer = repositories.filter((one) => !repositories.some((other) => other !== one && isInside(other, one)));
  return [...(isWhole && outer.length === 0 ? [path] : own), ...outer];
}

interface Below {
  own: string[];
  /** Nothing in it is anything but a person's. */
  isWhole: boolean;
}

class Search {
  /** Folders and files of git itself that hold what is nowhere else. */
  readonly repositories = new Set<string>();
  readonly #order: OwnFilesOrder;
  #seen = 0;

  constructor(order: OwnFilesOrder) {
    this.#order = order;
  }

  async below(folder: string, known: ReadonlySet<string>): Promise<Below> {
    if (++this.#seen % AT_ONCE === 0) await afterOthers();
    this.#order.signal?.throwIfAborted();
    const entries = entriesOf(folder, this.#order.tellsOdd === true && folder === this.#order.path);
    // A name that is no text cannot be told, nor can what may not be looked at, nor what lies too deep: the folder is,
    // with all it holds.
    if (entries === null || isTooDeep(folder)) return { own: [folder], isWhole: true };
    const isRepository = entries.some(({ name }) => name === ".git");
    const ours = isRepository ? await this.#knownOf(folder) : known;
    const own: string[] = [];
    let isWhole = !isRepository;
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (isOddName(folder, entry.name)) own.push(path);
      else if (isMadeIn(folder, entry.name)) isWhole = false;
      else if (entry.isDirectory()) {
        const below = await this.below(path, ours);
        own.push(...(below.isWhole && below.own.length > 0 ? [path] : below.own));
        isWhole &&= below.isWhole;
      } else if (entry.isFile() || entry.isSymbolicLink()) {
        if (this.#isOwn(path, entry, ours)) own.push(path);
        else isWhole = false;
      }
    }
    return { own, isWhole };
  }

  #isOwn(path: string, entry: Dirent, known: ReadonlySet<string>): boolean {
    if (known.has(path)) return false;
    const { path: root, origin, linksTo = [] } = this.#order;
    if (origin !== undefined && isSame(path, join(origin, relative(root, path)))) return false;
    if (!entry.isSymbolicLink() || linksTo.length === 0) return true;
    const target = resolve(dirname(path), readlinkSync(path));
    return !linksTo.some((folder) => isInside(folder, target) || isInside(folder, realOr(target)));
  }

  /** Of a repository that goes too. One whose commits are nowhere else is kept as it is. */
  async #knownOf(folder: string): Promise<Set<string>> {
    const { programs, path, origin, commitsStay = false } = this.#order;
    const isElsewhere =
      (commitsStay && folder === path) ||
      !(await hasOwnCommits(folder, programs)) ||
      (origin !== undefined && folder === path && (await hasCommitsOf(origin, folder, programs)));
    if (isElsewhere) return knownToCommit(folder, programs);
    this.repositories.add(join(folder, ".git"));
    const elsewhere = await gitFolder(folder, programs);
    if (elsewhere !== null && isInside(path, elsewhere)) this.repositories.add(elsewhere);
    return new Set();
  }
}

function entriesOf(folder: string, withOdd = false): Dirent[] | null {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const isOdd = ({ name }: Dirent): boolean => isOddName(folder, name);
    return withOdd || !entries.some(isOdd) ? entries : null;
  } catch {
    return null;
  }
}

function isSame(path: string, other: string): boolean {
  try {
    return sameContent(path, other);
  } catch {
    return false; // it is not there, or cannot be read
  }
}

function realOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Whether a path, or one above it up to `end`, is what programs make again. */
export function isMadeAgain(path: string, end: string): boolean {
  for (let at = path; at !== end && at !== dirname(at); at = dirname(at)) {
    if (basename(at) === ".git" && at === path) continue;
    if (isMadeIn(dirname(at), basename(at))) return true;
  }
  return false;
}

/** Whether what is called so in a folder is made again by programs: an environment, a part of one, a cache, a repository. */
export function isMadeIn(folder: string, name: string): boolean {
  return DERIVED.has(name) || isOfEnvironment(folder, name) || isWholeEnvironment(join(folder, name));
}

/** An app may have made its own folder an environment: only what environments consist of is the environment's. */
function isOfEnvironment(folder: string, name: string): boolean {
  if (!existsSync(join(folder, "pyvenv.cfg")) && !isCondaEnvironment(folder)) return false;
  if (OF_ENVIRONMENT.has(name)) return true;
  // Tools that make environments have git ignore all of them.
  return name === ".gitignore" && /(?:^|\n)\*\s*$/.test(readFileSync(join(folder, name), "utf8"));
}

/** What of an environment's folder is the environment's. Anything else in it is somebody's. */
export function environmentParts(folder: string): string[] {
  if (basename(folder) === "node_modules") return [folder];
  const parts = (entriesOf(folder) ?? []).filter(({ name }) => isOfEnvironment(folder, name) && name !== "pyvenv.cfg");
  return parts.map(({ name }) => join(folder, name));
}

const isCondaEnvironment = (folder: string): boolean => existsSync(join(folder, "conda-meta"));

/** Conda's environments have folders of many names, so they are taken whole unless they are an app's folder too. */
const isWholeEnvironment = (folder: string): boolean =>
  isCondaEnvironment(folder) && !existsSync(join(folder, ".git")) && !existsSync(join(folder, "pinokio.js"));

function repositoryAround(folder: string, top: string): string | null {
  for (let above = folder; above !== top && isInside(top, above); above = dirname(above)) {
    if (existsSync(join(above, ".git"))) return above;
  }
  return null;
}
