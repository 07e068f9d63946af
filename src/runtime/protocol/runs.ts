import * as z from "zod";
import { WireError } from "./errors.js";
import { AppId, RunId } from "./ids.js";

export const RUN_STATES = ["queued", "starting", "running", "ready", "stopping", "ended"] as const;
export type RunState = (typeof RUN_STATES)[number];

/** How a run ended: by itself, by its own error, by request, by a dead runner, or with its machine. */
export const OUTCOMES = ["finished", "failed", "stopped", "crashed", "lost"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Something a step asks a person, such as a form; the step waits for the answer. */
export const Question = z.object({
  id: z.string(),
  /** The method that asks, such as `input`. */
  kind: z.string(),
  params: z.unknown(),
  askedAt: z.string(),
});
export type Question = z.infer<typeof Question>;

/** A script being run, or one that was. */
export const Run = z.object({
  id: RunId,
  /** Null for a script outside `<home>/api`. */
  appId: AppId.nullable(),
  /** Path of the script below `<home>/api`, such as `comfyui/start.js`. */
  script: z.string(),
  action: z.string(),
  state: z.enum(RUN_STATES),
  /** True once the script is known to stay up after its last step. */
  daemon: z.boolean(),
  end: z.object({ outcome: z.enum(OUTCOMES), error: WireError.nullable(), at: z.string() }).nullable(),
  step: z.object({ index: z.number(), total: z.number(), method: z.string(), startedAt: z.string() }).nullable(),
  local: z.record(z.string(), z.unknown()),
  shells: z.number(),
  startedAt: z.string(),
  outputBytes: z.number(),
  /** Things a person should know that do not end the run, such as "no terminal: using pipes". */
  warnings: z.array(z.string()),
  /** The run whose step started this one. */
  parent: RunId.nullish(),
  /** What waits for a person, the oldest first. */
  questions: z.array(Question).optional(),
});
export type Run = z.infer<typeof Run>;

export const isLive = (run: Run): boolean => run.state !== "ended";

/** What the script language asks about a script: `script status`. */
export const ScriptStatus = z.object({
  running: z.boolean(),
  ready: z.boolean(),
  local: z.record(z.string(), z.unknown()).nullable(),
  shells: z.number(),
});
export type ScriptStatus = z.infer<typeof ScriptStatus>;
