const LOOK_MS = 100;
/** So many times in a row, as much came between two frames as was asked for. */
const LEAST_TIMES = 6;

/**
 * Whether a run prints faster than a page draws. Nobody reads that: its end is shown ten times a second, and the page,
 * the connection and the sidecar have their time for other things.
 */
export class Flood {
  readonly #many: number;
  #times = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `many`: the bytes that are as much as there can be between two frames. */
  constructor(many: number) {
    this.#many = many;
  }

  get isOn(): boolean {
    return this.#times >= LEAST_TIMES;
  }

  get isWaiting(): boolean {
    return this.#timer !== undefined;
  }

  drew(bytes: number): void {
    if (!this.isOn) this.#times = bytes >= this.#many ? this.#times + 1 : 0;
  }

  /** The page has caught up. */
  isOver(): void {
    this.#times = 0;
  }

  lookAgain(look: () => void): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      look();
    }, LOOK_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
