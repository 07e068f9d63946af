import * as z from "zod";
import { WireError } from "./errors.js";
import { Resume } from "./resume.js";
import { Run } from "./runs.js";
import { SharedScript } from "./shared.js";
import { Lacks } from "./sidecar.js";
import { RunSteps } from "./steps.js";

/**
 * Sidecar and runner. The runner listens on a socket of its own and outlives the sidecar, so a newer sidecar must
 * understand an older runner: the messages in CORE never change their meaning, whatever else is added.
 *
 * On opening: `auth`, answered with the runner's whole `state`, which is then sent again whenever it changes.
 */
export const CORE_VERSION = 1;

export const ToRunner = z.discriminatedUnion("t", [
  /** With `serves` it answers the runner's requests, as a sidecar does. */
  z.object({ t: z.literal("auth"), token: z.string(), serves: z.boolean().optional() }),
  /** Ask the script to end: interrupt, terminate, then kill what is left after `graceMs`. */
  z.object({
    t: z.literal("stop"),
    graceMs: z.number(),
    /** Why it has to end, where it then has failed; an older runner says that it was stopped. */
    failure: WireError.optional(),
  }),
  // Not of the core:
  /** The answer to a request; one of the two. */
  z.object({ t: z.literal("reply"), id: z.number(), value: z.unknown().optional(), error: WireError.optional() }),
  /** What became known of scripts, by absolute path; `whole` when all that are not named are unknown. */
  z.object({ t: z.literal("scripts"), whole: z.boolean(), scripts: z.record(z.string(), SharedScript) }),
  /** A person's answer to one of the run's questions. */
  z.object({ t: z.literal("answer"), question: z.string(), value: z.unknown().optional() }),
  /** What a person types into the terminal that was opened last. */
  z.object({ t: z.literal("type"), text: z.string() }),
  /** How large the terminals are shown. */
  z.object({ t: z.literal("resize"), columns: z.number(), rows: z.number() }),
  /** How much its programs yield to others from now on, and what a person is told of that. */
  z.object({ t: z.literal("nice"), nice: z.number(), because: z.string().nullable() }),
  /** Asks for the latest steps, those that changed after `after`. */
  z.object({ t: z.literal("steps"), id: z.number(), after: z.number() }),
]);
export type ToRunner = z.infer<typeof ToRunner>;

export const FromRunner = z.discriminatedUnion("t", [
  z.object({ t: z.literal("state"), core: z.number(), run: Run }),
  /** Output grew; the bytes are in the run's `output.log`. */
  z.object({ t: z.literal("output"), bytes: z.number() }),
  z.object({ t: z.literal("refused"), reason: z.string() }),
  // Not of the core:
  /** Asks the sidecar for something that runs share; see `shared.ts`. Sent again when another sidecar comes. */
  z.object({ t: z.literal("request"), id: z.number(), name: z.string(), params: z.unknown().optional() }),
  /** Something for the people who watch, such as a page to open; nobody need be there. */
  z.object({ t: z.literal("tell"), kind: z.string(), params: z.unknown().optional() }),
  /** What the script has changed of what others see; sent before the state that follows from it. */
  z.object({ t: z.literal("shared"), global: z.record(z.string(), z.unknown()), value: z.unknown().optional() }),
  z.object({ t: z.literal("steps"), id: z.number(), steps: RunSteps }),
]);
export type FromRunner = z.infer<typeof FromRunner>;

const RecordedProcess = z.object({ pid: z.number(), startTime: z.string(), bootId: z.string() });

/** `run.json`: what must be on disk before a run is announced, so that it can be found again. */
export const RunRecord = z.object({
  run: Run,
  socket: z.string(),
  /** Null until the runner process says who it is. */
  process: RecordedProcess.nullable(),
  /** Its parent, which adopts whatever the run starts and ends it when the runner is gone. */
  reaper: RecordedProcess.nullish(),
  version: z.string(),
  /** The boot of the machine in which it was queued, when it was. */
  queuedIn: z.string().optional(),
  /** The script's global memory, which outlives the run. */
  global: z.record(z.string(), z.unknown()).optional(),
  /** What the script's last step gave, once it is ready or over; for whoever started it. */
  value: z.unknown().optional(),
  /** Names the wish this run came from, so that asking again for it does not start it again. */
  key: z.string().nullable().default(null),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** Folders of the system's control groups that are a run's own; null for what could not be made. */
export const RunGroups = z.object({
  /** Everything of the run is in it. */
  trail: z.string().nullable(),
  /** Its programs are in these while they may only use so much. */
  memory: z.string().nullable(),
  cpu: z.string().nullable(),
});
export type RunGroups = z.infer<typeof RunGroups>;

export const groupFolders = ({ trail, memory, cpu }: RunGroups): string[] => [
  ...new Set([memory, cpu, trail].filter((folder) => folder !== null)),
];

const OwnArguments = z.object({
  program: z.array(z.string()),
  flags: z.array(
    z.object({
      flag: z.string(),
      value: z.union([z.string(), z.literal(true), z.null()]),
      alone: z.boolean().optional(),
      many: z.boolean().optional(),
    }),
  ),
});

/** In the environment of everything a run starts, so that all of it is found again, whoever its parent is by then. */
export const RUN_TOKEN_VARIABLE = "PINOKIOCLOUD_RUN";

/** The runner's second argument when its parent is the process that adopts whatever the run starts. */
export const REAPED = "--reaped";

/**
 * `request.json` in the run's folder, which is the runner's first argument: what it is to do. Its own environment is
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
  parent: Run.shape.parent,
  /** Where to tell what happens, one JSON object a line. */
  trace: z.string().optional(),
  /** Answers to what this script and those it starts will ask; the sidecar gives them out. */
  answers: z.array(z.json()).optional(),
  /** What was known of other scripts when this one was started, by absolute path. */
  scripts: z.record(z.string(), SharedScript).optional(),
  /** Goes into the record as it is. */
  key: z.string().nullable().default(null),
  /** Variables for every shell of the run, as a step's own are written. */
  env: z.record(z.string(), z.json()).optional(),
  /** Whoever asked for the run has agreed by asking, also to the scripts that this one starts. */
  consent: z.boolean().optional(),
  /** Whoever asked for the run is a program: nothing but the script itself asks a person anything. */
  unattended: z.boolean().optional(),
  /** Started by a script, as a program: JavaScript that exports nothing is run then. */
  program: z.boolean().optional(),
  /** Name of the platform, such as `colab`. */
  platform: z.string().default("local"),
  /** The folder that outlives the machine, where the platform has one. */
  vault: z.string().nullable().default(null),
  /** Below which path a person's browser reaches ports, with `{port}` in it; not there where it reaches them directly. */
  pagePath: z.string().optional(),
  /** Whether `net.*` may ask link-local addresses, behind which clouds keep a machine's secrets. */
  mayAskLinkLocal: z.boolean().default(false),
  /** What a person wants of its commands besides what the script says; see `own-arguments`. */
  ownArguments: z.array(OwnArguments).default([]),
  /** Names of the home's secrets that its app asks for: their values are in no request. */
  secrets: z.array(z.string()).default([]),
  /** Where git finds what lets it in at the address that its app came from: the login itself is in no request. */
  gitLogin: z.object({ origin: z.string(), file: z.string() }).optional(),
  groups: RunGroups.optional(),
  /** Where it goes on with what an earlier run has failed to do. */
  resume: Resume.optional(),
  lacks: Lacks.default({ links: false, space: false }),
  /** How much its programs yield to others at first. */
  nice: z.number().default(0),
  /** How much of its output is kept. */
  outputMB: z.number().optional(),
});
export type RunRequest = z.infer<typeof RunRequest>;
