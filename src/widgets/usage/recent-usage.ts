import type { Usage, UsageHistory } from "../../runtime/protocol/usage.js";

/** What a sparkline shows. */
export const SHOWN_MS = 120_000;

/** In the place of a run's id: the machine as a whole. */
export const MACHINE = "machine";

export interface UsagePoint {
  at: number;
  cpu: number | null;
  memoryBytes: number | null;
  gpuMemoryBytes: number | null;
}

/** What is used now, and by whom in the last two minutes; by run, and of the machine. */
export interface RecentUsage {
  now: Usage;
  points: ReadonlyMap<string, readonly UsagePoint[]>;
}

/** Takes in what was measured; rows that are gone are forgotten, and so is what is older than two minutes. */
export function withMeasured(before: RecentUsage | null, now: Usage): RecentUsage {
  const at = Date.parse(now.at);
  const points = new Map<string, readonly UsagePoint[]>();
  const add = (key: string, point: Omit<UsagePoint, "at">) => {
    const earlier = (before?.points.get(key) ?? []).filter((old) => old.at > at - SHOWN_MS && old.at < at);
    points.set(key, [...earlier, { at, ...point }]);
  };
  add(MACHINE, {
    cpu: now.cpu.used,
    memoryBytes: now.memory.usedBytes,
    gpuMemoryBytes: now.gpus.length === 0 ? null : now.gpus.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  });
  for (const [id, { cpu, memoryBytes, gpuMemoryBytes }] of Object.entries(now.runs)) {
    add(id, { cpu, memoryBytes, gpuMemoryBytes });
  }
  return { now, points };
}

/** Puts what the sidecar remembers before what was seen from here. */
export function withHistory(recent: RecentUsage, key: string, history: UsageHistory): RecentUsage {
  const seen = recent.points.get(key);
  if (seen === undefined) return recent;
  const first = seen[0]?.at ?? Infinity;
  const since = Date.parse(recent.now.at) - SHOWN_MS;
  const earlier = history.at.flatMap((time, index): UsagePoint[] => {
    const at = Date.parse(time);
    const memoryBytes = history.memoryBytes[index] ?? null;
    if (at <= since || at >= first || memoryBytes === null) return [];
    return [
      { at, cpu: history.cpu[index] ?? null, memoryBytes, gpuMemoryBytes: history.gpuMemoryBytes[index] ?? null },
    ];
  });
  return { ...recent, points: new Map([...recent.points, [key, [...earlier, ...seen]]]) };
}
