import * as z from "zod";
import { Job } from "./jobs.js";

/** Kinds of what can be freed: first what costs nobody anything, last what cannot be had back. */
export const FREEABLE_KINDS = ["partial", "temporary", "cache", "logs", "duplicates", "environment", "trash"] as const;
export type FreeableKindName = (typeof FREEABLE_KINDS)[number];

/** One thing that can go. */
export const Freeable = z.object({
  /** Begins with its kind. */
  id: z.string(),
  kind: z.enum(FREEABLE_KINDS),
  label: z.string(),
  /** Where it lies, below the home. */
  where: z.array(z.string()),
  /** What comes back when it goes, at least. */
  bytes: z.number(),
  /** What that means, in a sentence. */
  means: z.string(),
  /** Nobody misses anything afterwards: it is made or loaded again by whoever needs it, or all is as it was. */
  isSafe: z.boolean(),
  /** Why it cannot go now, in a sentence, or null. */
  refused: z.string().nullable(),
});
export type Freeable = z.infer<typeof Freeable>;

export const FreeableList = z.object({
  /** The safest first, and of these the largest. */
  items: z.array(Freeable),
  /** When it was looked at: what came later stays. */
  at: z.string(),
});
export type FreeableList = z.infer<typeof FreeableList>;

/** What can be asked about room on the disk. */
export const FREEING_REQUESTS = {
  /** What could go, with how much that gives. Nothing is changed. */
  "storage.freeable": { params: z.strictObject({}), reply: FreeableList },
  /** Frees these for good. The job says what came back, and what stayed and why. */
  "storage.free": {
    params: z.strictObject({
      items: z.array(z.string().min(1)).min(1),
      /** The `at` of what a person has seen. */
      at: z.string(),
    }),
    reply: z.object({ job: Job }),
  },
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;
