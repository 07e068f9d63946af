import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { readInside } from "../base/read-inside.js";

const HEAD_LIMIT_BYTES = 1_000;
const PACKED_LIMIT_BYTES = 1_000_000;
const COMMIT = /^[0-9a-f]{40,64}$/;
const REFERENCE = /^ref: (refs\/[\w./-]+)$/;

/** The commit a checkout stands at, read from its files: no git is needed for that. Null where they do not tell. */
export async function commitOf(folder: string): Promise<string | null> {
  const git = join(folder, ".git");
  if (!(await isOwnFolder(git))) return null; // the file of a worktree or submodule leads elsewhere
  const head = await textOf(git, "HEAD", HEAD_LIMIT_BYTES);
  const reference = REFERENCE.exec(head)?.[1];
  if (reference === undefined) return COMMIT.test(head) ? head : null;
  if (reference.includes("..")) return null;
  const commit = await textOf(git, reference, HEAD_LIMIT_BYTES);
  if (COMMIT.test(commit)) return commit;
  const packed = (await textOf(git, "packed-refs", PACKED_LIMIT_BYTES)).split("\n");
  const [found = ""] = packed.find((line) => line.endsWith(` ${reference}`))?.split(" ") ?? [];
  return COMMIT.test(found) ? found : null;
}

/** Empty for what is missing, too long, or no file of that folder. */
async function textOf(git: string, name: string, limit: number): Promise<string> {
  const found = await readInside(git, join(git, name), limit);
  return found === null || found.size > limit ? "" : found.bytes.toString("utf8").trim();
}

async function isOwnFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch {
    return false;
  }
}
