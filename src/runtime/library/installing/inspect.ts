import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Inspection } from "../../protocol/apps.js";
import { PinokioError } from "../../protocol/errors.js";
import type { AppId } from "../../protocol/ids.js";
import type { InstalledStore } from "../installed-store.js";
import type { FolderSource, GitSource } from "../source.js";
import { type Fetched, type Fetching, requireDone } from "./fetching.js";
import { freeName } from "./free-name.js";
import { secretsAskedIn } from "./secrets-asked.js";
import type { Sources } from "./sources.js";
import type { InstallPackage, InstallWorld } from "./world.js";

/** What a look at a folder says, wherever that came from. */
export type Described = Omit<Inspection, "source" | "installed" | "agreed">;

interface InspectingOptions {
  api: string;
  store: InstalledStore;
  world: Pick<InstallWorld, "jobs">;
  sources: Sources;
  fetching: Fetching;
  describe(folder: string, name: AppId): Promise<Described>;
  hasAgreed(id: AppId): Promise<boolean>;
}

/** What an app would do here; fetches it first where it lies elsewhere. */
export function createInspecting(options: InspectingOptions): (text: string) => Promise<Inspection> {
  const { api, store, world, sources, fetching, describe, hasAgreed } = options;

  const fetched = async (source: GitSource): Promise<Fetched> => {
    const here = fetching.fresh(source);
    if (here !== null) return here;
    requireDone(await world.jobs.done(fetching.start(source, null).id));
    const found = fetching.find(source);
    if (found === null) throw new PinokioError("internal", `${source.text} was fetched and is not here`);
    return found;
  };

  const inspectRepository = async (source: GitSource, pack: InstallPackage | null): Promise<Inspection> => {
    const here = await fetched(source);
    const known = sources.installedFrom(source.address.url, here.url);
    const name = known ?? freeName(api, source.name);
    const [described, shown] = await Promise.all([describe(here.folder, name), shownBefore(here.folder, pack)]);
    return {
      ...described,
      source: source.text,
      repository: here.url,
      branch: here.branch,
      commit: here.commit,
      movedFrom: here.isMoved ? source.address.url : null,
      agreed: known === null ? false : store.get(known)?.agreed === described.fingerprint,
      installed: known !== null,
      ...shown,
    };
  };

  const inspectFolder = async ({ folder, name }: FolderSource, pack: InstallPackage | null): Promise<Inspection> => {
    const [described, shown] = await Promise.all([describe(folder, name), shownBefore(folder, pack)]);
    const isOwn = folder === join(api, name);
    return {
      ...described,
      source: folder,
      agreed: isOwn ? await hasAgreed(name) : store.get(name)?.agreed === described.fingerprint,
      installed: existsSync(join(api, name)),
      ...shown,
    };
  };

  return async (text) => {
    const { source, pack } = await sources.resolve(text);
    return source.kind === "folder" ? inspectFolder(source, pack) : inspectRepository(source, pack);
  };
}

/** What a person should know before agreeing, besides what it runs. */
async function shownBefore(folder: string, pack: InstallPackage | null): Promise<Partial<Inspection>> {
  const secrets = new Set([...(pack?.credentials ?? []), ...(await secretsAskedIn(folder))]);
  return { package: pack?.id ?? null, warning: pack?.warning ?? null, secrets: [...secrets].sort() };
}
