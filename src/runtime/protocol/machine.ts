import * as z from "zod";
import { PlatformPolicy } from "./system.js";

/** What a platform keeps, how long it lets work, how it lets apps be reached, and what it forbids. */
export const MachineRule = z.object({
  about: z.enum(["files", "session", "addresses", "forbidden"]),
  text: z.string(),
  /** Month and year in which that was so; null where it does not change. */
  asOf: z.string().nullable(),
});
export type MachineRule = z.infer<typeof MachineRule>;

/** The machine the sidecar runs on. Sizes in bytes. */
export const Machine = z.object({
  /** Name and label of the platform, such as `colab` and `Google Colab`. */
  platform: z.string(),
  platformLabel: z.string(),
  /** One sentence: what outlives this machine and what does not. */
  keeps: z.string(),
  rules: z.array(MachineRule).default([]),
  policy: PlatformPolicy.nullable().default(null),
  /** The folder that outlives the machine; null where there is none, or while it is not there. */
  vault: z.string().nullable().default(null),
  os: z.string(),
  arch: z.string(),
  cpu: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  gpus: z.array(z.object({ name: z.string(), memoryBytes: z.number().nullable(), driver: z.string().nullable() })),
  python: z.string().nullable(),
  disk: z.object({ path: z.string(), freeBytes: z.number(), totalBytes: z.number() }),
});
export type Machine = z.infer<typeof Machine>;

/** What takes room in the home, by kind. */
export const StorageUse = z.object({
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }),
  kinds: z.array(z.object({ kind: z.string(), label: z.string(), path: z.string(), bytes: z.number() })),
});
export type StorageUse = z.infer<typeof StorageUse>;

/** The graphics card that scripts decide by, in their names for it. */
export const Graphics = z.object({
  gpu: z.string(),
  gpus: z.array(z.object({ name: z.string(), model: z.string(), driver: z.string().nullable() })),
  gpu_model: z.string().optional(),
  gpu_driver: z.string().nullable(),
  gpu_target: z.string().nullable(),
  /** Whole gigabytes; 0 when unknown. */
  vram: z.number(),
});
export type Graphics = z.infer<typeof Graphics>;
