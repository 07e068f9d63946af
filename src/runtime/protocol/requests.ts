import * as z from "zod";
import { APP_FILE_REQUESTS } from "./app-file-requests.js";
import { AppSettingsChange, AppSettingsNow } from "./app-settings.js";
import { App, Inspection, Menu } from "./apps.js";
import { CATALOG_REQUESTS } from "./catalog-requests.js";
import { CHANGE_REQUESTS } from "./change-requests.js";
import { CONFIG_REQUESTS } from "./config-requests.js";
import { ENVIRONMENT_REQUESTS } from "./environment-requests.js";
import { Failure, RepairChoice, RepairPreview, RepairResult } from "./failures.js";
import { Folder } from "./files.js";
import { FIRST_REQUESTS } from "./first-requests.js";
import { FREEING_REQUESTS } from "./freeing.js";
import { INSTALL_REQUESTS } from "./install-requests.js";
import { Job } from "./jobs.js";
import { AppId, RunId, StreamId } from "./ids.js";
import { LIBRARY_REQUESTS } from "./library-requests.js";
import { Machine, StorageUse } from "./machine.js";
import { MODEL_REQUESTS } from "./models.js";
import { PACKAGE_REQUESTS } from "./package-requests.js";
import { Run, ScriptStatus } from "./runs.js";
import { SidecarStatus } from "./sidecar.js";
import { RunSteps } from "./steps.js";
import { SYSTEM_REQUESTS } from "./system-requests.js";
import { MOST_SCROLLBACK, Screen, WantedTerminalSize } from "./terminal.js";
import { Usage, UsageHistory } from "./usage.js";

const nothing = z.object({});

/** Says which run is meant: its id, or the script it runs (absolute, or below `<home>/api`). */
const WhichRun = z.union([z.object({ runId: RunId }), z.object({ script: z.string().min(1) })]);

/** Everything a client can ask the sidecar: what goes in and what comes back. A new request starts here. */
export const REQUESTS = {
  "sidecar.status": { params: nothing, reply: SidecarStatus },
  /** Ends the sidecar only; runs go on. */
  "sidecar.end": { params: nothing, reply: nothing },
  /** Ends every run, then the sidecar. */
  "sidecar.down": { params: nothing, reply: z.object({ stopped: z.array(RunId) }) },
  "notices.dismiss": { params: z.object({ id: z.string() }), reply: nothing },

  "machine.facts": { params: nothing, reply: Machine },
  "storage.use": { params: nothing, reply: StorageUse },
  /** What lies in a folder of the machine, for a person who chooses. */
  "files.list": {
    params: z.object({
      /** Absolute; without it the person's own folder. One that is missing stands for the nearest above it. */
      path: z.string().startsWith("/").optional(),
      hidden: z.boolean().optional(),
      /** Of files only those that end so, such as `.png`; folders always. An empty list means no files. */
      endings: z.array(z.string()).optional(),
    }),
    reply: Folder,
  },

  /** What a page of this machine says about being shown inside of another one, by its headers. */
  "pages.framing": {
    params: z.strictObject({ url: z.string().min(1) }),
    reply: z.object({ frameOptions: z.string().nullable(), frameAncestors: z.string().nullable() }),
  },

  /**
   * Tells below which path this client's browser reaches ports of the sidecar's machine, such as
   * `/user/x/proxy/{port}`. Programs that start from now on and have to know it are told.
   */
  "pages.through": {
    params: z.strictObject({ path: z.string().regex(/^(?:\/[\w.~%@+-]+)*\/\{port\}$/) }),
    reply: nothing,
  },

  "apps.inspect": { params: z.object({ source: z.string().min(1) }), reply: Inspection },
  "apps.install": {
    params: z.object({
      source: z.string().min(1),
      name: AppId.optional(),
      /** The fingerprint a person agreed to, from `apps.inspect`. */
      agreed: z.string(),
      /** Which of the ways to install it is wanted, by its script. */
      script: z.string().optional(),
      /** True when nobody is there to be asked what the script itself does not ask. */
      unattended: z.boolean().optional(),
      /** Whoever asks has seen the catalog's warning. */
      despiteWarning: z.boolean().optional(),
      /** It is to leave no trace in the end; see `studio.end`. */
      studio: z.boolean().optional(),
    }),
    /** `runId` is the install script's run; null when it has not begun, there is none, or a person has to choose. */
    reply: z.object({ appId: AppId, runId: RunId.nullable(), job: Job }),
  },
  "apps.agree": { params: z.object({ appId: AppId, fingerprint: z.string() }), reply: nothing },
  "apps.list": { params: nothing, reply: z.array(App) },
  "apps.menu": { params: z.object({ appId: AppId }), reply: Menu },
  /** What a person has decided for an app, and how limits among that are enforced. */
  "apps.settings": { params: z.strictObject({ app: AppId }), reply: AppSettingsNow },
  /** Writes it down; everybody hears of it with the app. */
  "apps.setSettings": { params: z.strictObject({ app: AppId, settings: AppSettingsChange }), reply: AppSettingsNow },

  "runs.start": {
    params: z.object({
      /** Absolute, or below `<home>/api`; a bare app folder stands for its default menu item. */
      script: z.string().min(1),
      action: z.string().optional(),
      input: z.json().optional(),
      /** Chosen by a client that may have to ask twice: the same key never starts a second run. */
      key: z.string().min(8).max(64).optional(),
      /** True when asking for this is itself the consent, as `script run` is on a command line. */
      consent: z.boolean().optional(),
      /** As in `apps.install`. */
      unattended: z.boolean().optional(),
      /** Absolute path of a file that gets one line for everything that happens, also in scripts it starts. */
      trace: z.string().startsWith("/").optional(),
      /** Answers to what the script and those it starts will ask, in order. */
      answers: z.array(z.json()).optional(),
    }),
    /** `already` is true when the script was running and nothing was started. */
    reply: z.object({ run: Run, already: z.boolean() }),
  },
  "runs.stop": { params: WhichRun, reply: z.object({ run: Run.nullable() }) },
  /** Answers once the run is ready or over or waits for a person, or after `waitMs` with the state it is in then. */
  "runs.wait": {
    params: z.object({ runId: RunId, waitMs: z.number().min(0).max(60_000) }),
    /** `waiting` when it, or a script it has started, waits for a person. */
    reply: Run.extend({ waiting: z.boolean().optional() }),
  },
  /** Refused with `answered-already` when somebody else was faster. */
  "runs.answer": {
    params: z.object({ runId: RunId, question: z.string(), value: z.json().optional() }),
    reply: nothing,
  },
  /** For who looks at a run's steps: those that changed after `after`. Null when they are not known. */
  /** Types into the terminal that the run opened last: "\r" is the Enter key, "\u0003" is Ctrl-C. */
  "runs.type": { params: z.object({ runId: RunId, text: z.string().min(1).max(65_536) }), reply: nothing },
  /** How large the run's terminals are shown; of several viewers the last one decides. */
  "runs.resize": { params: WantedTerminalSize.extend({ runId: RunId }), reply: nothing },
  "runs.steps": {
    params: z.object({ runId: RunId, after: z.number().int().nonnegative().optional() }),
    reply: RunSteps.nullable(),
  },
  /** Why a run failed, as far as its output and the machine tell; null when they do not, or it did not fail. */
  "runs.diagnose": { params: z.object({ runId: RunId }), reply: Failure.nullable() },
  /** What one of the repairs would do that the run's failure offers; nothing is changed. */
  "runs.repairPreview": { params: z.object({ runId: RunId, repair: RepairChoice }), reply: RepairPreview },
  /** Carries one out. `given` is what the person gave for it, such as a token. */
  "runs.repair": {
    params: z.object({ runId: RunId, repair: RepairChoice, given: z.string().max(10_000).optional() }),
    reply: RepairResult,
  },
  /** Ends the repair of a run where that leaves nothing half done; false where none works, or it has to go on. */
  "runs.cancelRepair": { params: z.object({ runId: RunId }), reply: z.object({ cancelled: z.boolean() }) },
  /**
   * Starts what failed again, as it was asked for then: from its beginning, or from the step that failed where that was
   * kept (`failedStep` of the run) and no script has changed since.
   */
  "runs.again": {
    params: z.object({ runId: RunId, from: z.enum(["beginning", "failed-step"]).optional() }),
    reply: z.object({ run: Run, already: z.boolean() }),
  },
  /**
   * Stops a run and, once nothing of it is left, starts the same script again with what it was given. One that is part of
   * a run that goes on stands for that; one that is over is started only.
   */
  "runs.restart": { params: z.object({ runId: RunId }), reply: z.object({ run: Run, already: z.boolean() }) },
  /** With `fresh`, apps that were said to answer are asked whether they still do. */
  "runs.list": { params: z.object({ fresh: z.boolean().optional() }), reply: z.array(Run) },
  "runs.find": { params: WhichRun, reply: Run.nullable() },
  "script.status": { params: z.object({ script: z.string().min(1) }), reply: ScriptStatus },

  /** What the machine and the runs use now. */
  "usage.now": { params: nothing, reply: Usage },
  /** What a run, or without one the machine, has used in the last quarter of an hour. */
  "usage.history": { params: z.object({ runId: RunId.nullish() }), reply: UsageHistory },

  "output.open": {
    params: z.object({
      /** Chosen by the client, so that it knows the stream before the first byte arrives. */
      stream: StreamId,
      runId: RunId,
      /** First byte wanted; a negative number counts back from the end. */
      offset: z.number().int(),
      /** Bytes that may be sent before more credit is given. */
      credit: z.number().int().positive(),
    }),
    /** Where the stream begins, and how much there is so far. */
    reply: z.object({ offset: z.number(), size: z.number() }),
  },
  /** What a run's terminal shows, with so many lines that have left it; a stream from its offset goes on from there. */
  "output.screen": {
    params: z.object({ runId: RunId, scrollback: z.number().int().min(0).max(MOST_SCROLLBACK) }),
    reply: Screen,
  },
  /** Lines of a run's output that hold a text, the first ones first. */
  "output.search": {
    params: z.object({ runId: RunId, text: z.string().min(1).max(500), most: z.number().int().min(1).max(1_000) }),
    reply: z.object({
      lines: z.array(z.object({ offset: z.number(), text: z.string() })),
      isMore: z.boolean(),
      /** Bytes of earlier output that are not there any more. */
      goneBytes: z.number().optional(),
    }),
  },
  "output.close": { params: z.object({ stream: StreamId }), reply: nothing },

  ...FIRST_REQUESTS,
  ...CATALOG_REQUESTS,
  ...INSTALL_REQUESTS,
  ...LIBRARY_REQUESTS,
  ...CHANGE_REQUESTS,
  ...APP_FILE_REQUESTS,
  ...ENVIRONMENT_REQUESTS,
  ...PACKAGE_REQUESTS,
  ...MODEL_REQUESTS,
  ...FREEING_REQUESTS,
  ...CONFIG_REQUESTS,
  ...SYSTEM_REQUESTS,
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;

export type RequestName = keyof typeof REQUESTS;
export type ParamsOf<Name extends RequestName> = z.input<(typeof REQUESTS)[Name]["params"]>;
/** What a handler receives: parameters after validation. */
export type CheckedParamsOf<Name extends RequestName> = z.output<(typeof REQUESTS)[Name]["params"]>;
export type ReplyOf<Name extends RequestName> = z.output<(typeof REQUESTS)[Name]["reply"]>;
