import type { Log } from "../base/log.js";
import type { RunRequest } from "../protocol/channel.js";
import type { Repairing } from "../protocol/failures.js";
import type { AppId, RunId } from "../protocol/ids.js";
import type { Again, Run } from "../protocol/runs.js";
import type { LocalPaths } from "../storage/paths.js";
import type { GroupsOfRuns } from "./groups-of-runs.js";
import type { RunnerProgram } from "./launch.js";
import type { ChildOrder } from "./run-order.js";

export interface SupervisorOptions {
  home: string;
  runs: string;
  local: LocalPaths;
  token(): string;
  program: RunnerProgram;
  log: Log;
  now?: () => Date;
  /** Where global memory of scripts is kept. */
  sharedJournal: string;
  /** Where it is kept whose turn it is. */
  turnsJournal: string;
  groups: GroupsOfRuns;
  /** What scripts of an app get to end by themselves when they are stopped. */
  stopGraceMs(appId: AppId | null): number;
  /** What scripts of an app are told of the place they run in. */
  surroundingsOf(
    appId: AppId | null,
    script: string,
  ): Pick<
    RunRequest,
    | "platform"
    | "vault"
    | "pagePath"
    | "mayAskLinkLocal"
    | "nice"
    | "outputMB"
    | "lacks"
    | "ownArguments"
    | "secrets"
    | "gitLogin"
  >;
  /** Whether anybody would see that an app has stopped answering. */
  isWatched(): boolean;
  /** When a run that has failed is started again by itself, or null. */
  againOf(id: RunId): Again | null;
  /** What is being done about the failure of a run, or null. */
  repairingOf(id: RunId): Repairing | null;
  /** What a run's output must not show. */
  secretsOf(run: Run): readonly Buffer[];
  /** Throws when an app may take no more of the disk. */
  checkRoom(appId: AppId): Promise<void>;
  /** Starts a script that another one asks for. */
  startChild(order: ChildOrder): Promise<{ run: Run; already: boolean }>;
}
