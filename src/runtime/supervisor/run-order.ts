import type { RunRequest } from "../protocol/channel.js";
import type { AppId, RunId } from "../protocol/ids.js";
import type { Resume } from "../protocol/resume.js";

/** What to run. `script` is the path below `<home>/api`, or the absolute path of one outside. */
export interface RunOrder {
  scriptFile: string;
  script: string;
  appId: AppId | null;
  action: string;
  input?: RunRequest["input"];
  /** Names the wish, so that asking twice for the same one starts it once. */
  key?: string | undefined;
  /** Chosen by whoever asks, so that asking twice starts one run. */
  runId?: RunId;
  parent?: RunId;
  trace?: string | undefined;
  answers?: RunRequest["answers"];
  env?: RunRequest["env"];
  program?: boolean;
  /** Asking for the run was the agreement to what it and those it starts will do. */
  consent?: boolean | undefined;
  unattended?: boolean | undefined;
  /** Where it goes on with what an earlier run has failed to do. */
  resume?: Resume | undefined;
  /** Apps that must be ready before: with any, the run is queued until `leaveQueue`. */
  waitsFor?: readonly string[] | undefined;
}

/** A script that another script starts. */
export type ChildOrder = Pick<RunOrder, "trace" | "input" | "env" | "consent" | "unattended" | "program" | "resume"> & {
  file: string;
  parent: RunId;
  runId: RunId;
  action: string;
};
