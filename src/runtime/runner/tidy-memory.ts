import { collectMemory } from "../base/collect-memory.js";

/** A step that has gone on for so long waits for a program or a person. */
const QUIET_MS = 3_000;
const BETWEEN_MS = 60_000;

interface Tidying {
  collect?: () => void;
  quietMs?: number;
  betweenMs?: number;
}

/** Returns what to call at each step: once nothing happens, memory that only the way here needed is given back. */
export function tidyWhenWaiting({
  collect = collectMemory,
  quietMs = QUIET_MS,
  betweenMs = BETWEEN_MS,
}: Tidying = {}): () => void {
  let tidiedAt = Number.NEGATIVE_INFINITY;
  const timer = setTimeout(() => {
    if (performance.now() - tidiedAt < betweenMs) return;
    collect();
    tidiedAt = performance.now();
  }, quietMs);
  timer.unref();
  return () => void timer.refresh();
}
