import { existsSync } from "node:fs";
import { readSecrets, secretPaths } from "../base/secret-store.js";
import type { Catalog } from "../catalog/catalog.js";
import type { Jobs } from "../library/jobs.js";
import type { OthersWorld } from "../library/transfer-others.js";
import { PinokioError } from "../protocol/errors.js";
import type { ExportedPackage, ExportedSource } from "../protocol/library-file.js";
import type { OpenedHome } from "./open-home.js";
import { overWith } from "./over-with.js";
import type { Packages } from "./packages.js";

export interface OthersParts {
  opened: OpenedHome;
  jobs: Jobs;
  catalog: Pick<Catalog, "sources" | "addSource" | "find">;
  packages: Pick<Packages, "list" | "find" | "install">;
}

/** What of a library goes to another machine besides apps, with the catalog and the packages of this one. */
export function othersWorld({ opened, jobs, catalog, packages }: OthersParts): OthersWorld {
  const over = overWith(jobs);
  return {
    packages: async () => {
      const installed: ExportedPackage[] = [];
      const broken: string[] = [];
      const byHand: string[] = [];
      for (const { id, type, name, version, commit, wanted, problem } of await packages.list()) {
        if (type === "app") continue;
        const source = packages.find(id).record?.source;
        if (source === undefined) {
          byHand.push(id);
          continue;
        }
        installed.push({ id, type, name, source, version, commit, wanted });
        if (problem !== null) broken.push(id);
      }
      return { installed, broken, byHand };
    },
    sources: async () => (await catalog.sources()).flatMap(addedOf),
    secrets: () => namesIn(secretPaths.shared(opened.home)),
    isKnown: async (id) => (await catalog.find(id)) !== null,
    obstacleTo: ({ kind, address }) =>
      kind === "folder" && !existsSync(address)
        ? new PinokioError("source-unsupported", `The folder ${address} is not on this machine`)
        : null,
    addSource: async ({ address, kind }) => void (await catalog.addSource(address, kind)),
    install: async ({ id, commit, wanted }, signal) => {
      const order = { id, agreed: {}, despiteWarning: false, asElsewhere: { commit, wanted } };
      await over(await packages.install(order), signal);
    },
  };
}

const addedOf = ({
  id,
  kind,
  address,
}: {
  id: string;
  kind: ExportedSource["kind"] | "built-in" | "examples";
  address: string | null;
}): ExportedSource[] => (address === null || kind === "built-in" || kind === "examples" ? [] : [{ id, kind, address }]);

/** What cannot be read is said where secrets are looked at. */
function namesIn(file: string): string[] {
  try {
    return Object.keys(readSecrets(file));
  } catch {
    return [];
  }
}
