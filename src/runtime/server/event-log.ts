import { randomUUID } from "node:crypto";
import type { SidecarEvent } from "../protocol/events.js";
import type { ServerFrame } from "../protocol/frames.js";

export interface NumberedEvent {
  seq: number;
  /** The whole frame as it travels, made once for every client. */
  text: string;
}

const KEPT_EVENTS = 2_000;
/** However large single events are: who was away for longer gets a snapshot, which costs less. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** The events of one sidecar's life, numbered, the newest kept so that a client that was away gets what it missed. */
export class EventLog {
  /** New with every sidecar: numbers of another epoch mean nothing. */
  readonly epoch = randomUUID();
  #seq = 0;
  #kept: NumberedEvent[] = [];
  #bytes = 0;
  #listeners = new Set<(numbered: NumberedEvent) => void>();

  get seq(): number {
    return this.#seq;
  }

  publish(event: SidecarEvent): void {
    const seq = ++this.#seq;
    const numbered = { seq, text: JSON.stringify({ t: "event", seq, event } satisfies ServerFrame) };
    this.#kept.push(numbered);
    this.#bytes += numbered.text.length;
    while (this.#kept.length > KEPT_EVENTS || this.#bytes > KEPT_BYTES) {
      this.#bytes -= this.#kept.shift()?.text.length ?? 0;
    }
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
