import { comparableRemote } from "../base/git-uri.js";
import { parseGitAddress } from "../base/git-address.js";
import type { AppId } from "../protocol/ids.js";
import type { Package } from "../protocol/packages.js";
import type { FitHistory } from "./fit.js";

/** An installed app, as far as the catalog has to do with it. */
export interface InstalledPackage {
  app: AppId;
  /** The package it was installed from, where that is known. */
  packageId: string | null;
  /** What it was installed from: an address or a folder. */
  source: string;
  favorite: boolean;
  lastUsedAt: string | null;
  history: FitHistory;
}

/** Which installed app belongs to which package. */
export class InstalledPackages {
  readonly #byPackage = new Map<string, InstalledPackage>();
  readonly #bySource = new Map<string, InstalledPackage>();

  constructor(installed: readonly InstalledPackage[]) {
    for (const one of installed) {
      if (one.packageId !== null) this.#byPackage.set(one.packageId, one);
      const key = originOf(one.source);
      if (!this.#bySource.has(key)) this.#bySource.set(key, one);
    }
  }

  of({ id, install }: Package): InstalledPackage | null {
    return this.#byPackage.get(id) ?? this.#bySource.get(originOf(install)) ?? null;
  }
}

/** The same for every way to write where something is from, whichever branch or commit of it. */
export function originOf(source: string): string {
  if (source.startsWith("/")) return source.replace(/\/+$/, "");
  const address = parseGitAddress(source);
  return address === null ? source : comparableRemote(address.url);
}
