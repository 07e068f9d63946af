import * as z from "zod";
import { WireError } from "./errors.js";
import { Repairing } from "./failures.js";
import { AppId, RunId } from "./ids.js";
import { Progress } from "./progress.js";
import { RunTerminal } from "./terminal.js";

export const RUN_STATES = ["queued", "starting", "running", "ready", "stopping", "ended"] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Which state may follow which. */
const NEXT_STATES: Record<RunState, readonly RunState[]> = {
  queued: ["starting", "ended"],
  starting: ["running", "stopping", "ended"],
  running: ["ready", "stopping", "ended"],
  ready: ["stopping", "ended"],
  stopping: ["ended"],
  ended: [],
};

/** Throws for a move that no run can make. */
export function checkMove(from: RunState, to: RunState): void {
  if (!NEXT_STATES[from].includes(to)) throw new Error(`A run cannot go from "${from}" to "${to}"`);
}

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

/** What a script shows until it takes it away again. */
export const Shown = z.object({
  /** What is being worked on, or null. */
  loading: z.string().nullable(),
  /** Windows, as they were opened and changed since; questions may come from them. */
  windows: z.array(z.object({ id: z.string(), params: z.record(z.string(), z.unknown()) })),
});
export type Shown = z.infer<typeof Shown>;

/** Who has an NVIDIA card open: a run, named by its script, else a program; null when it cannot be seen from here. */
const GpuHolder = z.object({
  pid: z.number(),
  name: z.string().nullable(),
  run: RunId.nullable(),
  /** Null when the driver does not say whose its memory is. */
  bytes: z.number().nullable(),
});
export type GpuHolder = z.infer<typeof GpuHolder>;

/** What became of the memory on NVIDIA cards that the run's programs held. */
const GpuEnding = z.object({
  freedBytes: z.number(),
  /** Told by what the cards held in all, before and after: the driver does not say whose it was. */
  isEstimate: z.boolean(),
  /** What is held afterwards, by whomever. */
  heldBytes: z.number(),
  holders: z.array(GpuHolder),
});
export type GpuEnding = z.infer<typeof GpuEnding>;

/** What ending a run's programs takes, or took: how "stopped" is known to be true. */
export const Ending = z.object({
  /** Processes that were told to end, and of those how many had to be killed. */
  processes: z.number(),
  killed: z.number(),
  /** Those that are still there; none once the run has ended, unless the system itself cannot end them. */
  left: z.number(),
  /** Ports that the run listened on: given back, and still held by somebody. */
  portsClosed: z.array(z.number()),
  portsOpen: z.array(z.number()),
  /** Only where they had an NVIDIA card open. */
  gpu: GpuEnding.optional(),
  tookMs: z.number(),
});
export type Ending = z.infer<typeof Ending>;

/** What a run's programs serve, found from outside: nothing its script has to tell. */
export const Serving = z.object({
  /** TCP ports that they listen on. */
  ports: z.array(z.number()),
  /** The page that answers, or the one that should. */
  url: z.string().nullable(),
  isAnswering: z.boolean(),
});
export type Serving = z.infer<typeof Serving>;

/** A start that nobody has to ask for. */
export const Again = z.object({ at: z.string(), attempt: z.number(), most: z.number() });
export type Again = z.infer<typeof Again>;

/** Programs of a run that the system ended because they used more memory than the app may. */
export const OverMemory = z.object({ programs: z.number(), limitBytes: z.number().nullable() });
export type OverMemory = z.infer<typeof OverMemory>;

/** A script being run, or one that was. */
export const Run = z.object({
  id: RunId,
  /** Null for a script outside `<home>/api`. */
  appId: AppId.nullable(),
  /** Path of the script below `<home>/api`, such as `comfyui/start.js`. */
  script: z.string(),
  action: z.string(),
  state: z.enum(RUN_STATES),
  /** Apps that must be ready before it starts; none once it has been started. */
  waitsFor: z.array(z.string()).optional(),
  /** True once the script is known to stay up after its last step. */
  daemon: z.boolean(),
  end: z.object({ outcome: z.enum(OUTCOMES), error: WireError.nullable(), at: z.string() }).nullable(),
  step: z
    .object({
      index: z.number(),
      total: z.number(),
      method: z.string(),
      startedAt: z.string(),
      /** Somebody is expected to type into its terminal. */
      takesInput: z.boolean().optional(),
    })
    .nullable(),
  local: z.record(z.string(), z.unknown()),
  shells: z.number(),
  /** How large its terminals are, once there was one. */
  terminal: RunTerminal.optional(),
  startedAt: z.string(),
  outputBytes: z.number(),
  /** Things a person should know that do not end the run, such as "no terminal: using pipes". */
  warnings: z.array(z.string()),
  /** The run whose step started this one. */
  parent: RunId.nullish(),
  /** What waits for a person, the oldest first. */
  questions: z.array(Question).optional(),
  /** Told by the sidecar, as long as the run lives. */
  serving: Serving.optional(),
  /** Told by the sidecar: the progress bar that its programs draw. */
  progress: Progress.optional(),
  /** Since its programs are being ended. */
  ending: Ending.optional(),
  /** Told by the sidecar: when it starts by itself what has failed, and which try of how many that is. */
  again: Again.optional(),
  /** Told by the sidecar: what is being done about its failure. */
  repairing: Repairing.optional(),
  overMemory: OverMemory.optional(),
  /** Of one that is over: the step where `runs.again` can go on. */
  failedStep: z.object({ index: z.number(), total: z.number() }).optional(),
  /** Of the script of an update that failed: what it did is undone, and the app stands as it stood before. */
  takenBack: z.literal(true).optional(),
  shown: Shown.optional(),
});
export type Run = z.infer<typeof Run>;

/** A run that is about to start. */
export const newRun = (run: Pick<Run, "id" | "appId" | "script" | "action" | "startedAt"> & Partial<Run>): Run => ({
  state: "starting",
  daemon: false,
  end: null,
  step: null,
  local: {},
  shells: 0,
  outputBytes: 0,
  warnings: [],
  ...run,
});

export const isLive = (run: Run): boolean => run.state !== "ended";

/** A script that another one started is only a part of what was wanted: that is started again as a whole. */
export function outermost(run: Run, get: (id: RunId) => Run | null): Run {
  for (let at = run; ;) {
    const above = at.parent == null ? null : get(at.parent);
    if (above === null || above.appId !== run.appId) return at;
    at = above;
  }
}

/** Whether it was part of an update that was taken back: it says nothing of how its app stands. */
export const isTakenBack = (run: Run, get: (id: RunId) => Run | null): boolean =>
  outermost(run, get).takenBack === true;

/** As they are when what was taken back is left out. */
export function withoutTakenBack(runs: readonly Run[]): Run[] {
  if (!runs.some(({ takenBack }) => takenBack === true)) return [...runs];
  const byId = new Map(runs.map((run) => [run.id, run]));
  return runs.filter((run) => !isTakenBack(run, (id) => byId.get(id) ?? null));
}

/** Where the run's web page answers, once it has told; a template that had no value is kept as text and is none. */
export function addressOf({ local }: Pick<Run, "local">): string | null {
  const url = local["url"];
  return typeof url === "string" && url !== "" && !url.includes("{{") ? url : null;
}

/** It has a page, and that does not answer. */
export const isSilent = ({ state, serving }: Pick<Run, "state" | "serving">): boolean =>
  state === "ready" && serving !== undefined && serving.url !== null && !serving.isAnswering;

/** What the script language asks about a script: `script status`. */
export const ScriptStatus = z.object({
  running: z.boolean(),
  ready: z.boolean(),
  local: z.record(z.string(), z.unknown()).nullable(),
  shells: z.number(),
});
export type ScriptStatus = z.infer<typeof ScriptStatus>;
