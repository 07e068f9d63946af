import { renameSync } from "node:fs";
import { join } from "node:path";
import { explainFileError } from "../../base/file-errors.js";
import { PinokioError } from "../../protocol/errors.js";
import type { AppId } from "../../protocol/ids.js";
import { copyApp } from "../copy-app.js";
import { type AppScripts, readScripts } from "../fingerprint.js";
import type { InstalledApp, InstalledStore } from "../installed-store.js";
import type { JobContext } from "../jobs.js";
import type { AppSource, FolderSource, GitSource } from "../source.js";
import type { Fetching } from "./fetching.js";
import { requireFree } from "./free-name.js";
import type { InstallPackage } from "./world.js";

export interface InstallOrder {
  source: string;
  name?: AppId | undefined;
  /** The fingerprint a person agreed to. */
  agreed: string;
  /** Which of its install scripts, when there are several. */
  script?: string | undefined;
  unattended?: boolean | undefined;
  despiteWarning?: boolean | undefined;
  /** It is to leave no trace in the end. */
  studio?: boolean | undefined;
  /** False where it comes only since another one needs it. */
  wanted?: boolean | undefined;
  /** Of the work that this is a part of. */
  within?: AbortSignal | undefined;
}

interface PutOrder {
  source: AppSource;
  id: AppId;
  order: InstallOrder;
  pack: InstallPackage | null;
  context: JobContext;
}

interface PuttingOptions {
  api: string;
  store: InstalledStore;
  fetching: Fetching;
  now(): Date;
  /** Throws when the repository, which is at this address now, is installed already. */
  refuseSecond(source: GitSource, at: string): void;
}

/** Puts an app's folder into its place, and a note of what was meant before. Resolves with what was agreed to. */
export function createPutting({
  api,
  store,
  fetching,
  now,
  refuseSecond,
}: PuttingOptions): (put: PutOrder) => Promise<AppScripts> {
  /** What is known before its folder is in place: whoever is cut off in between leaves a note of what was meant. */
  const begunRecord = (order: InstallOrder, scripts: AppScripts, from: Partial<InstalledApp>): InstalledApp => ({
    source: order.source,
    repository: null,
    branch: null,
    commit: null,
    needsLogin: false,
    package: null,
    studio: order.studio === true ? { since: null } : null,
    wanted: order.wanted !== false,
    ...from,
    state: "installing",
    notBegun: null,
    installers: [],
    agreed: scripts.fingerprint,
    scripts: scripts.files,
    installedAt: now().toISOString(),
  });

  const putFolder = async ({ folder }: FolderSource, { id, order, pack, context }: PutOrder): Promise<AppScripts> => {
    const { tell, signal } = context;
    tell({ phase: "copy" });
    requireAgreed(await readScripts(folder), order.agreed, folder);
    let scripts: AppScripts | null = null;
    try {
      await copyApp(folder, api, id, async (copy) => {
        // The folder may have changed since it was looked at; only what was copied counts.
        const copied = requireAgreed(await readScripts(copy), order.agreed, folder);
        signal.throwIfAborted();
        store.set(id, begunRecord(order, copied, { source: folder, package: pack?.id ?? null }));
        scripts = copied;
      });
    } catch (error) {
      if (scripts !== null) store.remove(id);
      throw error;
    }
    if (scripts === null) throw new PinokioError("internal", `${folder} was copied unseen`);
    return scripts;
  };

  const putRepository = async (source: GitSource, { id, order, pack, context }: PutOrder): Promise<AppScripts> => {
    const here = fetching.find(source) ?? (await fetching.within(source, context));
    if (order.name === undefined) refuseSecond(source, here.url);
    context.tell({ phase: "move", progress: null });
    const scripts = requireAgreed(await readScripts(here.folder), order.agreed, source.text);
    context.signal.throwIfAborted();
    requireFree(api, id);
    const { url: repository, branch, commit, needsLogin } = here;
    const from = { source: source.text, repository, branch, commit, needsLogin, package: pack?.id ?? null };
    store.set(id, begunRecord(order, scripts, from));
    try {
      renameSync(here.folder, join(api, id));
    } catch (error) {
      store.remove(id);
      throw explainFileError(error, join(api, id));
    }
    await fetching.forget(source);
    return scripts;
  };

  return (put) => (put.source.kind === "folder" ? putFolder(put.source, put) : putRepository(put.source, put));
}

function requireAgreed(scripts: AppScripts, agreed: string, place: string): AppScripts {
  if (scripts.fingerprint === agreed) return scripts;
  throw new PinokioError("agreement-needed", `The scripts in ${place} are not the ones that were agreed to`, {
    hint: "Look at what they will run, then agree again",
  });
}
