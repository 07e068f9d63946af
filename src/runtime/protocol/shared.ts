import * as z from "zod";
import { RunId } from "./ids.js";
import { OUTCOMES } from "./runs.js";
import { WireError } from "./errors.js";
import { Resume } from "./resume.js";

/** What scripts may know of one another. The sidecar owns it; every runner has a copy that is read without waiting. */
export const SharedScript = z.object({
  running: z.boolean(),
  ready: z.boolean(),
  /** Empty unless it runs. */
  local: z.record(z.string(), z.unknown()),
  global: z.record(z.string(), z.unknown()),
  /** Its latest run. */
  runId: z.string().optional(),
});
export type SharedScript = z.infer<typeof SharedScript>;

const nothing = z.object({});

/**
 * What a runner can ask its sidecar. Each may be asked again of the next sidecar, when one is lost before it answered,
 * so each is the same when it is done twice.
 */
export const SHARED_REQUESTS = {
  /** Starts a script under an id of the caller's choice. */
  start: {
    params: z.object({
      runId: RunId,
      file: z.string(),
      action: z.string().optional(),
      input: z.json().optional(),
      env: z.record(z.string(), z.json()).optional(),
      /** Where it goes on, as the one that starts it does. */
      resume: Resume.optional(),
    }),
    /** `already` when it ran before, whoever started it. */
    reply: z.object({ already: z.boolean() }),
  },
  /** Answers when the run is ready or over. */
  wait: {
    params: z.object({ runId: RunId }),
    reply: z.object({
      outcome: z.enum([...OUTCOMES, "ready"]),
      error: WireError.nullable(),
      value: z.unknown().optional(),
    }),
  },
  /** Answers when none of them runs any more. */
  stop: { params: z.object({ files: z.array(z.string()) }), reply: nothing },
  /** Answers at once; the script is stopped and started later. */
  restart: { params: z.object({ file: z.string(), input: z.json().optional() }), reply: nothing },
  output: { params: z.object({ file: z.string(), lines: z.number() }), reply: z.object({ text: z.string() }) },
  /** A free port that no other run has been given. */
  port: { params: nothing, reply: z.object({ port: z.number() }) },
  /** Fails when the app may take no more of the disk. */
  room: { params: nothing, reply: nothing },
  /** Answers when the turn, named by the caller, has come; it ends with `leave` or with the run. */
  enter: { params: z.object({ queue: z.string(), turn: z.string() }), reply: nothing },
  leave: { params: z.object({ queue: z.string(), turn: z.string() }), reply: nothing },
  /** The next answer that was given beforehand, by the caller's key for its question. */
  answer: {
    params: z.object({ key: z.string() }),
    reply: z.object({ found: z.boolean(), value: z.unknown().optional() }),
  },
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;

export type SharedRequestName = keyof typeof SHARED_REQUESTS;
export type SharedParams<Name extends SharedRequestName> = z.output<(typeof SHARED_REQUESTS)[Name]["params"]>;
export type SharedReply<Name extends SharedRequestName> = z.output<(typeof SHARED_REQUESTS)[Name]["reply"]>;

export const isSharedRequest = (name: string): name is SharedRequestName => Object.hasOwn(SHARED_REQUESTS, name);
