import type { Frame } from "../protocol/frames.js";
import type { WireError } from "../protocol/errors.js";

/** One open way to the sidecar. Frames arrive in order or not at all. */
export interface Channel {
  send(frame: Frame): void;
  close(): void;
}

/** What a channel tells its owner. After `onClosed` nothing follows. */
export interface ChannelListener {
  onFrame(frame: Frame): void;
  /** Why it closed, in words for the person; not called after the owner closed it. */
  onClosed(reason: WireError): void;
}

/**
 * A way to reach the sidecar. `open` resolves once frames may be sent and rejects with a `PinokioError`; it may be
 * called again after the channel has closed. Implementations: memory-transport.ts here, the WebSocket and comm
 * transports of the browser, the socket transport of the command line.
 */
export interface Transport {
  readonly name: string;
  /** Bytes of output in flight to one viewer, where the default does not fit: a slow beat wants more. */
  readonly windowBytes?: number;
  open(listener: ChannelListener): Promise<Channel>;
}

/** The clock, passed in because this folder knows neither Node nor the browser. */
export interface Timers {
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
  now(): number;
}
