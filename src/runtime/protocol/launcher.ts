import * as z from "zod";
import { MenuItem } from "./apps.js";
import { WireError } from "./errors.js";

/** What a launcher may ask about the world, as it was when its menu was wanted. */
export const LauncherFacts = z.object({
  home: z.string(),
  platform: z.string(),
  arch: z.string(),
  gpu: z.string(),
  /** Scripts that run or ran, by absolute path. */
  scripts: z.record(
    z.string(),
    z.object({
      running: z.boolean(),
      ready: z.boolean(),
      local: z.record(z.string(), z.unknown()),
      global: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});
export type LauncherFacts = z.infer<typeof LauncherFacts>;

/** From the sidecar to the launcher host, over the child process' own channel. */
export const ToLauncherHost = z.discriminatedUnion("kind", [
  /** Evaluate the app's launcher, menu included. */
  z.object({ id: z.number(), kind: z.literal("menu"), appDir: z.string(), facts: LauncherFacts }),
  /** Load the launcher and every script and say what they would run; no menu function is called. */
  z.object({
    id: z.number(),
    kind: z.literal("describe"),
    appDir: z.string(),
    /** Why no code of the app may be loaded: its code kept an earlier try from answering. */
    codeProblem: z.string().optional(),
  }),
]);
export type ToLauncherHost = z.infer<typeof ToLauncherHost>;

export const LauncherMenu = z.object({
  title: z.string(),
  description: z.string(),
  /** Absolute path of the picture, or null. */
  iconFile: z.string().nullable(),
  /** Relative to the app's folder; "" or "pinokio". */
  launcherRoot: z.string(),
  menu: z.array(MenuItem),
});
export type LauncherMenu = z.infer<typeof LauncherMenu>;

export const LauncherDescription = z.object({
  title: z.string(),
  description: z.string(),
  iconFile: z.string().nullable(),
  scripts: z.array(z.object({ path: z.string(), commands: z.array(z.string()), problem: z.string().nullable() })),
});
export type LauncherDescription = z.infer<typeof LauncherDescription>;

export const FromLauncherHost = z.discriminatedUnion("kind", [
  /** It has started; the time an app's code may take counts from here. */
  z.object({ kind: z.literal("ready") }),
  z.object({ id: z.number(), kind: z.literal("menu"), value: LauncherMenu }),
  z.object({ id: z.number(), kind: z.literal("describe"), value: LauncherDescription }),
  z.object({ id: z.number(), kind: z.literal("failed"), error: WireError }),
]);
export type FromLauncherHost = z.infer<typeof FromLauncherHost>;
