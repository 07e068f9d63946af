import type { Git, GitOrder } from "./git.js";
import { headOf } from "./look.js";
import { refuseNames } from "./refuse-names.js";

type At = Pick<GitOrder, "cwd" | "signal" | "remote" | "onProgress">;

/**
 * Fetches what files of a commit hold that are others than where the folder stands: a clone has the contents of the
 * files it has written, and git would ask for more in the middle of writing. Refuses a commit that cannot be written.
 */
export async function fetchContents(git: Git, at: At, to: string): Promise<void> {
  const here = { cwd: at.cwd, signal: at.signal };
  const from = await headOf(git, here);
  if (from === null) return;
  await refuseNames(git, to, here, at.remote?.url ?? at.cwd);
  const differing = new Set(await contentsBetween(git, here, from, to));
  if (differing.size === 0) return;
  const listed = ["rev-list", "--objects", "--no-object-names", "--missing=print", to, `^${from}`];
  const missing = (await git.run(listed, here)).split("\n").filter((line) => line.startsWith("?"));
  const wanted = missing.map((line) => line.slice(1)).filter((id) => differing.has(id));
  if (wanted.length === 0) return;
  const quietly = ["--no-tags", "--no-write-fetch-head", "--recurse-submodules=no"];
  await git.run(["fetch", "--progress", ...quietly, "--filter=blob:none", "--stdin", "origin"], {
    ...at,
    input: wanted.map((id) => `${id}\n`).join(""),
    settings: ["fetch.negotiationAlgorithm=noop"], // of contents nothing else is known
  });
}

/** What the files of a commit hold that another has not, by git's names for it. */
async function contentsBetween(git: Git, here: At, from: string, to: string): Promise<string[]> {
  const text = await git.run(["diff-tree", "-r", "-z", "--no-renames", "--raw", "--no-abbrev", from, to], here);
  return text.split("\0").flatMap((field) => {
    const [, mode = "", , id = ""] = field.startsWith(":") ? field.split(" ") : [];
    return mode.startsWith("1") && mode !== SUBMODULE ? [id] : []; // what is removed has no mode
  });
}

const SUBMODULE = "160000";
