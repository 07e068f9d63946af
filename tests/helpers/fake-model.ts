import type { CommModel } from "../../src/widgets/comm-transport.js";

type Listener = (...args: unknown[]) => void;

interface Sent {
  content: unknown;
  buffers: Uint8Array[];
}

/** The model of a widget, with a kernel that the test plays. */
export class FakeModel implements CommModel {
  readonly sent: Sent[] = [];
  onSend: (message: Sent) => void = () => undefined;
  comm_live?: boolean;
  widget_manager?: unknown;
  readonly #traits: Record<string, unknown>;
  #listeners: { event: string; listener: Listener }[] = [];

  constructor(traits: Record<string, unknown> = {}) {
    this.#traits = traits;
  }

  get = (name: string): string => this.#traits[name] as string;

  send = (content: unknown, _callbacks?: unknown, buffers: ArrayBuffer[] | ArrayBufferView[] = []): void => {
    const message = { content, buffers: buffers as Uint8Array[] };
    this.sent.push(message);
    this.onSend(message);
  };

  on = (event: string, listener: Listener): void => {
    this.#listeners.push({ event, listener });
  };

  off = (event: string, listener: Listener): void => {
    this.#listeners = this.#listeners.filter((entry) => entry.event !== event || entry.listener !== listener);
  };

  trigger(event: string, ...args: unknown[]): void {
    for (const entry of [...this.#listeners]) if (entry.event === event) entry.listener(...args);
  }

  /** A custom message from the kernel. */
  receive(content: unknown, buffers: DataView[] = []): void {
    this.trigger("msg:custom", content, buffers);
  }

  listeners(): number {
    return this.#listeners.length;
  }
}
