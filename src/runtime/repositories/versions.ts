import type { Git, GitOrder } from "./git.js";

type At = Pick<GitOrder, "cwd" | "signal" | "remote">;

/** The commit that a name stands for here, without asking anybody else; null where it stands for none. */
export const commitNamed = async (git: Git, at: At, name: string): Promise<string | null> =>
  (await git.ask(["rev-parse", "--verify", "--quiet", `${name}^{commit}`], at))?.trim() ?? null;

/** The files of a commit. */
export async function filesAt(git: Git, at: At, commit: string): Promise<string[]> {
  const text = await git.run(["ls-tree", "-r", "-z", "--name-only", commit], at);
  return text.split("\0").filter((path) => path !== "");
}

/** What a text file holds in a commit; fetched where it is not here yet. */
export const textAt = (git: Git, at: At, commit: string, path: string): Promise<string> =>
  git.run(["cat-file", "blob", `${commit}:${path}`], at);

/** Makes files as the commit has them that the folder stands at. What differs is lost. */
export async function discardEdits(git: Git, at: At, paths: readonly string[]): Promise<void> {
  await git.run(["checkout", "HEAD", "--pathspec-from-file=-", "--pathspec-file-nul"], {
    ...at,
    input: paths.join("\0"),
  });
}

/** Takes files out of what is to be committed; they stay where they are. */
export async function unstage(git: Git, at: At, paths: readonly string[]): Promise<void> {
  await git.run(["reset", "--quiet", "--pathspec-from-file=-", "--pathspec-file-nul"], {
    ...at,
    input: paths.join("\0"),
  });
}

/** A branch that keeps a commit from being forgotten. */
export async function nameCommit(git: Git, at: At, branch: string, commit: string): Promise<void> {
  await git.run(["branch", "--no-track", "--force", branch, commit], at);
}
