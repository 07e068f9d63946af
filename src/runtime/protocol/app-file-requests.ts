import * as z from "zod";
import { AppFileOrder, AppFilePart, AppFolder } from "./app-files.js";
import { AppId } from "./ids.js";
import { APP_FILES } from "./limits.js";

/** Below the app's folder. */
const Place = z.string().max(APP_FILES.place);

/** What lies in an app's folder. Nothing outside of it can be asked for, and no link is followed. */
export const APP_FILE_REQUESTS = {
  "apps.files": {
    params: z.strictObject({
      app: AppId,
      /** Without it the app's folder itself. */
      folder: Place.optional(),
      /** Only those with this in their names, in capitals or not. */
      text: z.string().max(APP_FILES.text).optional(),
      /** Of what a person made; without it the newest first. */
      order: AppFileOrder.optional(),
      /** So many of each kind are shown at most. */
      most: z.number().int().min(1).max(APP_FILES.entries).optional(),
    }),
    reply: AppFolder,
  },
  /** Refused for what is no plain file, and for files that are nothing but secrets. */
  "apps.readFile": {
    params: z.strictObject({
      app: AppId,
      path: Place.min(1),
      offset: z.number().int().nonnegative(),
      most: z.number().int().min(1).max(APP_FILES.readBytes),
      /** Refused with `file-changed` when the file is not that one any more. */
      version: z.string().optional(),
    }),
    reply: AppFilePart,
  },
  /** Moves files that a person made into the trash; `entry` is what puts them back. */
  "apps.trashFiles": {
    params: z.strictObject({ app: AppId, paths: z.array(Place.min(1)).min(1).max(APP_FILES.moved) }),
    reply: z.object({ entry: z.string(), moved: z.number() }),
  },
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;
