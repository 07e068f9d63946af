import { appMissing, knownIn, withKnownApps } from "../../base/app-missing.js";
import type { DiskUse } from "../../library/disk-use.js";
import type { ShelfStore } from "../../library/shelf.js";
import { toWireError } from "../../protocol/errors.js";
import type { AppId, JobId, RunId } from "../../protocol/ids.js";
import type { ImportResult, LibraryFile } from "../../protocol/library-file.js";
import type { AppResult } from "../../protocol/shelf.js";
import type { Handlers } from "./handler.js";

export interface LibraryParts {
  shelf: ShelfStore;
  disk: DiskUse;
  ids(): readonly AppId[];
  /** Takes over what was changed by hand, on the disk too. */
  look(): Promise<void>;
  /** Starts what the app's menu starts by default. */
  start(id: AppId): Promise<RunId>;
  /** Stops every run of the app. */
  stop(id: AppId): Promise<void>;
  /** Stops them, and starts the same again; returns what was started. */
  restart(id: AppId): Promise<RunId[]>;
  /** Throws where others need any of them that are not among them. */
  requireUnneeded(ids: readonly AppId[]): Promise<void>;
  /** Its files go to the trash; `entry` is what undoes it. */
  uninstall(id: AppId): Promise<{ job: JobId; entry: string }>;
  /** Drops the record of an app whose folder is gone. */
  forget(id: AppId): void;
  exported(): Promise<LibraryFile>;
  previewImport(file: LibraryFile): Promise<ImportResult>;
  importFrom(file: LibraryFile, how: { install: boolean }): Promise<ImportResult>;
}

export const libraryHandlers = ({
  shelf,
  disk,
  ids,
  look,
  start,
  stop,
  restart,
  requireUnneeded,
  uninstall,
  forget,
  exported,
  previewImport,
  importFrom,
}: LibraryParts): Handlers<
  | "library.shelf"
  | "library.mark"
  | "library.move"
  | "library.addFolder"
  | "library.renameFolder"
  | "library.removeFolder"
  | "library.start"
  | "library.stop"
  | "library.restart"
  | "library.uninstall"
  | "library.forget"
  | "library.disk"
  | "library.export"
  | "library.previewImport"
  | "library.import"
> => ({
  "library.shelf": async () => {
    await look();
    return shelf.now();
  },
  "library.mark": ({ apps, change }) => ({ results: shelf.mark(apps, change) }),
  "library.move": ({ things, to }) => ({ results: shelf.move(things, to) }),
  "library.addFolder": ({ name, apps }) => ({ folder: shelf.addFolder(name, apps) }),
  "library.renameFolder": ({ folder, name }) => {
    shelf.renameFolder(folder, name);
    return {};
  },
  "library.removeFolder": ({ folder }) => {
    shelf.removeFolder(folder);
    return {};
  },
  "library.start": async ({ apps }) => {
    const runs = new Map<AppId, RunId>();
    const results = await each(shelf, apps, async (id) => void runs.set(id, await start(id)));
    return { results: results.map((result) => ({ ...result, run: runs.get(result.appId) ?? null })) };
  },
  "library.stop": async ({ apps }) => {
    const check = checkPresent(ids());
    return {
      results: await each(shelf, apps, async (id) => {
        check(id);
        await stop(id);
      }),
    };
  },
  "library.restart": async ({ apps }) => {
    const check = checkPresent(ids());
    const started = new Map<AppId, RunId[]>();
    const results = await each(shelf, apps, async (id) => {
      check(id);
      started.set(id, await restart(id));
    });
    return { results: results.map((result) => ({ ...result, runs: started.get(result.appId) ?? [] })) };
  },
  "library.uninstall": async ({ apps, despiteUse = false }) => {
    if (!despiteUse) await requireUnneeded(apps);
    const begun = new Map<AppId, { job: JobId; entry: string }>();
    const results = await each(shelf, apps, async (id) => void begun.set(id, await uninstall(id)));
    return {
      results: results.map((result) => ({ ...result, ...(begun.get(result.appId) ?? { job: null, entry: null }) })),
    };
  },
  "library.forget": async ({ apps }) => ({ results: await each(shelf, apps, (id) => Promise.resolve(forget(id))) }),
  "library.disk": async ({ apps = [...ids()], wait = false }) => {
    await look();
    return { disk: wait ? await disk.measured(apps) : disk.look(apps) };
  },
  "library.export": () => exported(),
  "library.previewImport": ({ file }) => previewImport(file),
  "library.import": ({ file, install = true }) => importFrom(file, { install }),
});

function checkPresent(ids: readonly AppId[]): (id: AppId) => void {
  const present = new Set(ids);
  return (id) => {
    if (!present.has(id)) throw appMissing(id);
  };
}

/** One that fails takes no other with it. */
function each(
  shelf: Pick<ShelfStore, "now">,
  apps: readonly AppId[],
  work: (id: AppId) => Promise<void>,
): Promise<AppResult[]> {
  return Promise.all(
    [...new Set(apps)].map(async (appId) => {
      try {
        await work(appId);
        return { appId, error: null };
      } catch (error) {
        return { appId, error: toWireError(withKnownApps(error, () => knownIn(shelf.now()))) };
      }
    }),
  );
}
