/** Somebody's wish that the run ends. Whoever asks again may only shorten the time that programs get. */
export class StopRequest {
  readonly #controller = new AbortController();
  #by = Number.POSITIVE_INFINITY;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isMade(): boolean {
    return this.signal.aborted;
  }

  /** When what still runs is to be killed, in milliseconds since 1970. */
  get by(): number {
    return this.#by;
  }

  make(graceMs: number): void {
    this.#by = Math.min(this.#by, Date.now() + Math.max(0, graceMs));
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
