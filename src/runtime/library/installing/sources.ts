import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseGitAddress } from "../../base/git-address.js";
import { comparableRemote } from "../../base/git-uri.js";
import { PinokioError } from "../../protocol/errors.js";
import { AppId } from "../../protocol/ids.js";
import type { InstalledApp, InstalledStore } from "../installed-store.js";
import { type AppSource, gitSource, type GitSource, isPlace, resolveSource } from "../source.js";
import type { InstallPackage, InstallWorld } from "./world.js";

export interface Resolved {
  source: AppSource;
  pack: InstallPackage | null;
}

/** What a person names when they want to install something. */
export interface Sources {
  /** Throws, with what is named nearly so, where nothing is. */
  resolve(text: string): Promise<Resolved>;
  /** The app that was installed from there, or null. */
  installedFrom(source: GitSource): AppId | null;
  /** The app of that name or from there whose installation has begun and is not over, or null. */
  unfinished(text: string): Promise<AppId | null>;
}

interface SourcesOptions {
  api: string;
  userHome: string;
  store: InstalledStore;
  world: Pick<InstallWorld, "findPackage" | "packageAt" | "near">;
}

const NAME = /^[\w][\w.-]*$/;

export function createSources({ api, userHome, store, world }: SourcesOptions): Sources {
  const resolve: Sources["resolve"] = async (text) => {
    const named = NAME.test(text) ? await world.findPackage(text) : null;
    if (named !== null) return { source: sourceOf(named, userHome), pack: named };
    if (!isPlace(text)) throw nothingCalled(text, await world.near(text));
    const source = resolveSource(text, userHome);
    return { source, pack: source.kind === "git" ? await world.packageAt(source.address.url) : null };
  };

  const installedFrom: Sources["installedFrom"] = (source) => {
    const wanted = comparableRemote(source.address.url);
    const found = store.all().find(([id, { repository }]) => {
      return repository !== null && comparableRemote(repository) === wanted && existsSync(join(api, id));
    });
    return found?.[0] ?? null;
  };

  const isThere = (id: AppId): boolean => existsSync(join(api, id));
  const ifHalf = (id: AppId): AppId | null => (isThere(id) && isHalf(store.get(id)) ? id : null);

  return {
    resolve,
    installedFrom,
    unfinished: async (text) => {
      const id = AppId.safeParse(text).data;
      if (id !== undefined && isThere(id)) return ifHalf(id);
      const { source } = await resolve(text);
      if (source.kind === "folder")
        return store.get(source.name)?.source === source.folder ? ifHalf(source.name) : null;
      const known = installedFrom(source);
      return known === null ? null : ifHalf(known);
    },
  };
}

const isHalf = (app: InstalledApp | null): boolean => app?.state === "install-failed" || app?.state === "choose";

/** A catalog that others write may name repositories and nothing of this machine. */
function sourceOf({ id, install, repository }: InstallPackage, userHome: string): AppSource {
  const address = repository === null ? null : parseGitAddress(install);
  if (repository === null) return resolveSource(install, userHome);
  if (address !== null && address.protocol !== "file") return gitSource(address);
  throw new PinokioError(
    "source-unsupported",
    `The catalog names no address for ${id} that can be fetched: ${install}`,
  );
}

function nothingCalled(text: string, near: readonly string[]): PinokioError {
  const other = "An app elsewhere is named by its address, one of this machine by its folder, such as ./my-app";
  return new PinokioError("package-missing", `The catalog has no package called ${JSON.stringify(text)}`, {
    hint: near.length === 0 ? other : `Near to it: ${near.join(", ")}. ${other}`,
  });
}
