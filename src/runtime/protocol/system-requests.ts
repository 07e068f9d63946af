import * as z from "zod";
import { ConfigChange } from "./config.js";
import { FirstSteps, LimitList, SettingsForm } from "./system.js";

/** What concerns the whole home and the machine: settings, limits, and the first minutes. */
export const SYSTEM_REQUESTS = {
  "settings.form": { params: z.object({}), reply: SettingsForm },
  /** All of the changes, or none where one of them cannot be taken. They hold at once, unless their words say otherwise. */
  "settings.set": { params: z.strictObject({ changes: z.array(ConfigChange).min(1).max(100) }), reply: SettingsForm },
  "limits.list": { params: z.object({}), reply: LimitList },
  /** Written down for everybody who looks at this home. */
  "firstSteps.change": {
    params: z.strictObject({
      isOver: z.boolean().optional(),
      /** The id of a platform's policy that a person has read. */
      policyRead: z.string().max(200).optional(),
    }),
    reply: FirstSteps,
  },
} as const satisfies Record<string, { params: z.ZodType; reply: z.ZodType }>;
