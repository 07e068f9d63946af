import * as z from "zod";
import { AppId } from "./ids.js";

export const ENVIRONMENT_KINDS = ["venv", "conda", "node"] as const;
export type EnvironmentKindName = (typeof ENVIRONMENT_KINDS)[number];

/** A program or library that decides what an environment can do. */
export const EnvironmentTool = z.object({ name: z.string(), version: z.string().nullable() });
export type EnvironmentTool = z.infer<typeof EnvironmentTool>;

/** An environment of packages on the disk, read without running anything of it. */
export const Environment = z.object({
  /** Its folder below the home, such as `api/comfyui/env`. */
  id: z.string(),
  path: z.string(),
  kind: z.enum(ENVIRONMENT_KINDS),
  /** Null where it has none or does not say. */
  python: z.string().nullable(),
  packages: z.number(),
  tools: z.array(EnvironmentTool),
  /** Why it does not work, in sentences; none when it does. */
  problems: z.array(z.string()),
  /** Null until it is added up. */
  bytes: z.number().nullable(),
  /** Of these, in files that other folders hold too: they come back only when all of them are gone. */
  sharedBytes: z.number().nullable(),
  /** Whose folder it lies in, or null. */
  app: AppId.nullable(),
  /** Apps that work with it. */
  users: z.array(AppId),
  /** Packages of the catalog that were put into it. */
  holds: z.array(z.string()),
});
export type Environment = z.infer<typeof Environment>;

export const EnvironmentList = z.object({
  environments: z.array(Environment),
  /** Where packages without an environment of their own go; null when each gets its own. */
  active: z.string().nullable(),
});
export type EnvironmentList = z.infer<typeof EnvironmentList>;

/** How often environments have changed since the sidecar began, and which one is active. */
export const EnvironmentNews = z.object({ changes: z.number(), active: z.string().nullable() });
export type EnvironmentNews = z.infer<typeof EnvironmentNews>;

export const InstalledPackage = z.object({
  name: z.string(),
  version: z.string().nullable(),
  bytes: z.number().nullable(),
  /** Where it comes from when that is no package index. */
  from: z.string().nullable(),
});
export type InstalledPackage = z.infer<typeof InstalledPackage>;

export const EnvironmentDetails = Environment.extend({ list: z.array(InstalledPackage) });
export type EnvironmentDetails = z.infer<typeof EnvironmentDetails>;
