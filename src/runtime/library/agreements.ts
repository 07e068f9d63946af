import { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";
import { hasSameScripts, readScripts, type SeenFiles } from "./fingerprint.js";
import type { InstalledApp, InstalledStore } from "./installed-store.js";

/** To which scripts a person has agreed. */
export interface Agreements {
  /** Whether that is to the scripts as they are now. */
  holds(id: AppId): Promise<boolean>;
  /** Throws when the scripts are not the ones with that fingerprint. */
  agree(id: AppId, fingerprint: string): Promise<void>;
}

interface AgreementsWorld {
  store: InstalledStore;
  /** Throws for an app that is not there. */
  folderOf(id: AppId): string;
  now(): Date;
}

export function createAgreements({ store, folderOf, now }: AgreementsWorld): Agreements {
  const seen: SeenFiles = new Map();
  return {
    holds: async (id) => {
      const record = store.get(id);
      if (record === null || record.agreed === null) return false;
      return hasSameScripts(folderOf(id), record.scripts, seen);
    },
    agree: async (id, fingerprint) => {
      const folder = folderOf(id);
      const scripts = await readScripts(folder);
      if (scripts.fingerprint !== fingerprint) {
        throw new PinokioError("agreement-needed", `The scripts in ${folder} are not the ones that were agreed to`, {
          hint: "Look at what they will run, then agree again",
        });
      }
      const before = store.get(id) ?? putHere(folder, now());
      store.set(id, { ...before, agreed: fingerprint, scripts: scripts.files });
    },
  };
}

/** An app whose folder somebody has put here. */
const putHere = (source: string, at: Date): InstalledApp => ({
  source,
  repository: null,
  branch: null,
  commit: null,
  needsLogin: false,
  package: null,
  state: "not-installed",
  installers: [],
  agreed: null,
  scripts: {},
  installedAt: at.toISOString(),
  studio: null,
  notBegun: null,
  wanted: true,
});
