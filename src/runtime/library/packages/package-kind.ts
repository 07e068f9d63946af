import type { InstalledPackageView, PackagePlan, PackageRemoval } from "../../protocol/package-requests.js";
import type { Package } from "../../protocol/packages.js";
import type { AppId } from "../../protocol/ids.js";
import type { JobContext } from "../jobs.js";
import type { PackageRecord } from "./package-store.js";

/** What kinds of packages need of the rest of the sidecar. */
export interface PackageWorld {
  home: string;
  api: string;
  drive: string;
  envs: string;
  /** Fetches a repository into a folder that is not there yet; resolves with its commit. */
  clone(source: string, folder: string, context: JobContext): Promise<string | null>;
  download(
    order: { url: string; path: string; sha256: string | undefined },
    context: JobContext,
  ): Promise<{ bytes: number; sha256: string }>;
  /** Moves files or folders away so that they can be had back; resolves with the entry's folder. */
  toTrash(paths: readonly string[], why: "uninstall" | "update"): Promise<string>;
  freeBytes(): number;
  /** Where packages without an environment of their own go, or null for one of their own. */
  activeEnvironment(): Promise<{ id: string; path: string } | null>;
  makeEnvironment(path: string, context: JobContext): Promise<void>;
  /** `uv pip …` for an environment. Throws with what it said when it fails. */
  pip(environment: string, args: readonly string[], context: JobContext): Promise<void>;
  apps: {
    /** Installs an app and resolves when that is over. */
    install(
      order: { source: string; packageId: string; agreed: string; unattended: boolean; wanted: boolean },
      context: JobContext,
    ): Promise<AppId>;
    uninstall(app: AppId, context: JobContext): Promise<void>;
    update(app: AppId, context: JobContext): Promise<void>;
    /** Somebody wants it for itself now. */
    want(app: AppId): void;
    /** Installed apps, with the package each is from. */
    list(): {
      app: AppId;
      packageId: string | null;
      commit: string | null;
      installedAt: string | null;
      /** Its installation is not over. */
      isHalf: boolean;
      /** False where it came only since another one needs it. */
      wanted: boolean;
    }[];
    bytesOf(app: AppId): Promise<number>;
  };
}

/** Who needs the package is not the kind's to know. */
export type KindRemoval = Omit<PackageRemoval, "neededBy">;

/** What installing gave: what is written down. */
export type Installed = Pick<PackageRecord, "version" | "commit" | "place" | "files" | "requirements">;

export interface InstallOrder {
  pack: Package;
  /** What it was before, or null. */
  before: PackageRecord | null;
  /** The fingerprint a person agreed to, or null. */
  agreed: string | null;
  /** Nobody is there to answer its scripts. */
  unattended: boolean;
  /** For itself, and not only since another one needs it. */
  wanted: boolean;
}

/** What installing, listing and removing mean for one type of package. Implementations are the siblings, listed in `index.ts`. */
export interface PackageKind {
  readonly type: Package["type"];
  /** Without doing anything. Throws what keeps it from being installed. */
  plan(pack: Package, world: PackageWorld): Promise<Pick<PackagePlan["steps"][number], "where" | "bytes" | "inspect">>;
  /** Also when it is here already and something newer is wanted. Null where somebody else writes it down. */
  install(order: InstallOrder, world: PackageWorld, context: JobContext): Promise<Installed | null>;
  /** What lies here, whoever put it here. */
  list(records: readonly PackageRecord[], world: PackageWorld): FoundHere[];
  removal(record: FoundHere, records: readonly PackageRecord[], world: PackageWorld): Promise<KindRemoval>;
  /** What can be had back goes to the trash. */
  remove(record: FoundHere, records: readonly PackageRecord[], world: PackageWorld, context: JobContext): Promise<void>;
}

/** A package that is here; without a record somebody has put it here by hand. */
export interface FoundHere extends Pick<
  InstalledPackageView,
  "id" | "type" | "name" | "version" | "commit" | "place" | "installedAt" | "problem" | "wanted"
> {
  record: PackageRecord | null;
}
