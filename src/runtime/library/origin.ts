import { join } from "node:path";
import { isAddress, parseGitAddress } from "../base/git-address.js";
import { readInside } from "../base/read-inside.js";
import type { AppOrigin } from "../protocol/library-file.js";

const CONFIG_LIMIT_BYTES = 100_000;

/** The repository that a checkout was cloned from, without a login that may stand in its address; null where none is named. */
export async function repositoryOf(folder: string): Promise<Extract<AppOrigin, { kind: "git" }> | null> {
  const git = join(folder, ".git");
  const config = await readInside(git, join(git, "config"), CONFIG_LIMIT_BYTES).catch(() => null);
  const url = config === null ? null : remoteIn(config.bytes.toString("utf8"));
  const address = url === null || !isAddress(url) ? null : parseGitAddress(url); // a path is of this machine only
  return address === null ? null : { kind: "git", repository: address.url, branch: null };
}

/** The address of `origin` in git's own settings. */
function remoteIn(config: string): string | null {
  const section = /^\s*\[remote "origin"\]([^[]*)/m.exec(config)?.[1] ?? "";
  return /^\s*url\s*=\s*(\S.*?)\s*$/m.exec(section)?.[1] ?? null;
}
