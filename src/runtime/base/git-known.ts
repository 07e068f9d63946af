import type { Buffer } from "node:buffer";
import { join } from "node:path";

/** How git is run: without a terminal, unseen. */
export interface GitPrograms {
  find(name: string): string | null;
  run(request: {
    program: string;
    args: readonly string[];
    cwd: string;
  }): Promise<{ exitCode: number | null; stdout: Buffer; stderr: Buffer }>;
}

/** Runs git in a working tree; null when it fails or is not there. */
async function git(repository: string, programs: GitPrograms, ...args: string[]): Promise<string | null> {
  if (programs.find("git") === null) return null;
  // Somebody else may own the folder, as in containers; reading its list is harmless all the same.
  const options = ["-c", `safe.directory=${repository}`, "-c", "core.fsmonitor=false"];
  const { exitCode, stdout } = await programs.run({ program: "git", args: [...options, ...args], cwd: repository });
  return exitCode === 0 ? stdout.toString("utf8") : null;
}

const listed = (output: string): string[] => output.split("\0").filter((name) => name !== "");

/** Files that git was told not to look at may have changed as any other: only the mark H says that one is watched. */
async function watched(repository: string, programs: GitPrograms): Promise<string[]> {
  const entries = listed((await git(repository, programs, "ls-files", "-v", "-z")) ?? "");
  return entries.filter((entry) => entry.startsWith("H ")).map((entry) => entry.slice(2));
}

async function without(
  names: readonly string[],
  repository: string,
  programs: GitPrograms,
  ...command: string[]
): Promise<Set<string>> {
  const changed = await git(repository, programs, ...command);
  if (changed === null) return new Set();
  const known = new Set(names.map((name) => join(repository, name)));
  for (const name of listed(changed)) known.delete(join(repository, name));
  return known;
}

/** Files that a repository which stays can bring back: tracked, and not changed since. */
export async function knownToIndex(repository: string, programs: GitPrograms): Promise<Set<string>> {
  return without(await watched(repository, programs), repository, programs, "ls-files", "-m", "-z");
}

/** Files of a repository that go together with it: whoever has its commit has those that are as in it. */
export async function knownToCommit(repository: string, programs: GitPrograms): Promise<Set<string>> {
  const args = ["diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", "HEAD", "--"];
  return without(await watched(repository, programs), repository, programs, ...args);
}

const OWN = ["HEAD", "--branches", "--glob=refs/stas[h]"];

/** Whether commits or stashed changes are nowhere but here, as far as git can tell. */
export async function hasOwnCommits(repository: string, programs: GitPrograms): Promise<boolean> {
  const remotes = await git(repository, programs, "remote");
  if (remotes === null || remotes.trim() === "") return true;
  const own = await git(repository, programs, "rev-list", "--max-count=1", ...OWN, "--not", "--remotes");
  return own === null || own.trim() !== "";
}

/** Whether a commit is nowhere but here, as far as git can tell. `known` was fetched from elsewhere once. */
export async function isOnlyHere(
  repository: string,
  { commit, known }: { commit: string; known: string | null },
  programs: GitPrograms,
): Promise<boolean> {
  const elsewhere = ["--not", "--remotes", ...(known === null ? [] : [known])];
  const own = await git(repository, programs, "rev-list", "--max-count=1", commit, ...elsewhere);
  return own !== null && own.trim() !== "";
}

/** Whether another repository holds every commit of one. */
export async function hasCommitsOf(other: string, repository: string, programs: GitPrograms): Promise<boolean> {
  const tips = await git(repository, programs, "rev-parse", ...OWN);
  if (tips === null) return false;
  const commits = tips.split("\n").filter((line) => line !== "");
  const missing = await git(other, programs, "rev-list", "--max-count=1", ...commits, "--not", "--all");
  return missing !== null && missing.trim() === "";
}

/** The folder with a repository's commits, which may lie elsewhere, as of a submodule. */
export async function gitFolder(repository: string, programs: GitPrograms): Promise<string | null> {
  const folder = await git(repository, programs, "rev-parse", "--absolute-git-dir");
  return folder === null ? null : folder.replace(/\n$/, "");
}
