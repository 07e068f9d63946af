import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import { APP_STATES, Installer } from "../protocol/apps.js";
import type { PinokioError } from "../protocol/errors.js";
import { AppId } from "../protocol/ids.js";

/** What we know about an app beyond what its folder says. */
export const InstalledApp = z.object({
  source: z.string(),
  state: z.enum(APP_STATES),
  /** The ways to install it. */
  installers: z.array(Installer).default([]),
  /** The fingerprint a person agreed to, or null. */
  agreed: z.string().nullable(),
  /** The digests of the scripts behind it, by path. */
  scripts: z.record(z.string(), z.string()).default({}),
  installedAt: z.string(),
});
export type InstalledApp = z.infer<typeof InstalledApp>;

const InstalledFile = z.object({ version: z.literal(1), apps: z.record(AppId, InstalledApp) });

/** `library/installed.json`. */
export interface InstalledStore {
  get(id: AppId): InstalledApp | null;
  /** Throws and changes nothing when it cannot be written. */
  set(id: AppId, app: InstalledApp): void;
  /** Why the file on disk could not be read, once, or null. */
  readonly problem: PinokioError | null;
}

export function openInstalledStore(file: string): InstalledStore {
  const state = readState(file, InstalledFile);
  const apps = new Map<string, InstalledApp>(state.kind === "read" ? Object.entries(state.value.apps) : []);
  return {
    problem: "error" in state ? state.error : null,
    get: (id) => apps.get(id) ?? null,
    set: (id, app) => {
      if (state.kind === "unreadable") throw state.error; // what is in it would be lost
      const before = apps.get(id);
      apps.set(id, app);
      try {
        writeJsonAtomic(file, { version: 1, apps: Object.fromEntries(apps) });
      } catch (error) {
        // What is in memory must be what is on disk.
        if (before === undefined) apps.delete(id);
        else apps.set(id, before);
        throw error;
      }
    },
  };
}
