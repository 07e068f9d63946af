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
  restart: z
    .record(
      z.string(),
      z.object({
        onFailure: z.boolean(),
        most: z.number().int().min(1).optional().describe("Starts within 10 minutes after which it is given up"),
      }),
    )
    .optional()
    .describe("Apps that are started again when they fail after they were ready"),
});
export type SettingsSpec = z.infer<typeof SettingsSpec>;

/** What the rest of the code reads; every field decided. */
export interface Settings {
  idleMinutes: number;
  stopGraceMs: number;
  systemPackages: "ask" | "always" | "never";
  /** Null for where micromamba publishes it. */
  condaUrl: string | null;
  condaSha256: string | null;
  linkLocalApps: readonly string[];
  /** How often each of these apps may be started again within 10 minutes of failing. */
  restartMost: ReadonlyMap<string, number>;
}

const DEFAULT_IDLE_MINUTES = 30;
const DEFAULT_GRACE_SECONDS = 10;
const DEFAULT_RESTARTS = 5;

/** The environment wins over the file: it is how one start is made different. */
export function resolveSettings(spec: SettingsSpec, env: Readonly<Record<string, string | undefined>>): Settings {
  const fromEnvironment = Number(readVariable("PINOKIOCLOUD_IDLE_MINUTES", env) ?? Number.NaN);
  return {
    idleMinutes: fromEnvironment >= 0 ? fromEnvironment : (spec.idleMinutes ?? DEFAULT_IDLE_MINUTES),
    stopGraceMs: (spec.stopGraceSeconds ?? DEFAULT_GRACE_SECONDS) * 1000,
    systemPackages: spec.systemPackages ?? "ask",
    condaUrl: spec.condaUrl ?? null,
    condaSha256: spec.condaSha256 ?? null,
    linkLocalApps: spec.linkLocalApps ?? [],
    restartMost: new Map(
      Object.entries(spec.restart ?? {}).flatMap(([app, { onFailure, most = DEFAULT_RESTARTS }]) =>
        onFailure ? [[app, most] as const] : [],
      ),
    ),
  };
}
