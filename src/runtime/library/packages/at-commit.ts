import { parseGitAddress } from "../../base/git-address.js";
import type { Package } from "../../protocol/packages.js";

/** The package at that commit of its repository; what comes from elsewhere stays as it is. */
export const atCommit = (pack: Package, commit: string | null): Package =>
  commit === null || parseGitAddress(pack.install)?.commit !== null
    ? pack
    : { ...pack, install: `${pack.install}@${commit}` };
