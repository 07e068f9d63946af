import type { RunId } from "../protocol/ids.js";
import { coresBetween, type ProcessUse, processUse } from "./process-use.js";
import type { Limits } from "./run-groups.js";

/** A run whose programs nobody but us holds to what they may use. */
export interface WatchedRun {
  id: RunId;
  pids: readonly number[];
  /** Null where there is no limit, or the system holds them to it. */
  limits: Limits;
}

interface LimitWatchOptions {
  onMemory(id: RunId, usedBytes: number): void;
  onCpu(id: RunId, cores: number): void;
  now?: () => number;
  proc?: string;
}

/** A look in a row with another one: what is used for a moment only is let pass. */
interface Looked {
  at: number;
  use: ProcessUse;
  overMemory: boolean;
  overCpu: boolean;
}

/** Measuring itself is not exact. */
const CPU_TOLERANCE = 1.1;

/** Says which runs have used more than they may at two looks in a row. Whoever looks decides how often. */
export class LimitWatch {
  readonly #options: LimitWatchOptions;
  readonly #looked = new Map<RunId, Looked>();

  constructor(options: LimitWatchOptions) {
    this.#options = options;
  }

  look(runs: readonly WatchedRun[]): void {
    const { onMemory, onCpu, now = () => performance.now(), proc } = this.#options;
    const live = new Set(runs.map(({ id }) => id));
    for (const id of this.#looked.keys()) if (!live.has(id)) this.#looked.delete(id);
    for (const { id, pids, limits } of runs) {
      const at = now();
      const use = processUse(pids, proc);
      const before = this.#looked.get(id);
      const cores = before === undefined ? null : coresBetween(before.use, use, at - before.at);
      const overMemory = limits.memoryBytes !== null && use.memoryBytes > limits.memoryBytes;
      const overCpu = limits.cpu !== null && cores !== null && cores > limits.cpu * CPU_TOLERANCE;
      this.#looked.set(id, { at, use, overMemory, overCpu });
      if (overMemory && before?.overMemory === true) onMemory(id, use.memoryBytes);
      if (overCpu && before?.overCpu === true) onCpu(id, cores);
    }
  }
}
