const NEAR_END_PX = 24;
/** What is so near to an edge is followed by more. */
const SCREENS_AHEAD = 3;

/** Where in a log somebody reads. */
export class LogScroll {
  readonly #scroller: HTMLElement;
  readonly #paper: HTMLElement;

  constructor(scroller: HTMLElement, paper: HTMLElement) {
    this.#scroller = scroller;
    this.#paper = paper;
  }

  get isAtBottom(): boolean {
    return this.#toBottom() <= NEAR_END_PX;
  }

  get isNearBottom(): boolean {
    return this.#toBottom() <= this.#scroller.clientHeight * SCREENS_AHEAD;
  }

  get isNearTop(): boolean {
    return this.#scroller.scrollTop <= this.#scroller.clientHeight * SCREENS_AHEAD;
  }

  toBottom(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** What is seen stays where it is, whatever comes or goes above it. */
  keepPlace(change: () => void): void {
    const { top } = this.#scroller.getBoundingClientRect();
    const seen = [...this.#paper.children].find((block) => block.getBoundingClientRect().bottom >= top);
    const before = seen?.getBoundingClientRect().top ?? 0;
    change();
    const moved = (seen?.getBoundingClientRect().top ?? 0) - before;
    if (moved !== 0) this.#scroller.scrollTop += moved;
  }

  #toBottom(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }
}
