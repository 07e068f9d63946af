import * as z from "zod";
import { AppSettings, AppSettingsNow, EveryApp } from "./app-settings.js";
import { ConfigField } from "./config.js";
import { AppId } from "./ids.js";

/** What can be set for all apps and for PinokioCloud itself. */
export const SettingsForm = z.object({
  /** Where it is written. */
  file: z.string(),
  sections: z.array(
    z.object({ id: z.string(), title: z.string(), notes: z.array(z.string()), fields: z.array(ConfigField) }),
  ),
});
export type SettingsForm = z.infer<typeof SettingsForm>;

/** What apps may use of the machine, and who sees to it. */
export const LimitList = z.object({
  /** What all of them have together: the machine, or less where a container is given less. */
  machine: z.object({
    memoryBytes: z.number(),
    cores: z.number(),
    diskFreeBytes: z.number(),
    diskTotalBytes: z.number(),
  }),
  /** Below so much free disk it is said. */
  diskWarningBytes: z.number(),
  /** Of runs that start from now on. */
  enforced: AppSettingsNow.shape.enforced,
  everyApp: EveryApp,
  /** Apps of which something is decided. */
  apps: z.array(
    z.object({
      app: AppId,
      settings: AppSettings,
      /** What its folder takes, where it has a budget and that was measured. */
      diskUsedBytes: z.number().nullable(),
    }),
  ),
});
export type LimitList = z.infer<typeof LimitList>;

/** What a platform's rules want a person to know before they go on. */
export const PlatformPolicy = z.object({
  /** Another one when the rules, or what we know of them, have changed. */
  id: z.string(),
  text: z.string(),
  /** Month and year in which it was looked up. */
  asOf: z.string(),
  /** The platform's own words. */
  href: z.string().nullable(),
});
export type PlatformPolicy = z.infer<typeof PlatformPolicy>;

/** How far a person is with the first minutes; the same for everybody who looks at this home. */
export const FirstSteps = z.object({
  /** They were gone through, or put away. */
  isOver: z.boolean(),
  /** Null where there is none, or it has been read. */
  policy: PlatformPolicy.nullable(),
});
export type FirstSteps = z.infer<typeof FirstSteps>;
