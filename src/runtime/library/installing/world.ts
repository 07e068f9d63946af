import type { GitAddress, GitLogin } from "../../base/git-address.js";
import type { WireError } from "../../protocol/errors.js";
import type { AppId, RunId } from "../../protocol/ids.js";
import type { Run } from "../../protocol/runs.js";
import type { JobChange, Jobs } from "../jobs.js";

/** What the catalog knows of something that is installed. */
export interface InstallPackage {
  id: string;
  name: string;
  /** An address, or a folder of this machine where the catalog has it from one. */
  install: string;
  /** Null for a folder of this machine. */
  repository: string | null;
  /** Why it should not be installed, or null. */
  warning: string | null;
  /** How much room it needs, where its author says so. */
  diskGB: number | null;
  /** Names of tokens and keys that it asks for. */
  credentials: readonly string[];
}

export interface CloneOrder {
  folder: string;
  objects: string;
  signal: AbortSignal;
  tell(change: JobChange): void;
}

export interface ClonedRepository {
  url: string;
  isMoved: boolean;
  branch: string | null;
  commit: string;
  /** It lets nobody in without a login. */
  needsLogin: boolean;
}

/** What installing needs of the rest of the sidecar. */
export interface InstallWorld {
  jobs: Jobs;
  clone(address: GitAddress, order: CloneOrder, login: GitLogin | null): Promise<ClonedRepository>;
  /** By its id in the catalog. */
  findPackage(id: string): Promise<InstallPackage | null>;
  /** Ids in the catalog that are nearly so. */
  near(id: string): Promise<string[]>;
  /** Whether it begins with the name of a source of the catalog, also of one that was removed, as ids of its packages do. */
  isOfSource(text: string): boolean;
  /** By the address of its repository. */
  packageAt(repository: string): Promise<InstallPackage | null>;
  /** A person has given it, and it was right: it is needed again for updates. */
  keepLogin(host: string, login: GitLogin): void;
  /** Calls back with every change of a run, and whether it waits for a person. Resolves once it is ready or over. */
  follow(id: RunId, onChange: (run: Run, isWaiting: boolean) => void): Promise<Run>;
  stop(id: RunId): Promise<unknown>;
  /** Why a run failed, as far as it can be told. */
  explain(run: Run): Promise<WireError | null>;
  /** How long a script, such as `comfyui/install.js`, has taken before, or null. */
  usualMs(script: string): number | null;
  /** Notes which folders an app for a while has now: what comes later as a whole is told by that. */
  noteFolders(id: AppId): Promise<void>;
}
