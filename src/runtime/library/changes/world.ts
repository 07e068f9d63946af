import type { GitPrograms } from "../../base/git-known.js";
import type { Inspection } from "../../protocol/apps.js";
import type { LeftToken } from "../../protocol/changes.js";
import type { AppId, RunId } from "../../protocol/ids.js";
import type { JournalPage } from "./journal.js";
import type { UpdateRepositories } from "./repositories.js";

export type Json = JournalPage["data"];

/** What changes of apps need of the rest of the sidecar. */
export interface ChangesWorld {
  home: string;
  /** Where apps lie. */
  api: string;
  programs: GitPrograms;
  repositories: UpdateRepositories;
  /** What scripts of a folder that nobody has agreed to would run. */
  describe(folder: string, scripts: readonly string[]): Promise<Inspection["scripts"]>;
  /** Runs a script of the app to its end; rejects when that is not a good one. */
  runScript(
    app: AppId,
    script: string,
    how: { unattended: boolean | undefined; signal: AbortSignal; onRun(id: RunId): void },
  ): Promise<void>;
  /** How a run ended; of one that goes on, once it has. */
  outcomeOf(run: RunId): Promise<"finished" | "failed">;
  /** What a run has done is undone, as if it had not been. */
  noteTakenBack(run: RunId): void;
  /** What the app's scripts are now is what a person has agreed to. */
  agree(app: AppId): Promise<void>;
  now(): Date;
  /** Whether one of these files is open, or git works in the folder. */
  isHeld(folder: string, files: readonly string[]): boolean;
  /** What a person calls the app. */
  titleOf(app: AppId): Promise<string>;
  /** Runs of the app that are not over. */
  liveRuns(app: AppId): readonly RunId[];
  /** Ends them, and resolves once it is proven that nothing of them is left. */
  stopRuns(app: AppId): Promise<void>;
  /** Lets go of the app's runs that are over, and returns their folders. */
  takeRuns(app: AppId): readonly string[];
  /** Folders of runs are back where they were. */
  returnRuns(): void;
  /** What is written down of the app's installation; null for nothing. */
  record(app: AppId): Json;
  setRecord(app: AppId, record: Json): void;
  /** What a person has decided for it. */
  settings(app: AppId): Json;
  setSettings(app: AppId, settings: Json): void;
  /** Files of the home that are there for this app alone, such as its secrets. */
  filesFor(app: AppId): readonly string[];
  /** Caches and environments of the home that no other app uses, by their paths; some may not be there. */
  usedOnlyBy(app: AppId): Promise<{ caches: readonly string[]; environments: readonly string[] }>;
  /** Packages and other apps that need it. */
  neededBy(app: AppId): Promise<readonly string[]>;
  /** The token that is kept for the host it came from; null where none is. */
  tokenOf(app: AppId): KeptToken | null;
  /** The folder of this machine that it was copied from, or null. */
  originOf(app: AppId): string | null;
  /** Its file of variables, by its place in its folder, where nobody has changed what was made for it; else null. */
  untouchedVariables(app: AppId): string | null;
  /** The script that installs it, or null where there is none or a person has to choose. */
  installerOf(app: AppId): string | null;
  /** Why its launcher, as it is now, cannot be loaded; null where it can, or that cannot be told. */
  launcherProblem(app: AppId): Promise<{ message: string } | null>;
  /** Whether nothing has to run before the app can be used. */
  isInstalled(app: AppId): boolean;
  /** An app's folder has come, gone or become another; or `isAsBefore`, so that what is newer is newer still. */
  changed(app: AppId, how?: { isAsBefore: boolean }): void;
  /** Says that something is kept which an app may have back, in place of what was offered for it before; null for nothing. */
  offer(app: AppId, text: string | null): void;
  hasOffer(app: AppId): boolean;
  /** Says what a person should know, wherever they look next. */
  tell(level: "info" | "warning" | "error", message: string, app: AppId | null): void;
}

/** A token of a person that lets git in at a host. */
export interface KeptToken {
  /** Among the secrets of the home. */
  name: string;
  host: string;
  /** Whether any other app is from there now. */
  isForOthers(): boolean;
}

/** As one that nobody needs once the app is gone. */
export const leftOf = (token: KeptToken | null): LeftToken | null =>
  token === null || token.isForOthers() ? null : { name: token.name, host: token.host };

/** What came of a change that was cut off. */
export interface Settled {
  message: string;
  /** What was asked for is done; else all is as it was before. */
  isDone: boolean;
}

/** What the work of a change may say, and how it is ended. */
export interface ChangeContext {
  signal: AbortSignal;
  tell(change: {
    title?: string;
    phase?: string;
    progress?: { done: number; total: number | null; unit: string } | null;
    canCancel?: boolean;
    runId?: RunId | null;
    said?: string[];
  }): void;
}
