import type { WireError } from "../protocol/errors.js";

/** Somebody's wish that the run ends. Whoever asks again may only shorten the time that programs get. */
export class StopRequest {
  /** Why it has to end, where it then has failed; the first request decides. */
  failure: WireError | null = null;
  readonly #controller = new AbortController();
  #by = Number.POSITIVE_INFINITY;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isMade(): boolean {
    return this.signal.aborted;
  }

  /** When what still runs is to be killed, on the clock of `performance.now()`. */
  get by(): number {
    return this.#by;
  }

  make(graceMs: number, failure?: WireError): void {
    if (!this.isMade) this.failure = failure ?? null;
    this.#by = Math.min(this.#by, performance.now() + Math.max(0, graceMs));
    if (!this.isMade) this.#controller.abort(new Error("The run was asked to stop"));
  }

  /** Resolves when it is made. */
  made(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isMade) resolve();
      else this.signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}
