import { lstatSync, readdirSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import { holdsFiles } from "../base/holds-files.js";
import type { Git, GitOrder } from "./git.js";
import type { ChangedFile, LocalEdit } from "./look.js";

type At = Pick<GitOrder, "cwd" | "signal" | "remote">;

/**
 * What lies where a commit has something new and is not git's: files that git is told to ignore, which it would write
 * over, and what is in a folder that becomes a file, or the other way round, which git refuses.
 */
export async function untrackedInTheWay(
  git: Git,
  at: At,
  commit: string,
  between: readonly ChangedFile[],
): Promise<LocalEdit[]> {
  const added = between.filter(({ kind }) => kind === "added").map(({ path }) => path);
  const gits = new Set(between.filter(({ kind }) => kind !== "added").map(({ path }) => path));
  const found = new Set<string>();
  const folders: string[] = [];
  for (const path of added) {
    const above = fileAbove(at.cwd, path);
    if (above !== null && !gits.has(above)) found.add(above);
    const there = above === null ? statIn(at.cwd, path) : undefined;
    if (there?.isDirectory() === true) folders.push(path);
    else if (there !== undefined) found.add(path);
  }
  for (const folder of await becomingFiles(git, at, commit, folders)) {
    for (const path of notOfGit(at.cwd, folder, [...gits])) found.add(path);
  }
  return [...found].map((path) => ({ path, kind: "untracked" }));
}

/** Where a commit has a repository of its own in a folder's place, git leaves what is in it alone. */
async function becomingFiles(git: Git, at: At, commit: string, folders: readonly string[]): Promise<string[]> {
  if (folders.length === 0) return [];
  const text = await git.run(["ls-tree", "-z", commit, "--", ...folders], at);
  const entries = text.split("\0").map((line) => line.split("\t"));
  return entries.flatMap(([about = "", path]) => (path === undefined || about.startsWith("160000 ") ? [] : [path]));
}

/** Folders that hold nothing of git are told as one. */
function notOfGit(root: string, folder: string, gits: readonly string[]): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return gits.includes(path) ? [] : [path];
    if (gits.some((one) => one.startsWith(`${path}/`))) return notOfGit(root, path, gits);
    return holdsFiles(join(root, path)) ? [`${path}/`] : [];
  });
}

/** The first of the folders above a place that is none. */
function fileAbove(root: string, path: string): string | null {
  const above: string[] = [];
  for (let at = dirname(path); at !== "."; at = dirname(at)) above.unshift(at);
  for (const one of above) {
    const found = statIn(root, one);
    if (found === undefined) return null;
    if (!found.isDirectory()) return one;
  }
  return null;
}

export function statIn(root: string, path: string): Stats | undefined {
  try {
    return lstatSync(join(root, path), { throwIfNoEntry: false });
  } catch {
    return undefined; // a file is in the place of a folder above it
  }
}
