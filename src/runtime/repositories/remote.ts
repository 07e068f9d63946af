import type { GitAddress, GitLogin } from "../base/git-address.js";
import type { GitRemote } from "./git.js";

/** What git, its submodules and its redirections may use for an address: nothing less safe than what was written. */
const PROTOCOLS: Readonly<Record<GitAddress["protocol"], readonly string[]>> = {
  https: ["https", "ssh"],
  ssh: ["ssh", "https"],
  http: ["http", "https", "ssh"],
  file: ["file", "https", "ssh"],
};

/** A login never travels where others can read it, save on this machine. */
export function remoteOf({ url, protocol, host, login }: GitAddress, known: GitLogin | null): GitRemote {
  const isSafe = protocol === "https" || /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(host);
  return { url, protocols: PROTOCOLS[protocol], login: isSafe ? (login ?? known) : null };
}
