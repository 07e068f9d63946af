import * as z from "zod";
import { RunId } from "./ids.js";

const repair = <Kind extends string, Params extends z.ZodType>(kind: Kind, params: Params) =>
  z.object({
    kind: z.literal(kind),
    /** What a button that does it says. */
    label: z.string(),
    params,
  });

/** What can be done about a failure, as one action. */
export const Repair = z.discriminatedUnion("kind", [
  /** The same again, after a while where that helps. */
  repair("retry-step", z.object({ waitMs: z.number() })),
  /** Null where the output does not tell which environment: then those of the app. */
  repair("recreate-venv", z.object({ path: z.string().nullable() })),
  /** Of the folder or file that the output names, else of the app and the shared caches. */
  repair("clear-partial", z.object({ path: z.string().nullable() })),
  repair("free-disk", z.object({ bytes: z.number().nullable() })),
  repair("install-system-package", z.object({ packages: z.array(z.string()).min(1) })),
  /** `name` is the variable that holds it; `page` is where to get one. */
  repair("set-token", z.object({ name: z.string(), page: z.string().nullable() })),
  repair("use-other-port", z.object({ port: z.number().nullable() })),
  /** Variables that programs obey, and arguments that this kind of program often has. */
  repair("lower-memory", z.object({ env: z.record(z.string(), z.string()), flags: z.array(z.string()) })),
  repair("accept-licence", z.object({ model: z.string().nullable(), page: z.string() })),
  repair("update-app", z.object({})),
]);
export type Repair = z.infer<typeof Repair>;
export type RepairKind = Repair["kind"];
export type RepairParams<Kind extends RepairKind> = Extract<Repair, { kind: Kind }>["params"];

/** Why a run ended that should not have, as far as its output, its end and the machine tell. */
export const Failure = z.object({
  code: z.string(),
  /** What happened, with the value. */
  sentence: z.string(),
  /** What to do about it. */
  hint: z.string(),
  /** The output that shows it; null when the machine told. `offset` counts bytes from the run's first. */
  line: z.object({ text: z.string(), offset: z.number() }).nullable(),
  repairs: z.array(Repair),
  /** The run that all of this is about, where that is one which the failed run has started. */
  part: z.object({ runId: RunId, script: z.string() }).optional(),
});
export type Failure = z.infer<typeof Failure>;

/** One of the repairs that a run's failure offers: its place among them, and its kind for who looked earlier. */
export const RepairChoice = z.object({ at: z.number().int().nonnegative(), kind: z.string() });
export type RepairChoice = z.infer<typeof RepairChoice>;

/** A repair at work. */
export const Repairing = z.object({
  label: z.string(),
  /** What it does at the moment; null before it has said. */
  doing: z.string().nullable(),
  /** How much of that is done, from 0 to 1; null where nobody can tell. */
  share: z.number().nullable(),
  /** Whether it can end here without leaving anything half done. */
  canCancel: z.boolean(),
});
export type Repairing = z.infer<typeof Repairing>;

/** How a repair went. */
export const RepairResult = z.object({
  done: z.boolean(),
  /** One sentence. */
  said: z.string(),
  /** What it has started. */
  runId: RunId.nullable(),
  /** Where only the person can go on. */
  page: z.string().nullable(),
});
export type RepairResult = z.infer<typeof RepairResult>;

/** What a repair would do, shown before it is done. */
export const RepairPreview = z.object({
  /** One sentence. */
  does: z.string(),
  /** What is removed for good: only what a program left half made. */
  removes: z.array(z.object({ path: z.string(), bytes: z.number() })),
  /** What is put away and can be had back. */
  moves: z.array(z.object({ path: z.string(), bytes: z.number() })),
  /** Why it cannot be done, or null. */
  refused: z.string().nullable(),
});
export type RepairPreview = z.infer<typeof RepairPreview>;
