import * as z from "zod";
import { Run } from "./runs.js";

/**
 * Sidecar and runner. The runner listens on a socket of its own and outlives the sidecar, so a newer sidecar must
 * understand an older runner: the messages in CORE never change their meaning, whatever else is added.
 *
 * On opening: `auth`, answered with the runner's whole `state`, which is then sent again whenever it changes.
 */
export const CORE_VERSION = 1;

export const ToRunner = z.discriminatedUnion("t", [
  z.object({ t: z.literal("auth"), token: z.string() }),
  /** Ask the script to end: interrupt, terminate, then kill what is left after `graceMs`. */
  z.object({ t: z.literal("stop"), graceMs: z.number() }),
]);
export type ToRunner = z.infer<typeof ToRunner>;

export const FromRunner = z.discriminatedUnion("t", [
  z.object({ t: z.literal("state"), core: z.number(), run: Run }),
  /** Output grew; the bytes are in the run's `output.log`. */
  z.object({ t: z.literal("output"), bytes: z.number() }),
  z.object({ t: z.literal("refused"), reason: z.string() }),
]);
export type FromRunner = z.infer<typeof FromRunner>;

/** `run.json`: what must be on disk before a run is announced, so that it can be found again. */
export const RunRecord = z.object({
  run: Run,
  socket: z.string(),
  /** Null until the runner process says who it is. */
  process: z.object({ pid: z.number(), startTime: z.string(), bootId: z.string() }).nullable(),
  version: z.string(),
  /** Names the wish this run came from, so that asking again for it does not start it again. */
  key: z.string().nullable().default(null),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** In the environment of everything a run starts, so that all of it is found again, whoever its parent is by then. */
export const RUN_TOKEN_VARIABLE = "PINOKIOCLOUD_RUN";

/**
 * `request.json` in the run's folder, which is the runner's only argument: what it is to do. Its own environment is
 * the one shells start from. It writes "ready\n" to file descriptor 3 once its socket listens.
 */
export const RunRequest = z.object({
  runId: Run.shape.id,
  home: z.string(),
  scriptFile: z.string(),
  script: z.string(),
  appId: Run.shape.appId,
  action: z.string(),
  input: z.json().optional(),
  socket: z.string(),
  tokenFile: z.string(),
  /** Goes into the record as it is. */
  key: z.string().nullable().default(null),
});
export type RunRequest = z.infer<typeof RunRequest>;
