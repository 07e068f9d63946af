import { type FileHandle, open } from "node:fs/promises";
import { packOutput } from "../protocol/frames.js";
import type { StreamId } from "../protocol/ids.js";

/** Largest piece read and sent at once. */
const CHUNK_BYTES = 256 * 1024;

/** A run's output as its senders see it. */
export interface OutputSource {
  file: string;
  /** True once no byte will be added. */
  isOver(): boolean;
  /** Calls back when there is more, or when it is over. */
  onMore(listener: () => void): () => void;
}

/** Where the bytes go. */
export interface OutputSink {
  send(frame: Uint8Array): void;
  sendEnd(stream: StreamId, offset: number): void;
  /** Resolves when the transport has room again: at once when it has. */
  room(): Promise<void>;
}

/** One viewer's place in one run's output. It reads from the file only what its viewer has given credit for. */
export class OutputSender {
  readonly #stream: StreamId;
  readonly #source: OutputSource;
  readonly #sink: OutputSink;
  readonly #stopListening: () => void;
  #handle: FileHandle | null = null;
  #offset = 0;
  #credit: number;
  #started = false;
  #pumping = false;
  #again = false;
  #closed = false;

  constructor(stream: StreamId, source: OutputSource, sink: OutputSink, credit: number) {
    this.#stream = stream;
    this.#source = source;
    this.#sink = sink;
    this.#credit = credit;
    this.#stopListening = source.onMore(() => this.#pump());
  }

  /** Begins at `offset`; a negative one counts back from the end. Tells where that is. */
  async start(offset: number): Promise<{ offset: number; size: number }> {
    const size = await this.#size();
    this.#offset = offset < 0 ? Math.max(0, size + offset) : offset;
    if (this.#offset > size) {
      // The viewer knows of bytes that are not there: the log was cut. It starts again from what there is.
      this.#offset = 0;
    }
    this.#started = true;
    queueMicrotask(() => this.#pump());
    return { offset: this.#offset, size };
  }

  addCredit(bytes: number): void {
    this.#credit += bytes;
    this.#pump();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    if (!this.#pumping) this.#closeFile();
  }

  #pump(): void {
    if (this.#closed || !this.#started) return; // where it begins is not decided yet
    this.#again = true;
    if (this.#pumping) return;
    this.#pumping = true;
    void this.#run().finally(() => {
      this.#pumping = false;
      if (this.#closed) this.#closeFile();
    });
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      const over = this.#source.isOver(); // asked before reading, so that the last bytes are never missed
      while (this.#credit > 0 && !this.#closed) {
        const bytes = await this.#read(Math.min(this.#credit, CHUNK_BYTES));
        if (bytes === null || this.#closed) break;
        this.#sink.send(packOutput(this.#stream, this.#offset, bytes));
        this.#offset += bytes.length;
        this.#credit -= bytes.length;
        await this.#sink.room();
      }
      if (over && !this.#closed && this.#credit > 0 && (await this.#size()) <= this.#offset) {
        this.#sink.sendEnd(this.#stream, this.#offset);
        this.close();
      }
    }
  }

  async #read(length: number): Promise<Uint8Array | null> {
    try {
      this.#handle ??= await open(this.#source.file, "r");
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await this.#handle.read(buffer, 0, length, this.#offset);
      return bytesRead === 0 ? null : buffer.subarray(0, bytesRead);
    } catch {
      return null; // not written yet, or removed: the end is sent when the run is over
    }
  }

  async #size(): Promise<number> {
    try {
      this.#handle ??= await open(this.#source.file, "r");
      return (await this.#handle.stat()).size;
    } catch {
      return 0;
    }
  }

  #closeFile(): void {
    void this.#handle?.close();
    this.#handle = null;
  }
}
