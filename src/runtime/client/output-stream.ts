import { PinokioError } from "../protocol/errors.js";
import type { RunId, StreamId } from "../protocol/ids.js";

/** Bytes in flight to one viewer: enough to keep a relay busy, little enough to be nothing when it stalls. */
export const DEFAULT_WINDOW_BYTES = 1024 * 1024;

/** What viewers have drawn is told when it is worth a message: this share of the window. */
const TOLD_SHARE = 1 / 8;

export interface OutputListener {
  /** The next bytes. Credit for more is given once the promise settles, so a slow viewer is never flooded. */
  onBytes(bytes: Uint8Array, offset: number): void | Promise<void>;
  /** Bytes from..to are gone for good. */
  onGap?(from: number, to: number): void;
  /** It begins at a byte, or goes on there over a new connection; `size` is how much there is by then. */
  onOpened?(offset: number, size: number): void;
  /** The run is over and everything was delivered. */
  onEnd?(offset: number): void;
  /** The stream cannot be opened, for instance because the run is unknown. */
  onError?(error: unknown): void;
}

export interface OutputOptions {
  /** First byte wanted; a negative number counts back from the end. Default 0. */
  offset?: number;
  windowBytes?: number;
}

/** What an output stream needs from the connection it currently travels on. */
export interface StreamLink {
  open(request: { stream: StreamId; runId: RunId; offset: number; credit: number }): Promise<{
    offset: number;
    size: number;
  }>;
  credit(stream: StreamId, bytes: number): void;
  close(stream: StreamId): void;
}

/** One viewer of one run's output. It remembers its place, so that it goes on there over a new connection. */
export class OutputStream {
  readonly #runId: RunId;
  readonly #listener: OutputListener;
  readonly #window: number;
  #next: number;
  #link: StreamLink | null = null;
  #stream: StreamId | null = null;
  #delivered: Promise<void> = Promise.resolve();
  /** Drawn and not told yet. */
  #owed = 0;
  #closed = false;

  constructor(
    runId: RunId,
    listener: OutputListener,
    { offset = 0, windowBytes = DEFAULT_WINDOW_BYTES }: OutputOptions,
  ) {
    this.#runId = runId;
    this.#listener = listener;
    this.#window = windowBytes;
    this.#next = offset;
  }

  /** Opens the stream on a connection, under a number that is new there. */
  async attach(link: StreamLink, stream: StreamId): Promise<void> {
    this.#link = link;
    this.#stream = stream;
    this.#owed = 0;
    const wanted = this.#next;
    try {
      const { offset, size } = await link.open({ stream, runId: this.#runId, offset: wanted, credit: this.#window });
      if (this.#stream !== stream) return;
      if (wanted >= 0 && offset > wanted) this.#listener.onGap?.(wanted, offset);
      this.#next = Math.max(this.#next, offset);
      this.#listener.onOpened?.(offset, size);
    } catch (error) {
      if (this.#closed || this.#stream !== stream) return;
      // A connection that was lost before the answer is followed by another one.
      if (!(error instanceof PinokioError) || error.code !== "not-connected") this.#listener.onError?.(error);
    }
  }

  /** The connection is gone; `attach` will follow when there is a new one. */
  detach(): void {
    this.#link = null;
    this.#stream = null;
  }

  push(bytes: Uint8Array, offset: number): void {
    const link = this.#link;
    const stream = this.#stream;
    this.#next = offset + bytes.length;
    this.#delivered = this.#delivered
      .then(() => (this.#closed ? undefined : this.#listener.onBytes(bytes, offset)))
      .catch((error: unknown) => this.#listener.onError?.(error))
      .then(() => {
        // Bytes of an earlier connection owe the new one nothing.
        if (stream === null || this.#stream !== stream || this.#link !== link) return;
        this.#owed += bytes.length;
        if (this.#owed < this.#window * TOLD_SHARE) return;
        link?.credit(stream, this.#owed);
        this.#owed = 0;
      });
  }

  gap(from: number, to: number): void {
    this.#next = to;
    this.#delivered = this.#delivered.then(() => (this.#closed ? undefined : this.#listener.onGap?.(from, to)));
  }

  end(offset: number): void {
    this.#stream = null;
    this.#delivered = this.#delivered.then(() => {
      if (this.#closed) return;
      this.#closed = true;
      this.#listener.onEnd?.(offset);
    });
  }

  get isOver(): boolean {
    return this.#closed;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#stream !== null) this.#link?.close(this.#stream);
    this.detach();
  }
}
