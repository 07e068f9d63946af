import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../base/atomic-file.js";
import type { GitLogin } from "../base/git-address.js";
import { namesIn } from "../base/names-in.js";
import type { LocalPaths } from "../storage/paths.js";

const ONLY_OURS = 0o600;

/** `git-` and what tells one origin from another. */
const FILE = /^git-[0-9a-f]{12}$/;

interface KnownLogin {
  origin: string;
  login: GitLogin;
}

export interface GitLoginsWorld<App> {
  local: Pick<LocalPaths, "folder">;
  apps(): readonly App[];
  /** What lets git in where an app came from, or null. */
  loginOf(app: App): KnownLogin | null;
  /** Files that runs which are not over were told of. */
  inUse(): readonly string[];
}

/** Files that let git in where apps came from, as git asks helpers for them. Only we can read them. */
export interface GitLogins<App> {
  /** Writes an app's; says where it is, or null where none is known. What was kept anew since is in force then. */
  write(app: App): { origin: string; file: string } | null;
  /** Removes those that no app needs any more. */
  tidy(): void;
}

export function createGitLogins<App>({ local, apps, loginOf, inUse }: GitLoginsWorld<App>): GitLogins<App> {
  const fileOf = (origin: string): string =>
    join(local.folder, `git-${createHash("sha256").update(origin).digest("hex").slice(0, 12)}`);

  return {
    write: (app) => {
      const known = loginOf(app);
      if (known === null) return null;
      const { origin, login } = known;
      if (/[\r\n\0]/.test(login.user + login.password)) return null; // git's lines cannot hold it
      const file = fileOf(origin);
      try {
        writeFileAtomic(file, `username=${login.user}\npassword=${login.password}\n`, ONLY_OURS);
      } catch {
        return null; // a full disk: most runs need no login
      }
      return { origin, file };
    },
    tidy: () => {
      const files = namesIn(local.folder).filter((name) => FILE.test(name));
      if (files.length === 0) return; // nobody reads where every app came from for nothing
      const needed = new Set(inUse());
      for (const app of apps()) {
        const known = loginOf(app);
        if (known !== null) needed.add(fileOf(known.origin));
      }
      for (const file of files.map((name) => join(local.folder, name))) {
        if (!needed.has(file)) rmSync(file, { force: true });
      }
    },
  };
}
