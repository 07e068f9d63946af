import type { Git, GitOrder, GitRemote } from "./git.js";

/** A commit, as a list of them shows it. */
export interface Commit {
  commit: string;
  author: string;
  at: string;
  subject: string;
}

/** A file that is not as its commit has it. */
export interface LocalEdit {
  path: string;
  kind: "changed" | "deleted" | "added" | "untracked";
}

export interface ChangedFile {
  path: string;
  kind: "added" | "changed" | "deleted";
}

type At = Pick<GitOrder, "cwd" | "signal" | "remote">;

/** The commit a folder stands at; null where nothing was committed or nothing is a repository. */
export const headOf = async (git: Git, at: At): Promise<string | null> =>
  (await git.ask(["rev-parse", "--verify", "--quiet", "HEAD"], at))?.trim() ?? null;

/** The branch a folder is on; null where it stands at a commit of its own. */
export const branchOf = async (git: Git, at: At): Promise<string | null> =>
  (await git.ask(["symbolic-ref", "--quiet", "--short", "HEAD"], at))?.trim() ?? null;

/** Commits that `to` has and `from` has not, the newest first, and how many those are in all. */
export async function commitsBetween(
  git: Git,
  at: At,
  { from, to, most }: { from: string; to: string; most: number },
): Promise<{ commits: Commit[]; count: number }> {
  const range = `${from}..${to}`;
  const count = Number((await git.run(["rev-list", "--count", range], at)).trim());
  const text = await git.run(["log", "-z", `--max-count=${most}`, "--format=%H%x1f%an%x1f%aI%x1f%s", range], at);
  const commits = text
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [commit = "", author = "", date = "", subject = ""] = entry.replace(/\n$/, "").split("\x1f");
      return { commit, author, at: date, subject };
    });
  return { commits, count };
}

/** Files that differ between two commits. Contents are not looked at, so none have to be fetched. */
export async function filesBetween(git: Git, at: At, from: string, to: string): Promise<ChangedFile[]> {
  const text = await git.run(["diff-tree", "-r", "-z", "--no-renames", "--name-status", from, to], at);
  const fields = text.split("\0");
  const found: ChangedFile[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [mark, path = ""] = [fields[index], fields[index + 1]];
    found.push({ path, kind: mark === "A" ? "added" : mark === "D" ? "deleted" : "changed" });
  }
  return found;
}

/**
 * What somebody, or a script, has changed since the commit. What git is told to ignore is left out, and on demand what
 * differs within submodules: those are checked out by themselves.
 */
export async function localEdits(git: Git, at: At, { within = true } = {}): Promise<LocalEdit[]> {
  const status = ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=normal"];
  const text = await git.run(within ? status : [...status, "--ignore-submodules=dirty"], at);
  return text
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => ({ path: entry.slice(3), kind: kindOf(entry.slice(0, 2)) }));
}

function kindOf(mark: string): LocalEdit["kind"] {
  if (mark === "??") return "untracked";
  if (mark.includes("D")) return "deleted";
  return mark.includes("A") ? "added" : "changed";
}

/** Whether the first commit is in the history of the second. */
export const isBefore = async (git: Git, at: At, first: string, second: string): Promise<boolean> =>
  (await git.ask(["merge-base", "--is-ancestor", first, second], at)) !== null;

/** The latest commit that is in the history of both; null where there is none. */
export const commonBefore = async (git: Git, at: At, one: string, other: string): Promise<string | null> =>
  (await git.ask(["merge-base", one, other], at))?.trim() ?? null;

/** What a repository's branch stands at now, after asking its remote. Null where the branch is not there any more. */
export async function fetchBranch(
  git: Git,
  { branch, onProgress, ...at }: At & { remote: GitRemote; branch: string; onProgress?: GitOrder["onProgress"] },
): Promise<string> {
  const ref = `refs/remotes/origin/${branch}`;
  await git.run(
    ["fetch", "--progress", "--no-tags", "--no-recurse-submodules", "origin", `+refs/heads/${branch}:${ref}`],
    {
      ...at,
      wanted: branch,
      onProgress,
    },
  );
  return (await git.run(["rev-parse", "--verify", ref], at)).trim();
}
