import type { RunId } from "../protocol/ids.js";
import type { Run } from "../protocol/runs.js";

/** An app that has served and serves nothing more for so long has ended, whatever its shell does. */
const SILENT_MS = 10_000;

/** Watches for runs whose programs have gone although the run itself goes on. */
export class SilenceWatch {
  readonly #onSilent: (run: Run) => void;
  readonly #served = new Set<RunId>();
  readonly #timers = new Map<RunId, NodeJS.Timeout>();
  readonly #silent = new Set<RunId>();

  constructor(onSilent: (run: Run) => void) {
    this.#onSilent = onSilent;
  }

  look(run: Run): void {
    const isServing = (run.serving?.ports.length ?? 0) > 0;
    if (isServing) this.#served.add(run.id);
    if (isServing || !this.#served.has(run.id) || run.state !== "ready") return this.#hear(run.id);
    if (this.#timers.has(run.id)) return;
    const timer = setTimeout(() => {
      this.#silent.add(run.id);
      this.#onSilent(run);
    }, SILENT_MS);
    timer.unref();
    this.#timers.set(run.id, timer);
  }

  /** The run is over. Returns whether it was ended for its silence. */
  over(id: RunId): boolean {
    this.#hear(id);
    this.#served.delete(id);
    return this.#silent.delete(id);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #hear(id: RunId): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }
}
