import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { namesIn } from "../base/names-in.js";
import { StateFile } from "../base/state-file.js";
import { APP_STATES, Installer } from "../protocol/apps.js";
import { PinokioError } from "../protocol/errors.js";
import { AppId } from "../protocol/ids.js";

/** What we know about an app beyond what its folder says. */
export const InstalledApp = z.object({
  /** What it was installed from, as a person would write it: a folder of this machine, or an address. */
  source: z.string(),
  /** The address it was cloned from; null for a copy of a folder. */
  repository: z.string().nullable().default(null),
  /** The branch it follows; null where it stays at its commit. */
  branch: z.string().nullable().default(null),
  /** Where it stood when it was put here. */
  commit: z.string().nullable().default(null),
  /** Its repository lets nobody in without a login: git in its runs gets the one that a person gave. */
  needsLogin: z.boolean().default(false),
  /** Its name in the catalog, or null. */
  package: z.string().nullable().default(null),
  state: z.enum(APP_STATES),
  /** Why its install script could not begin, in words; null where it has, or that is not known. */
  notBegun: z.string().nullable().default(null),
  /** The ways to install it. */
  installers: z.array(Installer).default([]),
  /** The fingerprint a person agreed to, or null. */
  agreed: z.string().nullable(),
  /** The digests of the scripts behind it, by path. */
  scripts: z.record(z.string(), z.string()).default({}),
  installedAt: z.string(),
  /** Of an app that is to leave no trace: since when what it makes is the person's. */
  studio: z.object({ since: z.string().nullable() }).nullable().default(null),
  /** False where it came only since another one needs it. */
  wanted: z.boolean().default(true),
});
export type InstalledApp = z.infer<typeof InstalledApp>;

const VERSION = 2;

/** Version 1 knew folders of this machine only. */
const InstalledFile = z
  .object({ version: z.union([z.literal(1), z.literal(VERSION)]), apps: z.record(AppId, InstalledApp) })
  .transform(({ apps }) => ({ version: VERSION, apps }));

/** `library/installed.json`. */
export interface InstalledStore {
  get(id: AppId): InstalledApp | null;
  /** Everything that is written down, whether its folder is there or not. */
  all(): [AppId, InstalledApp][];
  /** Throws and changes nothing when it cannot be written. */
  set(id: AppId, app: InstalledApp): void;
  /** How an app stands, which is so whether it can be written or not: on a full disk it is written later. */
  noteState(id: AppId, state: InstalledApp["state"], notBegun?: string | null): void;
  /** Writes what could not be written, if there is room. Returns whether nothing waits any more. */
  writeWaiting(): boolean;
  /** As `set`; nothing is known of the app then. */
  remove(id: AppId): void;
  /** Why the file on disk could not be read, once, or null. */
  readonly problem: PinokioError | null;
}

interface StoreOptions {
  mayWrite?: boolean;
  /** Something waits for room on the disk. */
  onWaiting?: () => void;
}

export function openInstalledStore(path: string, { mayWrite = true, onWaiting }: StoreOptions = {}): InstalledStore {
  let problem: PinokioError | null = null;
  const file = new StateFile({
    path,
    version: VERSION,
    schema: InstalledFile,
    empty: { version: VERSION, apps: {} },
    mayWrite,
    onProblem: (found) => (problem ??= found),
  });
  problem ??= setAsideBefore(path);
  const appOf = (id: AppId): InstalledApp | null =>
    Object.hasOwn(file.value.apps, id) ? (file.value.apps[id] ?? null) : null;
  return {
    problem,
    get: appOf,
    all: () => Object.entries(file.value.apps) as [AppId, InstalledApp][],
    set: (id, app) => void file.change(({ version, apps }) => ({ version, apps: { ...apps, [id]: app } })),
    noteState: (id, state, notBegun = null) => {
      const isWritten = file.note((value) => {
        const app = value.apps[id];
        return app === undefined || (app.state === state && app.notBegun === notBegun)
          ? value
          : { ...value, apps: { ...value.apps, [id]: { ...app, state, notBegun } } };
      });
      if (!isWritten) onWaiting?.();
    },
    writeWaiting: () => file.writeWaiting(),
    remove: (id) =>
      void file.change(({ version, apps }) => ({
        version,
        apps: Object.fromEntries(Object.entries(apps).filter(([other]) => other !== id)),
      })),
  };
}

/** A sidecar before us could not read it, and nobody has seen to that since. */
function setAsideBefore(path: string): PinokioError | null {
  const kept = namesIn(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.unreadable-`));
  const latest = kept.sort().at(-1);
  if (latest === undefined || existsSync(path)) return null;
  return new PinokioError("state-unreadable", `${path} could not be read: what was installed before is not known`, {
    hint: `It was kept as ${join(dirname(path), latest)}; correct it and move it back, or go on without it`,
  });
}
