import { createHash } from "node:crypto";
import { join } from "node:path";
import { writeFileAtomic } from "../base/atomic-file.js";
import type { GitLogin } from "../base/git-address.js";
import type { LocalPaths } from "../storage/paths.js";

const ONLY_OURS = 0o600;

/**
 * Puts a login where only we can read it, as git asks helpers for it, and says where that is. What was kept anew since
 * is in force with the next run.
 */
export function writeGitLogin(
  { local }: { local: Pick<LocalPaths, "folder"> },
  known: { origin: string; login: GitLogin } | null,
): { origin: string; file: string } | null {
  if (known === null) return null;
  const { origin, login } = known;
  if (/[\r\n\0]/.test(login.user + login.password)) return null; // git's lines cannot hold it
  const file = join(local.folder, `git-${createHash("sha256").update(origin).digest("hex").slice(0, 12)}`);
  try {
    writeFileAtomic(file, `username=${login.user}\npassword=${login.password}\n`, ONLY_OURS);
  } catch {
    return null; // a full disk: most runs need no login
  }
  return { origin, file };
}
