import { type FileHandle, open } from "node:fs/promises";
import { STREAM_HEADER_BYTES, writeOutputHeader } from "../protocol/frames.js";
import type { StreamId } from "../protocol/ids.js";

/** Largest piece read and sent at once. */
const CHUNK_BYTES = 256 * 1024;

/** Memory of frames that have left, used again: a flood would otherwise grow the process faster than it is cleaned. */
const frames: Buffer[] = [];
const KEPT_FRAMES = 8;

function giveBack(memory: Buffer): void {
  if (frames.length < KEPT_FRAMES) frames.push(memory);
}

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
  /** `onWritten` says that the frame's memory may be used again. */
  send(frame: Uint8Array, onWritten: () => void): void;
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
    if (this.#closed) this.#closeFile();
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
        const memory = frames.pop() ?? Buffer.allocUnsafeSlow(STREAM_HEADER_BYTES + CHUNK_BYTES);
        const bytes = await this.#readInto(memory, Math.min(this.#credit, CHUNK_BYTES));
        if (bytes === 0 || this.#closed) {
          giveBack(memory);
          break;
        }
        writeOutputHeader(memory, this.#stream, this.#offset);
        this.#sink.send(memory.subarray(0, STREAM_HEADER_BYTES + bytes), () => giveBack(memory));
        this.#offset += bytes;
        this.#credit -= bytes;
        await this.#sink.room();
      }
      if (over && !this.#closed && this.#credit > 0 && (await this.#size()) <= this.#offset) {
        this.#sink.sendEnd(this.#stream, this.#offset);
        this.close();
      }
    }
  }

  async #readInto(memory: Buffer, length: number): Promise<number> {
    try {
      this.#handle ??= await open(this.#source.file, "r");
      return (await this.#handle.read(memory, STREAM_HEADER_BYTES, length, this.#offset)).bytesRead;
    } catch {
      return 0; // not written yet, or removed: the end is sent when the run is over
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
