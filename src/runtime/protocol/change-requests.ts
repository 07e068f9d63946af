import * as z from "zod";
import { RemovalPreview, TrashEntry, UpdateLook } from "./changes.js";
import { AppId } from "./ids.js";
import { Job } from "./jobs.js";

const WhichApp = z.strictObject({ appId: AppId });
const Removal = WhichApp.extend({
  /** A person's files go to the trash too. */
  all: z.boolean().optional(),
});
/** Without entries it is all that was removed, never what is kept. */
const WhichEntries = z.strictObject({
  entries: z.array(z.string().min(1)).min(1).optional(),
  olderThanDays: z.number().nonnegative().optional(),
});
/** `entry` is what undoes it when it is restored from the trash. */
const Ordered = z.object({ job: Job, entry: z.string() });

/** Updates, resets and uninstalls of apps, and what they leave in the trash. */
export const CHANGE_REQUESTS = {
  /** Asks where the app came from what is new. */
  "apps.updateLook": { params: WhichApp, reply: UpdateLook },
  "apps.update": {
    params: WhichApp.extend({
      /** The fingerprint of the scripts that a person agreed to, from `apps.updateLook`; null where none changes. */
      agreed: z.string().nullable(),
      /** As in `apps.install`. */
      unattended: z.boolean().optional(),
    }),
    reply: Ordered,
  },
  "apps.uninstallPreview": { params: WhichApp, reply: RemovalPreview },
  "apps.uninstall": {
    params: Removal.extend({
      /** Also while others need it. */
      despiteUse: z.boolean().optional(),
    }),
    reply: Ordered,
  },
  "apps.resetPreview": { params: WhichApp, reply: RemovalPreview },
  "apps.reset": {
    params: Removal.extend({
      /** Its install script runs again afterwards. */
      install: z.boolean().optional(),
      /** As in `apps.install`. */
      unattended: z.boolean().optional(),
    }),
    reply: Ordered,
  },
  /** What was removed and can be had back, and files of a person that apps have left; the latest first. */
  "trash.list": { params: z.strictObject({}), reply: z.array(TrashEntry) },
  /** Puts an entry back where it was; nothing that is there now is overwritten. */
  "trash.restore": { params: z.strictObject({ entry: z.string().min(1) }), reply: z.object({ job: Job }) },
  /** What comes back when these are removed: more than the sum of each, where they hold the same files. */
  "trash.size": { params: WhichEntries, reply: z.object({ bytes: z.number() }) },
  /** Removes for good. */
  "trash.empty": {
    params: WhichEntries,
    /** `bytes` come back once the job is done. */
    reply: z.object({ job: Job, bytes: z.number() }),
  },
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;
