import { existsSync } from "node:fs";
import { join } from "node:path";
import { isAddress, parseGitAddress } from "../../base/git-address.js";
import { comparableRemote } from "../../base/git-uri.js";
import { PinokioError } from "../../protocol/errors.js";
import { AppId } from "../../protocol/ids.js";
import type { InstalledApp, InstalledStore } from "../installed-store.js";
import { type AppSource, gitSource, isPath, isPlace, resolveSource } from "../source.js";
import type { InstallPackage, InstallWorld } from "./world.js";

export interface Resolved {
  source: AppSource;
  pack: InstallPackage | null;
}

/** What a person names when they want to install something. */
export interface Sources {
  /** Throws, with what is named nearly so, where nothing is. */
  resolve(text: string): Promise<Resolved>;
  /** The app that was installed from a repository, by one of its addresses, or null. */
  installedFrom(...addresses: readonly string[]): AppId | null;
  /** The app of that name or from there whose installation has begun and is not over, or null. */
  unfinished(text: string): Promise<AppId | null>;
}

interface SourcesOptions {
  api: string;
  userHome: string;
  store: InstalledStore;
  world: Pick<InstallWorld, "jobs" | "findPackage" | "packageAt" | "near" | "isOfSource">;
  /** Where an app of that name is being fetched from just now, or null. */
  fetchedFrom(name: string): string | null;
}

/** What has no address or path around it can be a package's id; those of a source begin with its own, as `owner/name` does. */
const mayBeId = (text: string): boolean => !isPath(text) && !isAddress(text);

export function createSources({ api, userHome, store, world, fetchedFrom }: SourcesOptions): Sources {
  const resolve: Sources["resolve"] = async (text) => {
    const named = mayBeId(text) ? await world.findPackage(text) : null;
    if (named !== null) return { source: sourceOf(named, userHome), pack: named };
    // Nothing of that name on GitHub is fetched in the place of what a source of the catalog has no more.
    if (!isPlace(text) || (mayBeId(text) && world.isOfSource(text))) {
      throw appCalled(text) ?? nothingCalled(text, await world.near(text));
    }
    const source = resolveSource(text, userHome);
    return { source, pack: source.kind === "git" ? await world.packageAt(source.address.url) : null };
  };

  const installedFrom: Sources["installedFrom"] = (...addresses) => {
    const wanted = addresses.map(comparableRemote);
    const found = store.all().find(([id, { repository }]) => {
      return repository !== null && wanted.includes(comparableRemote(repository)) && existsSync(join(api, id));
    });
    return found?.[0] ?? null;
  };

  /** Why an app of that name is not installed, or null where there is none. */
  const appCalled = (text: string): PinokioError | null => {
    const id = AppId.safeParse(text).data;
    if (id === undefined) return null;
    if (world.jobs.of(id)?.kind === "install") {
      const hint = "It can be used once that is done";
      return new PinokioError("app-exists", `${id} is being installed`, { hint });
    }
    const address = fetchedFrom(text);
    if (address !== null) {
      return new PinokioError("app-exists", `${id} is being installed: it is being fetched from ${address}`, {
        hint: "Once that is done, its commands are shown where its installation was begun, and wait for a yes",
      });
    }
    if (!isThere(id)) return null;
    return new PinokioError("app-exists", `${id} is installed already`, {
      hint: "Start that one. A second one is installed by its address, under another name with --name",
    });
  };

  /** Of a repository that has moved, by the address that was given for it. */
  const begunFrom = (text: string): AppId | null => store.all().find(([, app]) => app.source === text)?.[0] ?? null;

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
      const known = installedFrom(source.address.url) ?? begunFrom(source.text);
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
  const host = /^([\w-]+\.[\w.-]+)\/[^/]*$/.exec(text)?.[1];
  const other =
    host !== undefined
      ? `Is ${host} a host? Then a repository of it is ${host}/owner/name`
      : "An app elsewhere is named by its address, one of this machine by its folder, such as ./my-app";
  return new PinokioError("package-missing", `The catalog has no package called ${JSON.stringify(text)}`, {
    hint: near.length === 0 ? other : `Near to it: ${near.join(", ")}. ${other}`,
  });
}
