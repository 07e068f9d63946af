import * as z from "zod";

/** The machine the sidecar runs on. Sizes in bytes. */
export const Machine = z.object({
  /** Name and label of the platform, such as `colab` and `Google Colab`. */
  platform: z.string(),
  platformLabel: z.string(),
  /** One sentence: what outlives this machine and what does not. */
  keeps: z.string(),
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
  environments: z.array(
    z.object({ path: z.string(), app: z.string(), python: z.string().nullable(), bytes: z.number() }),
  ),
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
