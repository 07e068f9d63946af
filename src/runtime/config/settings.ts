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
  cgroups: z
    .enum(["auto", "never"])
    .optional()
    .describe("Whether the system's control groups are used where that is possible: auto or never"),
  systemPackages: z
    .enum(["ask", "always", "never"])
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
  apps: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("What is decided for single apps, by the folder's name; each is looked at by itself"),
});
export type SettingsSpec = z.infer<typeof SettingsSpec>;

/** What the rest of the code reads; every field decided. */
export interface Settings {
  idleMinutes: number;
  /** Of apps that have no time of their own. */
  stopGraceMs: number;
  useCgroups: boolean;
  systemPackages: "ask" | "always" | "never";
  /** Null for where micromamba publishes it. */
  condaUrl: string | null;
  condaSha256: string | null;
  linkLocalApps: readonly string[];
}

const DEFAULT_IDLE_MINUTES = 30;
const DEFAULT_GRACE_SECONDS = 10;

/** The environment wins over the file: it is how one start is made different. */
export function resolveSettings(spec: SettingsSpec, env: Readonly<Record<string, string | undefined>>): Settings {
  const fromEnvironment = Number(readVariable("PINOKIOCLOUD_IDLE_MINUTES", env) ?? Number.NaN);
  return {
    idleMinutes: fromEnvironment >= 0 ? fromEnvironment : (spec.idleMinutes ?? DEFAULT_IDLE_MINUTES),
    stopGraceMs: (spec.stopGraceSeconds ?? DEFAULT_GRACE_SECONDS) * 1000,
    useCgroups: spec.cgroups !== "never",
    systemPackages: spec.systemPackages ?? "ask",
    condaUrl: spec.condaUrl ?? null,
    condaSha256: spec.condaSha256 ?? null,
    linkLocalApps: spec.linkLocalApps ?? [],
  };
}
