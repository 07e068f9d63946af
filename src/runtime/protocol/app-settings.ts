import * as z from "zod";
import { RunId } from "./ids.js";
import { taking, takingNumber } from "./taken-values.js";

const UNITS = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3, tb: 1024 ** 4 } as const;
const LEAST_MEMORY_BYTES = 16 * UNITS.mb;

/** Bytes that are meant by `8 GB`, `512mb` or a plain number, or null. A GB of memory is 1024 MB. */
export function memoryBytesOf(written: string | number): number | null {
  if (typeof written === "number") return Number.isFinite(written) ? Math.round(written) : null;
  const [, amount, unit = "b"] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?b|[kmgt])?\s*$/i.exec(written) ?? [];
  if (amount === undefined) return null;
  const name = unit.toLowerCase().replace("i", "");
  return Math.round(
    Number(amount) * UNITS[(name.length === 1 && name !== "b" ? `${name}b` : name) as keyof typeof UNITS],
  );
}

/** As a person would write it: `8 GB`. */
export function memoryText(bytes: number): string {
  const [unit, size] = Object.entries(UNITS)
    .reverse()
    .find(([, one]) => bytes >= one) ?? ["b", 1];
  const amount = bytes / size;
  return `${Number(amount.toFixed(amount < 10 ? 2 : 1))} ${unit.toUpperCase()}`;
}

export const isMemorySize = (written: string | number): boolean => (memoryBytesOf(written) ?? 0) >= LEAST_MEMORY_BYTES;

const A_SIZE = taking("a size such as 8 GB, of at least 16 MB");
const Memory = z.union([z.number(), z.string()], A_SIZE).refine(isMemorySize, A_SIZE);

const Restart = z.strictObject({
  onFailure: z.boolean(),
  most: takingNumber({ whole: true, min: 1, max: 1_000 })
    .optional()
    .describe("Starts within 10 minutes after which it is given up"),
});

/** Clients wait two minutes for an answer, and the answer to a stop comes after it. */
const LONGEST_GRACE_SECONDS = 100;

const FIELDS = {
  restart: Restart.describe("Whether it is started again when it fails after it was ready"),
  stopGraceSeconds: takingNumber({ min: 0, max: LONGEST_GRACE_SECONDS }).describe(
    "How long it may take to stop before it is killed",
  ),
  memory: Memory.describe("The most memory its programs may use together, such as 8 GB, or in bytes"),
  disk: Memory.describe(
    "How much of the disk its folder may take, such as 20 GB: beyond it nothing more is installed or downloaded",
  ),
  cpu: takingNumber({ min: 0.01, max: 10_000 }).describe("How many cores its programs may use together, such as 1.5"),
  nice: takingNumber({ whole: true, min: 0, max: 19 }).describe(
    "How much its programs yield to others: 0 not at all, 19 the most",
  ),
};

/** What a person has decided for one app, as it stands in `settings.json`. Every field optional. */
export const AppSettings = z.strictObject(FIELDS).partial();
export type AppSettings = z.infer<typeof AppSettings>;

/** What holds for every app of which nothing is written itself. */
export const EveryApp = AppSettings.pick({ memory: true, disk: true, cpu: true, nice: true });
export type EveryApp = z.infer<typeof EveryApp>;

/** A field that is not named stays as it is; null takes it away. */
export const AppSettingsChange = z
  .strictObject({
    restart: FIELDS.restart.nullable(),
    stopGraceSeconds: FIELDS.stopGraceSeconds.nullable(),
    memory: FIELDS.memory.nullable(),
    disk: FIELDS.disk.nullable(),
    cpu: FIELDS.cpu.nullable(),
    nice: FIELDS.nice.nullable(),
  })
  .partial();
export type AppSettingsChange = z.infer<typeof AppSettingsChange>;

/** `cgroup`: the system lets no more be used. `watched`: it is looked at every few seconds and acted upon. */
export const Enforcement = z.enum(["cgroup", "watched"]);
export type Enforcement = z.infer<typeof Enforcement>;

const enforced = z.object({ memory: Enforcement, cpu: Enforcement });

/** An app's settings, and what holds because of them. */
export const AppSettingsNow = z.object({
  /** What is written. */
  settings: AppSettings,
  /** With what holds where nothing is written; null where there is no limit, and for never. */
  holds: z.object({
    memoryBytes: z.number().nullable(),
    diskBytes: z.number().nullable().default(null),
    cpu: z.number().nullable(),
    nice: z.number(),
    stopGraceSeconds: z.number(),
    restartMost: z.number().nullable(),
  }),
  /** What its folder takes of the disk; null where nobody has looked. */
  diskUsedBytes: z.number().nullable().default(null),
  /** How limits of runs that start from now on are enforced. */
  enforced,
  /** Runs that live: how theirs are, and what takes effect only when they are started again. */
  runs: z.array(z.object({ runId: RunId, enforced, atNextStart: z.array(z.enum(["memory", "cpu", "nice"])) })),
});
export type AppSettingsNow = z.infer<typeof AppSettingsNow>;
