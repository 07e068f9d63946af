import type { ToRunner } from "../protocol/channel.js";
import { fromWireError } from "../protocol/errors.js";
import { SHARED_REQUESTS, type SharedParams, type SharedReply, type SharedRequestName } from "../protocol/shared.js";

interface Pending {
  name: string;
  params: unknown;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What this run asks of its sidecar. While none is there, requests wait for the next one. */
export class SidecarRequests {
  readonly #pending = new Map<number, Pending>();
  readonly #signal: AbortSignal;
  #last = 0;
  /** Set once the channel is open. */
  send: (id: number, name: string, params: unknown) => void = () => undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Rejects when the run is asked to stop, unless it is `lasting`. */
  async ask<Name extends SharedRequestName>(
    name: Name,
    params: SharedParams<Name>,
    { lasting = false } = {},
  ): Promise<SharedReply<Name>> {
    if (!lasting) this.#signal.throwIfAborted();
    const id = ++this.#last;
    const abort = (): void => this.#pending.get(id)?.reject(this.#signal.reason as Error);
    try {
      const value = await new Promise((resolve, reject) => {
        this.#pending.set(id, { name, params, resolve, reject });
        if (!lasting) this.#signal.addEventListener("abort", abort, { once: true });
        this.send(id, name, params);
      });
      return SHARED_REQUESTS[name].reply.parse(value) as SharedReply<Name>;
    } finally {
      this.#pending.delete(id);
      this.#signal.removeEventListener("abort", abort);
    }
  }

  /** Another sidecar came, which knows nothing of what the last one was asked. */
  sendAgain(): void {
    for (const [id, { name, params }] of this.#pending) this.send(id, name, params);
  }

  settle({ id, value, error }: Extract<ToRunner, { t: "reply" }>): void {
    const pending = this.#pending.get(id);
    if (error === undefined) pending?.resolve(value);
    else pending?.reject(fromWireError(error));
  }
}
