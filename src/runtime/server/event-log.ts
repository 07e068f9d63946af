import { randomUUID } from "node:crypto";
import type { SidecarEvent } from "../protocol/events.js";

export interface NumberedEvent {
  seq: number;
  event: SidecarEvent;
}

const KEPT_EVENTS = 2_000;

/** The events of one sidecar's life, numbered, the newest kept so that a client that was away gets what it missed. */
export class EventLog {
  /** New with every sidecar: numbers of another epoch mean nothing. */
  readonly epoch = randomUUID();
  #seq = 0;
  #kept: NumberedEvent[] = [];
  #listeners = new Set<(numbered: NumberedEvent) => void>();

  get seq(): number {
    return this.#seq;
  }

  publish(event: SidecarEvent): void {
    const numbered = { seq: ++this.#seq, event };
    this.#kept.push(numbered);
    if (this.#kept.length > KEPT_EVENTS) this.#kept.splice(0, KEPT_EVENTS / 2);
    for (const listener of this.#listeners) listener(numbered);
  }

  /** What happened after `seen`, or null when that is not known completely any more. */
  since(seen: { epoch: string; seq: number }): NumberedEvent[] | null {
    if (seen.epoch !== this.epoch || seen.seq > this.#seq || seen.seq === 0) return null;
    const first = this.#kept[0]?.seq ?? this.#seq + 1;
    if (seen.seq + 1 < first) return null;
    return this.#kept.filter(({ seq }) => seq > seen.seq);
  }

  listen(listener: (numbered: NumberedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
