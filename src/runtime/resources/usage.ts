import { cpus } from "node:os";
import type { RunUsage, Usage, UsageHistory } from "../protocol/usage.js";
import { GpuShares } from "./gpu-shares.js";
import type { GpuUse } from "./gpu-use.js";
import { type Counters, readCounters, readMemory, SYSTEM, type SystemFolders } from "./machine-counters.js";
import { coresBetween, type ProcessUse, processUse, TICKS_PER_SECOND } from "./process-use.js";

export interface UsageWorld {
  /** The live runs, with every process of theirs. */
  runs(): { id: string; pids: readonly number[] }[];
  disk(): Promise<{ freeBytes: number; totalBytes: number }>;
  gpu(): Promise<GpuUse>;
  /** Whether a process has a graphics card open; null when nobody may look. */
  opensGpu?: (pid: number) => boolean | null;
  now?: () => number;
  folders?: SystemFolders;
}

/** Whoever asks again within this time gets the same answer. */
const SAME_WITHIN_MS = 900;
/** A quarter of an hour, a point every five seconds. */
const POINT_EVERY_MS = 5_000;
const POINTS = 180;
const MACHINE = "machine";

interface Sample {
  counters: Counters;
  runs: ReadonlyMap<string, ProcessUse>;
}

interface Point {
  cpu: number | null;
  memoryBytes: number;
  gpuMemoryBytes: number | null;
}

/** Measures when it is asked, and remembers what it measured for a quarter of an hour. */
export class UsageMeter {
  readonly #world: UsageWorld;
  readonly #now: () => number;
  readonly #folders: SystemFolders;
  #last: Sample | null = null;
  #answer: { at: number; usage: Promise<Usage> } | null = null;
  readonly #gpuShares: GpuShares;
  #points: { at: number; rows: Map<string, Point> }[] = [];

  constructor(world: UsageWorld) {
    this.#world = world;
    this.#now = world.now ?? Date.now;
    this.#folders = world.folders ?? SYSTEM;
    this.#gpuShares = new GpuShares(world.opensGpu);
  }

  /** `isBrief` leaves out the graphics cards: a look in the background must not start programs. */
  usage({ isBrief = false } = {}): Promise<Usage> {
    const at = this.#now();
    if (this.#answer !== null && isWithin(SAME_WITHIN_MS, this.#answer.at, at)) return this.#answer.usage;
    const usage = this.#measure(at, isBrief);
    if (!isBrief) this.#answer = { at, usage };
    return usage;
  }

  /** Of a run, or with null of the machine. */
  history(run: string | null): UsageHistory {
    const key = run ?? MACHINE;
    const rows = this.#points.map(({ rows: all }) => all.get(key) ?? null);
    return {
      at: this.#points.map(({ at }) => new Date(at).toISOString()),
      cpu: rows.map((row) => row?.cpu ?? null),
      memoryBytes: rows.map((row) => row?.memoryBytes ?? null),
      gpuMemoryBytes: rows.map((row) => row?.gpuMemoryBytes ?? null),
    };
  }

  async #measure(at: number, isBrief: boolean): Promise<Usage> {
    const runs = this.#world.runs();
    const [disk, gpu] = await Promise.all([this.#world.disk(), isBrief ? null : this.#world.gpu()]);
    const counters = readCounters(this.#folders, at);
    const used = new Map(runs.map(({ id, pids }) => [id, processUse(pids, this.#folders.proc)]));
    const shareOf = this.#gpuShares.of(runs, gpu);
    const before = this.#last;
    this.#last = { counters, runs: used };
    const elapsed = before === null ? 0 : at - before.counters.atMs;
    const rate = (name: "busyTicks" | "receivedBytes" | "sentBytes"): number | null =>
      before === null || elapsed <= 0 ? null : Math.max(0, counters[name] - before.counters[name]) / (elapsed / 1_000);
    const busy = rate("busyTicks");
    const cores = cpus().length;
    const usage: Usage = {
      at: new Date(at).toISOString(),
      cpu: { used: busy === null ? null : Math.min(cores, busy / TICKS_PER_SECOND), cores },
      memory: readMemory(this.#folders),
      disk,
      network: { in: rate("receivedBytes"), out: rate("sentBytes") },
      gpus: gpu?.gpus ?? [],
      runs: Object.fromEntries(
        runs.map(({ id }): [string, RunUsage] => {
          const use = used.get(id);
          const earlier = before?.runs.get(id);
          return [
            id,
            {
              processes: use?.processes ?? 0,
              cpu: use === undefined || earlier === undefined ? null : coresBetween(earlier, use, elapsed),
              memoryBytes: use?.memoryBytes ?? 0,
              ...shareOf(id),
            },
          ];
        }),
      ),
    };
    this.#remember(at, usage, gpu !== null);
    return usage;
  }

  #remember(at: number, usage: Usage, hasGpu: boolean): void {
    const latest = this.#points.at(-1);
    if (latest !== undefined && isWithin(POINT_EVERY_MS, latest.at, at)) return;
    const rows = new Map<string, Point>();
    const gpuBytes = usage.gpus.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    rows.set(MACHINE, {
      cpu: usage.cpu.used,
      memoryBytes: usage.memory.usedBytes,
      gpuMemoryBytes: hasGpu && usage.gpus.length > 0 ? gpuBytes : null,
    });
    for (const [id, { cpu, memoryBytes, gpuMemoryBytes }] of Object.entries(usage.runs)) {
      rows.set(id, { cpu, memoryBytes, gpuMemoryBytes });
    }
    this.#points = [...this.#points.filter((point) => isWithin(POINTS * POINT_EVERY_MS, point.at, at)), { at, rows }];
  }
}

/** A clock that was set back leaves moments behind that have not come yet: they are as old as can be. */
const isWithin = (ms: number, before: number, now: number): boolean => before <= now && now - before < ms;
