import { lstatSync, readFileSync, readlinkSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Git, GitOrder } from "./git.js";
import { statIn, untrackedInTheWay } from "./in-the-way.js";
import { filesBetween, headOf, type LocalEdit, localEdits } from "./look.js";
import { discardEdits, unstage } from "./versions.js";

type At = Pick<GitOrder, "cwd" | "signal" | "remote">;

/** How a folder stands before it is brought to another commit. */
export interface Standing {
  from: string | null;
  /** Where only the other commit has a file, and something is already. */
  taken: string[];
  /** What somebody has edited. */
  edited: string[];
}

/** What is to be taken away of a folder that was not brought to a commit whole. */
export interface Unfinished {
  commit: string;
  standing: Standing;
  /** Somebody may have been at these files since: only what is the commit's without doubt is touched. */
  mayBeTouched: boolean;
}

/** Larger ones are not read to find out whose they are. */
const MOST_COMPARED_BYTES = 64 * 1024 ** 2;

export async function standingOf(git: Git, at: At, commit: string): Promise<Standing> {
  return (await lookBefore(git, at, commit)).standing;
}

/** As `standingOf`, with what somebody has edited that the commit changes too. */
export async function lookBefore(
  git: Git,
  at: At,
  commit: string,
): Promise<{ standing: Standing; inTheWay: LocalEdit[] }> {
  const from = await headOf(git, at);
  if (from === null) return { standing: { from, taken: [], edited: [] }, inTheWay: [] };
  const between = await filesBetween(git, at, from, commit);
  const edits = await localEdits(git, at, { within: false });
  const taken = between.flatMap(({ path, kind }) => (kind === "added" && statIn(at.cwd, path) ? [path] : []));
  const changed = new Set(between.map(({ path }) => path));
  const inTheWay = edits.filter(({ path }) =>
    path.endsWith("/") ? between.some((one) => one.path.startsWith(path)) : changed.has(path),
  );
  const told = new Set(inTheWay.map(({ path }) => path));
  const others = (await untrackedInTheWay(git, at, commit, between)).filter(({ path }) => !told.has(path));
  return { standing: { from, taken, edited: edits.map(({ path }) => path) }, inTheWay: [...inTheWay, ...others] };
}

/**
 * Makes a folder again what it was before a move that did not come to its end: on a full disk git leaves parts of files.
 * What only takes room goes first. Returns what of it is left.
 */
export async function dropUnfinished(git: Git, { cwd }: At, order: Unfinished): Promise<string[]> {
  const { commit, standing, mayBeTouched } = order;
  const at = { cwd };
  if (standing.from === null || standing.from === commit || (await headOf(git, at)) !== standing.from) return [];
  const spared = new Set([...standing.taken, ...standing.edited]);
  const between = (await filesBetween(git, at, standing.from, commit)).filter(({ path }) => !spared.has(path));
  const isOurs = mayBeTouched ? await writtenFor(git, at, { from: standing.from, to: commit }, between) : () => true;
  const isMade = ({ path, kind }: { path: string; kind: string }): boolean => kind === "added" && isOurs(path);
  for (const { path } of between.filter(isMade)) remove(cwd, path);
  const staged = await stagedIn(git, at);
  const toUnstage = between.map(({ path }) => path).filter((path) => staged.has(path));
  if (toUnstage.length > 0) await unstage(git, at, toUnstage);
  const known = new Set(between.filter(({ kind }) => kind !== "added").map(({ path }) => path));
  const other = async (): Promise<string[]> =>
    (await localEdits(git, at, { within: false })).map(({ path }) => path).filter((path) => known.has(path));
  const wrong = (await other()).filter(isOurs);
  for (const path of wrong) remove(cwd, path);
  if (wrong.length > 0) await discardEdits(git, at, wrong);
  const left = between.filter(({ path, kind }) => kind === "added" && statIn(cwd, path)).map(({ path }) => path);
  return [...left, ...(await other())];
}

async function stagedIn(git: Git, at: At): Promise<Set<string>> {
  const text = await git.run(["diff", "--cached", "--name-only", "--no-renames", "-z"], at);
  return new Set(text.split("\0"));
}

/** Tells files that hold what a commit has, or the beginning of it, from all others. */
async function writtenFor(
  git: Git,
  at: At,
  { from, to: commit }: { from: string; to: string },
  between: readonly { path: string }[],
): Promise<(path: string) => boolean> {
  const [ids, before] = [await blobsAt(git, at, commit), await blobsAt(git, at, from)];
  const there = between.filter(({ path }) => statIn(at.cwd, path)?.isFile() === true && !path.includes("\n"));
  const input = there.map(({ path }) => `${path}\n`).join("");
  const hashes = (await git.run(["hash-object", "--stdin-paths"], { ...at, input })).split("\n");
  const ours = new Set<string>();
  for (const [index, { path }] of there.entries()) {
    if (hashes[index] === before.get(path)) continue; // not begun yet, as most are: nobody has to look into it
    const isWhole = hashes[index] === ids.get(path);
    if (isWhole || (ids.has(path) && (await isBeginning(git, at, commit, path)))) ours.add(path);
  }
  for (const { path } of between) {
    const found = statIn(at.cwd, path);
    if (found === undefined) ours.add(path);
    else if (found.isSymbolicLink() && ids.has(path)) {
      if ((await fetchedText(git, at, commit, path)) === readlinkSync(join(at.cwd, path))) ours.add(path);
    }
  }
  return (path) => ours.has(path);
}

async function isBeginning(git: Git, at: At, commit: string, path: string): Promise<boolean> {
  const { size } = lstatSync(join(at.cwd, path));
  const whole = Number((await git.ask(["cat-file", "-s", `${commit}:${path}`], at)) ?? NaN);
  if (Number.isNaN(whole)) return false;
  if (size === 0) return true;
  if (size >= whole || whole > MOST_COMPARED_BYTES) return false;
  const begun = readFileSync(join(at.cwd, path), "utf8");
  const text = await fetchedText(git, at, commit, path);
  return text?.startsWith(begun.slice(0, -3)) === true; // a letter may be cut in the middle
}

/** Null for what was never fetched: git cannot have begun to write it. */
const fetchedText = (git: Git, at: At, commit: string, path: string): Promise<string | null> =>
  git.ask(["cat-file", "blob", `${commit}:${path}`], at);

/** What each file of a commit holds, by git's name for it. */
async function blobsAt(git: Git, at: At, commit: string): Promise<Map<string, string>> {
  const text = await git.run(["ls-tree", "-r", "-z", commit], at);
  const entries = text.split("\0").flatMap((line): [string, string][] => {
    const [about = "", path] = line.split("\t");
    return path === undefined ? [] : [[path, about.split(" ")[2] ?? ""]];
  });
  return new Map(entries);
}

/** A file, and the folders that were made for it. */
function remove(root: string, path: string): void {
  const found = statIn(root, path); // none of a name that nobody can write
  if (found !== undefined && !found.isDirectory()) rmSync(join(root, path), { force: true });
  try {
    for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) rmdirSync(join(root, folder));
  } catch {
    // something else is in it
  }
}
