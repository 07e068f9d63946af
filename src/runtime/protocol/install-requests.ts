import * as z from "zod";
import { App } from "./apps.js";
import { LeftToken } from "./changes.js";
import { AppId, JobId, RunId } from "./ids.js";
import { Job } from "./jobs.js";

const WhichJob = z.strictObject({ jobId: JobId });
const WhichSource = z.strictObject({ source: z.string().min(1) });

/** A file that an app has made. */
export const MadeFile = z.object({
  /** Below the app's folder, by the app's own link where it lies on the drive. */
  path: z.string(),
  bytes: z.number(),
  /** The folder of the drive that it lies in. */
  drive: z.string().optional(),
});
export type MadeFile = z.infer<typeof MadeFile>;

/** A folder of the drive that an app has links to. */
export const DriveFolder = z.object({
  /** Below the home. */
  folder: z.string(),
  files: z.number(),
  bytes: z.number(),
  /** What of that the app has made, where the folder may go; the rest was there before. */
  madeFiles: z.number(),
  madeBytes: z.number(),
  /** Others that have links to it. */
  usedBy: z.array(z.string()),
  /** It is the app's alone, and goes with it where a person wants that. */
  mayGo: z.boolean(),
});
export type DriveFolder = z.infer<typeof DriveFolder>;

/** What can be asked about installing, and about long pieces of work. */
export const INSTALL_REQUESTS = {
  /**
   * Begins to fetch what lies elsewhere, so that `apps.inspect` answers at once; `job` is null when it is here.
   * `token` is for a private repository, and is kept where it was right.
   */
  "apps.fetch": {
    params: z.strictObject({ source: z.string().min(1), token: z.string().min(1).max(10_000).optional() }),
    reply: z.object({ job: Job.nullable() }),
  },
  /** The app of that name, or from there, whose installation has begun and is not over. */
  "apps.unfinished": { params: WhichSource, reply: z.object({ app: App.nullable() }) },
  /** A person does not want what was fetched from there: it is removed. */
  "apps.refuse": { params: WhichSource, reply: z.object({}) },
  /** Runs the install script of an app whose installation was cut off or failed. */
  "apps.resume": {
    params: z.strictObject({ appId: AppId, script: z.string().optional(), unattended: z.boolean().optional() }),
    reply: z.object({ appId: AppId, runId: RunId.nullable(), job: Job }),
  },
  /** What an app that is to leave no trace has made, the largest first. */
  "studio.files": {
    params: z.strictObject({ appId: AppId }),
    reply: z.object({
      files: z.array(MadeFile),
      totalFiles: z.number(),
      totalBytes: z.number(),
      /** Folders of the drive that it has links to and that hold files. */
      drive: z.array(DriveFolder).default([]),
      /** Stays in the end; null for none. */
      token: LeftToken.nullable().default(null),
    }),
  },
  /** Keeps these files, then removes everything else of the app for good. Its job tells how much came back. */
  "studio.end": {
    params: z.strictObject({
      appId: AppId,
      /** All: what lies on the drive is kept where it is, or with the others where its folder goes. */
      keep: z.union([z.literal("all"), z.array(z.string()).max(100_000)]),
      /** Folders of the drive that go too, as `studio.files` names those that may. */
      drive: z.array(z.string()).max(1_000).default([]),
      /** Where they go: an absolute path; without it a folder of the app's name in the person's own. */
      to: z.string().startsWith("/").optional(),
    }),
    reply: z.object({ job: Job, keptIn: z.string().nullable() }),
  },
  "jobs.list": { params: z.strictObject({}), reply: z.array(Job) },
  /** Answers once the job is over, or after `waitMs` with the state it is in then. */
  "jobs.wait": { params: WhichJob.extend({ waitMs: z.number().min(0).max(60_000) }), reply: Job },
  /** Answers when it has come to its end. */
  "jobs.cancel": { params: WhichJob, reply: Job },
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;
