import * as z from "zod";

export const STEP_STATES = ["running", "done", "failed", "skipped", "stopped"] as const;

/** One step that a run came to, in the order of coming: in a loop the same step is here many times. */
export const RunStep = z.object({
  /** How many steps came before it. */
  place: z.number(),
  /** Its place in the script. */
  index: z.number(),
  method: z.string(),
  /** Its parameters in few words; values that look secret are left out. */
  what: z.string(),
  state: z.enum(STEP_STATES),
  /** Why it failed, or the condition that skipped it. */
  why: z.string().nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** The run's output while it was running. */
  output: z.object({ from: z.number(), to: z.number().nullable() }),
  /** Told by the sidecar while it runs: how long it has taken before. */
  usualMs: z.number().optional(),
});
export type RunStep = z.infer<typeof RunStep>;

/** The latest steps of a run: never more than a person can look at. */
export const RunSteps = z.object({
  /** Said when asking again, so that only what is new comes. */
  version: z.number(),
  /** Steps that the script has. */
  total: z.number(),
  /** Steps that came so far; the oldest of them may be forgotten. */
  count: z.number(),
  steps: z.array(RunStep),
  /** Told by the sidecar: how long the steps after the present one have taken before. */
  usualRestMs: z.number().optional(),
});
export type RunSteps = z.infer<typeof RunSteps>;
