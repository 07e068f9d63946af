import { comparableRemote } from "../base/git-uri.js";
import { parseGitAddress } from "../base/git-address.js";
import type { Package, PackageHere } from "../protocol/packages.js";

/** An installed app, as far as the catalog has to do with it. */
export interface InstalledPackage extends PackageHere {
  /** The package it was installed from, where that is known. */
  packageId: string | null;
  /** What it was installed from: an address or a folder. */
  source: string;
  /** Where that is by now, if it is a repository. */
  repository: string | null;
}

/** Which installed app belongs to which package. */
export class InstalledPackages {
  readonly #byPackage = new Map<string, InstalledPackage>();
  readonly #bySource = new Map<string, InstalledPackage>();

  constructor(installed: readonly InstalledPackage[]) {
    for (const one of installed) {
      if (one.packageId !== null) this.#byPackage.set(one.packageId, one);
      this.#bySource.set(originOf(one.source), this.#bySource.get(originOf(one.source)) ?? one);
    }
    // One that has moved is known by both addresses.
    for (const one of installed) {
      const key = one.repository === null ? null : originOf(one.repository);
      if (key !== null && !this.#bySource.has(key)) this.#bySource.set(key, one);
    }
  }

  get isEmpty(): boolean {
    return this.#bySource.size === 0;
  }

  /** Of a package of another type nothing: it may be from the repository of an app. */
  of({ id, install, type }: Package): InstalledPackage | null {
    if (type !== "app") return null;
    return this.#byPackage.get(id) ?? this.#bySource.get(originOf(install)) ?? null;
  }
}

/** The same for every way to write where something is from, whichever branch or commit of it. */
export function originOf(source: string): string {
  if (source.startsWith("/")) return source.replace(/\/+$/, "");
  const address = parseGitAddress(source);
  return address === null ? source : comparableRemote(address.url);
}
