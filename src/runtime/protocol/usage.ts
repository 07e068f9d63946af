import * as z from "zod";

/** What one graphics card does. */
const GpuUsage = z.object({
  name: z.string(),
  /** Share of its time, 0 to 1. */
  busy: z.number().nullable(),
  memoryBytes: z.number(),
  totalBytes: z.number(),
});

/** What a run's programs use, all of them together. */
export const RunUsage = z.object({
  processes: z.number(),
  /** In cores: 1.5 is one and a half. Null until there are two samples to compare. */
  cpu: z.number().nullable(),
  memoryBytes: z.number(),
  /** Null where there is no graphics card, or where nobody can tell. */
  gpuMemoryBytes: z.number().nullable(),
  /** The card does not say whose memory it is: what it holds more than when no run had it open. */
  isGpuEstimate: z.boolean(),
  /** How busy it keeps the cards, in cards: 0.5 is half of one. Where they do not tell, what the whole machine does. */
  gpuWork: z.object({ busy: z.number(), of: z.enum(["run", "machine"]) }).nullish(),
});
export type RunUsage = z.infer<typeof RunUsage>;

/** What is used now. Sizes in bytes, rates in bytes a second. */
export const Usage = z.object({
  at: z.string(),
  cpu: z.object({ used: z.number().nullable(), cores: z.number() }),
  memory: z.object({ usedBytes: z.number(), totalBytes: z.number() }),
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }),
  network: z.object({ in: z.number().nullable(), out: z.number().nullable() }),
  gpus: z.array(GpuUsage),
  runs: z.record(z.string(), RunUsage),
});
export type Usage = z.infer<typeof Usage>;

/** The last quarter of an hour, oldest first: the same moments for every row. */
export const UsageHistory = z.object({
  at: z.array(z.string()),
  cpu: z.array(z.number().nullable()),
  memoryBytes: z.array(z.number().nullable()),
  gpuMemoryBytes: z.array(z.number().nullable()),
});
export type UsageHistory = z.infer<typeof UsageHistory>;
