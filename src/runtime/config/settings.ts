import * as z from "zod";
import { readVariable } from "./environment-variables.js";

/** What a person may write into `<home>/settings.json`; every field optional. */
export const SettingsSpec = z.object({
  idleMinutes: z
    .number()
    .min(0)
    .optional()
    .describe("Minutes without a client and a live run after which the sidecar ends; 0 means never"),
  stopGraceSeconds: z.number().min(0).optional().describe("How long an app may take to stop before it is killed"),
});
export type SettingsSpec = z.infer<typeof SettingsSpec>;

/** What the rest of the code reads; every field decided. */
export interface Settings {
  idleMinutes: number;
  stopGraceMs: number;
}

const DEFAULT_IDLE_MINUTES = 30;
const DEFAULT_GRACE_SECONDS = 10;

/** The environment wins over the file: it is how one start is made different. */
export function resolveSettings(spec: SettingsSpec, env: Readonly<Record<string, string | undefined>>): Settings {
  const fromEnvironment = Number(readVariable("PINOKIOCLOUD_IDLE_MINUTES", env) ?? Number.NaN);
  return {
    idleMinutes: fromEnvironment >= 0 ? fromEnvironment : (spec.idleMinutes ?? DEFAULT_IDLE_MINUTES),
    stopGraceMs: (spec.stopGraceSeconds ?? DEFAULT_GRACE_SECONDS) * 1000,
  };
}
