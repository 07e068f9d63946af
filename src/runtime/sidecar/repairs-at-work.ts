import type { Repairing } from "../protocol/failures.js";
import type { RunId } from "../protocol/ids.js";

/** How it goes on is told at most so often. */
const BETWEEN_MS = 250;

/** One repair, to whoever carries it out. */
export interface RepairAtWork {
  /** Aborted when a person wants it to end. */
  readonly signal: AbortSignal;
  doing(what: string, how?: Partial<Pick<Repairing, "share" | "canCancel">>): void;
  end(): void;
}

/** What is being repaired, by the run whose failure it is about. */
export class RepairsAtWork {
  readonly #onChanged: (id: RunId) => void;
  readonly #known = new Map<RunId, { now: Repairing; stop: AbortController }>();
  readonly #timers = new Map<RunId, NodeJS.Timeout>();
  readonly #untold = new Set<RunId>();

  constructor(onChanged: (id: RunId) => void) {
    this.#onChanged = onChanged;
  }

  get isAny(): boolean {
    return this.#known.size > 0;
  }

  of(id: RunId): Repairing | null {
    return this.#known.get(id)?.now ?? null;
  }

  begin(id: RunId, label: string): RepairAtWork {
    const work = {
      now: { label, doing: null, share: null, canCancel: false } as Repairing,
      stop: new AbortController(),
    };
    this.#known.set(id, work);
    this.#onChanged(id);
    return {
      signal: work.stop.signal,
      doing: (doing, { share = null, canCancel = false } = {}) => {
        work.now = { label, doing, share, canCancel };
        this.#tell(id);
      },
      end: () => {
        clearTimeout(this.#timers.get(id));
        this.#timers.delete(id);
        this.#untold.delete(id);
        this.#known.delete(id);
        this.#onChanged(id);
      },
    };
  }

  /** Asks it to end where that leaves nothing half done. Returns whether it will. */
  cancel(id: RunId): boolean {
    const work = this.#known.get(id);
    if (work?.now.canCancel !== true) return false;
    work.stop.abort();
    return true;
  }

  #tell(id: RunId): void {
    if (this.#timers.has(id)) return void this.#untold.add(id);
    this.#onChanged(id);
    const timer = setTimeout(() => {
      this.#timers.delete(id);
      if (this.#untold.delete(id)) this.#tell(id);
    }, BETWEEN_MS);
    timer.unref();
    this.#timers.set(id, timer);
  }
}
