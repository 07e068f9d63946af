import type { AppId } from "../protocol/ids.js";
import type { AppDisk } from "../protocol/shelf.js";
import type { MeasuredDisk } from "./statistics.js";

export interface DiskWorld {
  ids(): readonly AppId[];
  measure(id: AppId, signal: AbortSignal): Promise<{ environmentsBytes: number; filesBytes: number }>;
  /** Another text when the app's folder has changed. */
  stampOf(id: AppId): Promise<string>;
  /** When a run of the app was last known to live, in ms: infinity for one that does, null for never. */
  lastRanAt(id: AppId): number | null;
  known(id: AppId): MeasuredDisk | null;
  note(id: AppId, disk: MeasuredDisk): void;
  /** Whether anybody is there to see it. */
  isWatched(): boolean;
  now(): number;
}

/** How much disk apps take: measured when somebody asks, one app after the other, and only where it may have changed. */
export interface DiskUse {
  /** What is known. The rest is measured behind the caller's back. */
  look(ids: readonly AppId[]): Record<AppId, AppDisk>;
  /** Resolves when all of them are known and true. */
  measured(ids: readonly AppId[]): Promise<Record<AppId, AppDisk>>;
  close(): void;
}

const DAY_MS = 24 * 60 * 60_000;
/** Views ask each time that something ends. */
const LOOK_EVERY_MS = 10_000;
/** What runs may write all the time. */
const WHILE_RUNNING_MS = 5 * 60_000;

export function createDiskUse(world: DiskWorld): DiskUse {
  const ending = new AbortController();
  const waiting = new Set<AppId>();
  const lookedAt = new Map<AppId, number>();
  let work: Promise<void> | null = null;
  let isAwaited = 0;

  const isStale = async (id: AppId): Promise<boolean> => {
    const known = world.known(id);
    if (known === null) return true;
    const measuredAt = Date.parse(known.measuredAt);
    const age = Math.abs(world.now() - measuredAt);
    if (!(age < DAY_MS)) return true;
    const ranAt = world.lastRanAt(id);
    if (ranAt === Infinity ? age >= WHILE_RUNNING_MS : ranAt !== null && ranAt > measuredAt) return true;
    const looked = lookedAt.get(id);
    if (looked !== undefined && Math.abs(world.now() - looked) < LOOK_EVERY_MS) return false;
    lookedAt.set(id, world.now());
    return (await world.stampOf(id)) !== known.stamp;
  };

  const measure = async (id: AppId): Promise<void> => {
    if (!(await isStale(id))) return;
    const at = world.now();
    const stamp = await world.stampOf(id); // before: what changes meanwhile makes it stale
    const size = await world.measure(id, ending.signal);
    world.note(id, { ...size, measuredAt: new Date(at).toISOString(), stamp });
  };

  const workOff = async (): Promise<void> => {
    await Promise.resolve();
    for (let [id] = waiting; id !== undefined; [id] = waiting) {
      waiting.delete(id);
      if (ending.signal.aborted || (isAwaited === 0 && !world.isWatched())) continue;
      await measure(id).catch(() => undefined); // gone meanwhile
    }
    work = null;
  };

  const ask = (ids: readonly AppId[]): Promise<void> => {
    const present = new Set(world.ids());
    for (const id of ids) if (present.has(id)) waiting.add(id);
    if (waiting.size > 0) work ??= workOff();
    return work ?? Promise.resolve();
  };

  const known = (ids: readonly AppId[]): Record<AppId, AppDisk> =>
    Object.fromEntries(
      ids.flatMap((id) => {
        const found = world.known(id);
        if (found === null) return [];
        const { stamp: _, ...disk } = found;
        return [[id, disk]];
      }),
    ) as Record<AppId, AppDisk>;

  return {
    look: (ids) => {
      void ask(ids);
      return known(ids);
    },
    measured: async (ids) => {
      isAwaited++;
      try {
        await ask(ids);
        return known(ids);
      } finally {
        isAwaited--;
      }
    },
    close: () => ending.abort(),
  };
}
