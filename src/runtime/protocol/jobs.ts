import * as z from "zod";
import { WireError } from "./errors.js";
import { AppId, JobId, RunId } from "./ids.js";

export const JOB_STATES = ["waiting", "working", "done", "failed", "cancelled"] as const;

/** How far one phase of a job is. `total` is null where nobody knows it beforehand. */
export const JobProgress = z.object({ done: z.number(), total: z.number().nullable(), unit: z.string() });
export type JobProgress = z.infer<typeof JobProgress>;

/** A long piece of work on an app that people watch. A run is a script's execution; a job may have one. */
export const Job = z.object({
  id: JobId,
  /** What it does, such as `install`. */
  kind: z.string(),
  /** Null where no app is there yet. */
  appId: AppId.nullable(),
  /** What a person calls it, such as "Install Sketch pad". */
  title: z.string(),
  state: z.enum(JOB_STATES),
  /** What it is at, in one word, such as `fetch`. */
  phase: z.string(),
  progress: JobProgress.nullable(),
  /** Of the script that it runs; `at` counts from 1. */
  step: z.object({ at: z.number(), of: z.number() }).nullable(),
  /** The run whose output is its own. */
  runId: RunId.nullable(),
  /** When it began to work; while it waits, when it was asked for. */
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** How long it has taken before, or null. */
  expectedMs: z.number().nullable(),
  error: WireError.nullable(),
  /** What a person should know of how it went, in sentences. */
  said: z.array(z.string()).optional(),
  canCancel: z.boolean(),
});
export type Job = z.infer<typeof Job>;

/** Whether it waits or works. */
export const isUnderWay = ({ state }: Pick<Job, "state">): boolean => state === "waiting" || state === "working";

const PHASES: Readonly<Record<string, string>> = {
  wait: "Waiting for its turn",
  stop: "Stopping what runs",
  check: "Checking",
  fetch: "Fetching",
  files: "Writing files",
  submodules: "Fetching submodules",
  lfs: "Fetching large files",
  look: "Looking at what it runs",
  copy: "Copying",
  move: "Putting it in place",
  trash: "Moving it into the trash",
  install: "Installing",
  script: "Running its script",
  ask: "Waiting for you",
  undo: "Going back",
  remove: "Removing",
  compare: "Comparing",
};

/** What a job is at, in words; a phase without words of its own is said as it is. */
export const phaseText = (phase: string): string => PHASES[phase] ?? phase;

/** Units of progress that are bytes are shown as sizes. */
export const isBytes = ({ unit }: JobProgress): boolean => unit === "bytes";
