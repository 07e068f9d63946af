import * as z from "zod";
import { taking, takingNumber } from "../protocol/taken-values.js";
import { readVariable } from "./environment-variables.js";

/** What a person may write into `<home>/settings.json`; every field optional. */
export const SettingsSpec = z.object({
  idleMinutes: takingNumber({ min: 0 })
    .optional()
    .describe("Minutes without a client and a live run after which the sidecar ends; 0 means never"),
  launchApps: z
    .boolean(taking("true or false"))
    .optional()
    .describe("Whether apps that are to come up with PinokioCloud are launched at the first start on this machine"),
  stopGraceSeconds: takingNumber({ min: 0 })
    .optional()
    .describe("How long an app may take to stop before it is killed"),
  cgroups: z
    .enum(["auto", "never"], taking("auto or never"))
    .optional()
    .describe("Whether the system's control groups are used where that is possible: auto or never"),
  diskWarningGB: takingNumber({ min: 0 })
    .optional()
    .describe("Below so much free disk it is said, with what could be freed"),
  outputMB: takingNumber({ min: 8 })
    .optional()
    .describe("How much of a run's output is kept; beyond it the oldest part goes"),
  logMB: takingNumber({ min: 1 }).optional().describe("How large the sidecar's log grows before it is begun anew"),
  systemPackages: z
    .enum(["ask", "always", "never"], taking("ask, always or never"))
    .optional()
    .describe("Whether programs that an app says it needs are installed with apt: ask a person, always or never"),
  condaUrl: z
    .string()
    .optional()
    .describe("Where conda is fetched from when a script asks for it: micromamba, or Miniforge's installer (.sh)"),
  condaSha256: z.string().optional().describe("SHA-256 of that file; without it, condaUrl with .sha256 says it"),
  linkLocalApps: z
    .array(z.string())
    .optional()
    .describe(
      "Apps whose net.* methods may ask link-local addresses, behind which clouds keep a machine's own secrets",
    ),
  everyApp: z.unknown().optional().describe("What an app may use where nothing is decided for it"),
  apps: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("What is decided for single apps, by the folder's name; each is looked at by itself"),
});
export type SettingsSpec = z.infer<typeof SettingsSpec>;

/** What the rest of the code reads; every field decided. */
export interface Settings {
  idleMinutes: number;
  launchApps: boolean;
  /** Of apps that have no time of their own. */
  stopGraceMs: number;
  useCgroups: boolean;
  diskWarningBytes: number;
  outputMB: number;
  logBytes: number;
  systemPackages: "ask" | "always" | "never";
  /** Null for where micromamba publishes it. */
  condaUrl: string | null;
  condaSha256: string | null;
  linkLocalApps: readonly string[];
}

const MB = 1024 ** 2;

/** What holds where nothing is written. */
export const USUAL_SETTINGS = {
  idleMinutes: 30,
  launchApps: true,
  stopGraceSeconds: 10,
  cgroups: "auto",
  diskWarningGB: 3,
  outputMB: 256,
  logMB: 5,
  systemPackages: "ask",
} as const satisfies SettingsSpec;

/** What the environment says of them: it wins over the file, as that is how one start is made different. */
export function idleMinutesOf(env: Readonly<Record<string, string | undefined>>): number | null {
  const written = Number(readVariable("PINOKIOCLOUD_IDLE_MINUTES", env) ?? Number.NaN);
  return written >= 0 ? written : null;
}

export function resolveSettings(spec: SettingsSpec, env: Readonly<Record<string, string | undefined>>): Settings {
  return {
    idleMinutes: idleMinutesOf(env) ?? spec.idleMinutes ?? USUAL_SETTINGS.idleMinutes,
    launchApps: spec.launchApps ?? USUAL_SETTINGS.launchApps,
    stopGraceMs: (spec.stopGraceSeconds ?? USUAL_SETTINGS.stopGraceSeconds) * 1000,
    useCgroups: spec.cgroups !== "never",
    diskWarningBytes: (spec.diskWarningGB ?? USUAL_SETTINGS.diskWarningGB) * 1024 * MB,
    outputMB: spec.outputMB ?? USUAL_SETTINGS.outputMB,
    logBytes: (spec.logMB ?? USUAL_SETTINGS.logMB) * MB,
    systemPackages: spec.systemPackages ?? USUAL_SETTINGS.systemPackages,
    condaUrl: spec.condaUrl ?? null,
    condaSha256: spec.condaSha256 ?? null,
    linkLocalApps: spec.linkLocalApps ?? [],
  };
}
