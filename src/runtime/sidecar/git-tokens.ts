import { join } from "node:path";
import { type GitLogin, parseGitAddress } from "../base/git-address.js";
import { remoteOf } from "../base/git-uri.js";
import { changeSecrets, readSecrets, secretPaths } from "../base/secret-store.js";
import type { KeptToken } from "../library/changes/world.js";
import type { Library } from "../library/library.js";
import type { AppId } from "../protocol/ids.js";
import type { OpenedHome } from "./open-home.js";

/** Names under which a host's token is usually known. */
const TOKENS: Readonly<Record<string, readonly string[]>> = {
  "github.com": ["GITHUB_TOKEN", "GH_TOKEN"],
  "gitlab.com": ["GITLAB_TOKEN"],
  "huggingface.co": ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"],
};

/** The name that we keep it by ourselves. */
const ownName = (host: string): string => `GIT_TOKEN_${host.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}`;

/** A token that a person has kept here, or that the machine's environment holds. */
export function loginFor(home: string, host: string): GitLogin | null {
  if (host === "") return null;
  const kept = keptSecrets(home);
  const password = [...(TOKENS[host] ?? []), ownName(host)]
    .map((name) => kept[name] ?? process.env[name])
    .find((value) => value !== undefined && value !== "");
  return password === undefined ? null : { user: "x-access-token", password };
}

/** Throws where it cannot be written. */
export const keepToken = (home: string, host: string, token: string): void =>
  changeSecrets(secretPaths.shared(home), { [ownName(host)]: token });

/** The token that is kept for where a folder was cloned from; `others` are all the other apps' folders. */
export function keptTokenOf(home: string, folder: string, others: () => readonly string[]): KeptToken | null {
  const host = hostOf(folder);
  if (host === null || !Object.hasOwn(keptSecrets(home), ownName(host))) return null;
  return { name: ownName(host), host, isForOthers: () => others().some((other) => hostOf(other) === host) };
}

/** The same of an installed app. */
export const tokenOfApp = (
  { home, paths }: Pick<OpenedHome, "home" | "paths">,
  library: Pick<Library, "ids">,
  app: AppId,
): KeptToken | null =>
  keptTokenOf(home, join(paths.api, app), () =>
    library.ids().flatMap((other) => (other === app ? [] : [join(paths.api, other)])),
  );

function hostOf(folder: string): string | null {
  const address = parseGitAddress(remoteOf(folder) ?? "");
  return address === null || address.host === "" ? null : address.host;
}

function keptSecrets(home: string): Record<string, string> {
  try {
    return readSecrets(secretPaths.shared(home));
  } catch {
    return {};
  }
}
