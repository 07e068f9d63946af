import { spawnSync } from "node:child_process";
import { findProgram } from "./find-program.js";

type Variables = Readonly<Record<string, string | undefined>>;

/** Whether variables say with which ssh git connects. */
export const namesSsh = (env: Variables): boolean =>
  env["GIT_SSH_COMMAND"] !== undefined || env["GIT_SSH"] !== undefined;

/** What git is asked for the ssh that its settings name; it fails where they name none. */
export const ASK_SSH = ["config", "--get", "core.sshCommand"] as const;

const LONGEST_MS = 5_000;

/** Whether git's settings name one, as they hold in a folder. */
export function settingsNameSsh(env: Variables, folder: string): boolean {
  const git = findProgram("git", env["PATH"]);
  if (git === null) return false;
  return spawnSync(git, ASK_SSH, { cwd: folder, env: { ...env }, stdio: "ignore", timeout: LONGEST_MS }).status === 0;
}
