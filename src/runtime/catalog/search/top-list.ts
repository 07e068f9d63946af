/** The first of many numbers by an order, without sorting the rest: a heap whose root is the last one that is kept. */
export class TopList {
  readonly #most: number;
  readonly #order: (one: number, other: number) => number;
  readonly #heap: number[] = [];

  constructor(most: number, order: (one: number, other: number) => number) {
    this.#most = most;
    this.#order = order;
  }

  add(value: number): void {
    const heap = this.#heap;
    if (heap.length < this.#most) {
      heap.push(value);
      this.#rise(heap.length - 1);
    } else if (heap.length > 0 && this.#order(value, heap[0] as number) < 0) {
      heap[0] = value;
      this.#sink();
    }
  }

  sorted(): number[] {
    return [...this.#heap].sort(this.#order);
  }

  #rise(at: number): void {
    const heap = this.#heap;
    const value = heap[at] as number;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.#order(heap[above] as number, value) >= 0) break;
      heap[at] = heap[above] as number;
      at = above;
    }
    heap[at] = value;
  }

  #sink(): void {
    const heap = this.#heap;
    const value = heap[0] as number;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && this.#order(heap[below + 1] as number, heap[below] as number) > 0) below++;
      if (this.#order(heap[below] as number, value) <= 0) break;
      heap[at] = heap[below] as number;
      at = below;
    }
    heap[at] = value;
  }
}
