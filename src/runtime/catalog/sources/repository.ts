import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseGitAddress } from "../../base/git-address.js";
import { PinokioError } from "../../protocol/errors.js";
import type { Package } from "../../protocol/packages.js";
import { barePackage } from "../entry.js";
import type { SourceKind } from "./source.js";

/** Hosts whose addresses of two names are repositories. */
const HOSTS = /^(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org|huggingface\.co)$/;

/** One git repository, as an entry of its own. */
export const repository: SourceKind = {
  kind: "repository",
  addressOf: (text, _world, isNamed) => {
    if (!isRepository(text) && !(isNamed && !/\s/.test(text) && parseGitAddress(text) !== null)) return null;
    requireHere(text);
    return text;
  },
  open: ({ id, address }) => ({
    id,
    kind: "repository",
    label: repositoryName(address),
    address,
    refresh: null,
    read: () => Promise.resolve({ packages: [packageAt(address, id, id)], skipped: 0, problems: [], date: null }),
  }),
};

/** What lies on this machine can be looked at without asking anybody. */
function requireHere(address: string): void {
  const found = parseGitAddress(address);
  if (found?.protocol !== "file") return;
  const folder = fileURLToPath(found.url);
  if (existsSync(join(folder, ".git")) || existsSync(join(folder, "objects"))) return;
  throw new PinokioError("repository-missing", `There is no git repository at ${found.url}`, {
    hint: "Check the address",
  });
}

/** What a pasted address names, without asking whether it is there. */
export function packageAt(address: string, id: string, source: string): Package {
  const found = parseGitAddress(address);
  return barePackage({
    id,
    source,
    name: repositoryName(address),
    install: address,
    repository: found === null || found.protocol === "file" ? null : found.url.replace(/\.git$/, ""),
    version: found?.branch ?? null,
    commit: found?.commit ?? null,
  });
}

/** Whether a text can only mean a repository, and not words to search for or another address. */
export function isRepository(text: string): boolean {
  const found = parseGitAddress(text);
  if (found === null || /\s/.test(text)) return false;
  if (found.protocol === "ssh" || found.protocol === "file") return true;
  if (!/^[a-z]+:/i.test(text) || /\.git(?:[#@/]|$)/.test(text)) return true;
  const path = new URL(found.url).pathname.replace(/\/+$/, "");
  return HOSTS.test(found.host) && /^\/[^/]+\/[^/]+$/.test(path) && !path.endsWith(".json");
}

/** Whether it can be asked for a repository, though it may be something else: any page, on any server. */
export function mayBeRepository(text: string): boolean {
  const found = /^https?:\/\/\S+$/i.test(text) ? parseGitAddress(text) : null;
  return found !== null && /^\/[^/]+\/./.test(new URL(found.url).pathname) && !/\.(?:json|html?)$/i.test(found.url);
}

/** github.com/owner/name */
export function repositoryName(address: string): string {
  const found = parseGitAddress(address);
  if (found === null) return address;
  const plain = found.url.replace(/^[a-z+]+:\/\//i, "").replace(/\.git$/, "");
  return found.protocol === "file" ? found.name : plain.replace(/^[\w.-]+@([\w.-]+):/, "$1/");
}
