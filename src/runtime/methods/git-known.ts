import { join } from "node:path";
import type { MethodContext } from "./method.js";

type Programs = Pick<MethodContext, "programs">;

/** Runs git in a working tree; null when it fails or is not there. */
async function git(repository: string, { programs }: Programs, ...args: string[]): Promise<string | null> {
  if (programs.find("git") === null) return null;
  // Somebody else may own the folder, as in containers; reading its list is harmless all the same.
  const options = ["-c", `safe.directory=${repository}`, "-c", "core.fsmonitor=false"];
  const { exitCode, stdout } = await programs.run({ program: "git", args: [...options, ...args], cwd: repository });
  return exitCode === 0 ? stdout.toString("utf8") : null;
}

const listed = (output: string): string[] => output.split("\0").filter((name) => name !== "");

/** Files that git was told not to look at may have changed as any other: only the mark H says that one is watched. */
async function watched(repository: string, context: Programs): Promise<string[]> {
  const entries = listed((await git(repository, context, "ls-files", "-v", "-z")) ?? "");
  return entries.filter((entry) => entry.startsWith("H ")).map((entry) => entry.slice(2));
}

async function without(
  names: readonly string[],
  repository: string,
  context: Programs,
  ...command: string[]
): Promise<Set<string>> {
  const changed = await git(repository, context, ...command);
  if (changed === null) return new Set();
  const known = new Set(names.map((name) => join(repository, name)));
  for (const name of listed(changed)) known.delete(join(repository, name));
  return known;
}

/** Files that a repository which stays can bring back: tracked, and not changed since. */
export async function knownToIndex(repository: string, context: Programs): Promise<Set<string>> {
  return without(await watched(repository, context), repository, context, "ls-files", "-m", "-z");
}

/** Files of a repository that go together with it: its remote has those that are as in the commit. */
export async function knownToRemote(repository: string, context: Programs): Promise<Set<string>> {
  const args = ["diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", "HEAD", "--"];
  return without(await watched(repository, context), repository, context, ...args);
}

/** Whether commits or stashed changes are nowhere but here, as far as git can tell. */
export async function hasOwnCommits(repository: string, context: Programs): Promise<boolean> {
  const remotes = await git(repository, context, "remote");
  if (remotes === null || remotes.trim() === "") return true;
  const refs = ["HEAD", "--branches", "--glob=refs/stas[h]", "--not", "--remotes"];
  const own = await git(repository, context, "rev-list", "--max-count=1", ...refs);
  return own === null || own.trim() !== "";
}

/** The folder with a repository's commits, which may lie elsewhere, as of a submodule. */
export async function gitFolder(repository: string, context: Programs): Promise<string | null> {
  const folder = await git(repository, context, "rev-parse", "--absolute-git-dir");
  return folder === null ? null : folder.replace(/\n$/, "");
}
