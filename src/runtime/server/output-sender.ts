import { readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { LONGEST_SECRET, SecretMask } from "../base/mask-secrets.js";
import { outputParts, outputSize, readOutputBefore } from "../base/output-parts.js";
import { STREAM_HEADER_BYTES, writeOutputHeader } from "../protocol/frames.js";
import type { StreamId } from "../protocol/ids.js";

/** Largest piece read and sent at once. */
const CHUNK_BYTES = 256 * 1024;

/** What was written just now is in the system's memory: reading so much of it at once costs less than asking for it. */
const JUST_WRITTEN_BYTES = 256 * 1024;
const AT_ONCE_BYTES = 64 * 1024;
/** A disk on which that takes longer is left alone: a file across a network may keep us waiting. */
const SLOW_MS = 40;
const SLOW_DISK_MS = 30_000;
let slowUntil = Number.NEGATIVE_INFINITY;

/** How long the beginning of what may be a secret waits for its end. */
const QUIET_MS = 300;
/** Looked at before the first byte that is sent: a secret may begin there, and so may what tells that it is one. */
const BEFORE_BYTES = 2 * LONGEST_SECRET;

/**
 * Memory of frames that have left, used again: a flood would otherwise grow the process faster than it is cleaned. Of
 * twenty runs that each print a little, none needs much.
 */
const frames = [
  { bytes: 16 * 1024, kept: 64, free: [] as Buffer[] },
  { bytes: CHUNK_BYTES, kept: 8, free: [] as Buffer[] },
];

function takeMemory(wanted: number): Buffer {
  const { bytes, free } = frames.find((size) => size.bytes >= wanted) ?? { bytes: wanted, free: [] };
  return free.pop() ?? Buffer.allocUnsafeSlow(STREAM_HEADER_BYTES + bytes);
}

function giveBack(memory: Buffer): void {
  const size = frames.find(({ bytes }) => memory.length === STREAM_HEADER_BYTES + bytes);
  if (size !== undefined && size.free.length < size.kept) size.free.push(memory);
}

interface OpenPart {
  handle: FileHandle;
  start: number;
}

/** A run's output as its senders see it. */
export interface OutputSource {
  file: string;
  /** What must not be shown wherever it stands, beside what looks like a secret. */
  secrets(): readonly Buffer[];
  /** True once no byte will be added. */
  isOver(): boolean;
  /** Calls back when there is more, with how much there is then where that is known, or when it is over. */
  onMore(listener: (size?: number) => void): () => void;
}

/** Where the bytes go. */
export interface OutputSink {
  /** `onWritten` says that the frame's memory may be used again. */
  send(frame: Uint8Array, onWritten: () => void): void;
  sendEnd(stream: StreamId, offset: number): void;
  /** Bytes from..to are gone for good. */
  sendGap(stream: StreamId, from: number, to: number): void;
  /** Resolves when the transport has room again: at once when it has. */
  room(): Promise<void>;
}

/** One viewer's place in one run's output. It reads from the file only what its viewer has given credit for. */
export class OutputSender {
  readonly #stream: StreamId;
  readonly #source: OutputSource;
  readonly #sink: OutputSink;
  readonly #stopListening: () => void;
  #part: OpenPart | null = null;
  #offset = 0;
  /** How much there is, as far as is known: nothing beyond it is looked for until more is told. */
  #size = 0;
  #credit: number;
  #started = false;
  #pumping = false;
  readonly #mask: SecretMask;
  #quiet: NodeJS.Timeout | null = null;
  #isQuiet = false;
  #again = false;
  #closed = false;

  constructor(stream: StreamId, source: OutputSource, sink: OutputSink, credit: number) {
    this.#stream = stream;
    this.#source = source;
    this.#sink = sink;
    this.#credit = credit;
    this.#mask = new SecretMask(() => source.secrets());
    this.#stopListening = source.onMore((size = Infinity) => {
      this.#size = Math.max(this.#size, size);
      this.#pump();
    });
  }

  /** Begins at `offset`; a negative one counts back from the end. Tells where that is. */
  start(offset: number): { offset: number; size: number } {
    const size = outputSize(this.#source.file);
    this.#size = Math.max(this.#size, size);
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
    if (this.#quiet !== null) clearTimeout(this.#quiet);
    if (!this.#pumping) this.#closeFile();
  }

  #pump(): void {
    if (this.#closed || !this.#started) return; // where it begins is not decided yet
    this.#again = true;
    if (this.#pumping) return;
    this.#pumping = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        const over = this.#source.isOver(); // asked before reading, so that the last bytes are never missed
        if (over) this.#size = Infinity; // a runner that was killed has not told of its last bytes
        while (this.#credit > 0 && this.#size > this.#offset && !this.#closed) {
          const wanted = Math.min(this.#credit, CHUNK_BYTES, this.#size - this.#offset);
          const memory = takeMemory(wanted);
          const read = await this.#readInto(memory, wanted);
          const bytes = this.#hideSecrets(memory.subarray(STREAM_HEADER_BYTES, STREAM_HEADER_BYTES + read), over);
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
        if (over && !this.#closed && this.#credit > 0 && outputSize(this.#source.file) <= this.#offset) {
          this.#sink.sendEnd(this.#stream, this.#offset);
          this.close();
        }
      }
    } finally {
      this.#pumping = false; // not a moment later: what is told until then would be missed
      if (this.#closed) this.#closeFile();
    }
  }

  /** How many of the bytes can be shown; what may be the beginning of a secret waits for more, not for long. */
  #hideSecrets(bytes: Buffer, isOver: boolean): number {
    if (bytes.length === 0) return 0;
    const count = this.#mask.hide(bytes, isOver || this.#isQuiet);
    if (this.#quiet !== null) clearTimeout(this.#quiet);
    this.#isQuiet = false;
    this.#quiet = null;
    if (count < bytes.length) {
      this.#quiet = setTimeout(() => {
        this.#isQuiet = true;
        this.#pump();
      }, QUIET_MS);
    }
    return count;
  }

  /** What comes first may be the rest of a secret that began before. */
  #lookBefore(): void {
    const { bytes, start } = readOutputBefore(this.#source.file, this.#offset, BEFORE_BYTES);
    this.#mask.begin(start > 0);
    if (bytes.length > 0) this.#mask.hide(bytes, true);
  }

  /** Nothing where nothing is written yet, or where all was removed: the end is sent when the run is over. */
  async #readInto(memory: Buffer, length: number): Promise<number> {
    for (;;) {
      const part = this.#part;
      const bytes = part === null ? 0 : await this.#readPart(part, memory, length);
      if (bytes > 0 || !(await this.#openNextPart())) return bytes;
    }
  }

  async #readPart({ handle, start }: OpenPart, memory: Buffer, length: number): Promise<number> {
    try {
      if (length <= AT_ONCE_BYTES && this.#size - this.#offset <= JUST_WRITTEN_BYTES) {
        const began = performance.now();
        if (began > slowUntil) {
          const read = readSync(handle.fd, memory, STREAM_HEADER_BYTES, length, this.#offset - start);
          const now = performance.now();
          if (now - began > SLOW_MS) slowUntil = now + SLOW_DISK_MS;
          return read;
        }
      }
      return (await handle.read(memory, STREAM_HEADER_BYTES, length, this.#offset - start)).bytesRead;
    } catch {
      return 0;
    }
  }

  /** The part that goes on where the present one ends; what was removed in between is told as a gap. */
  async #openNextPart(): Promise<boolean> {
    const parts = outputParts(this.#source.file);
    const present = this.#part;
    const next =
      present === null
        ? (parts.findLast(({ start }) => start <= this.#offset) ?? parts[0])
        : parts.find(({ start }) => start > present.start);
    if (next === undefined) return false;
    // The present part may have grown to its end since it was read.
    if (present !== null && present.start + (await present.handle.stat()).size > this.#offset) return true;
    const handle = await open(next.path, "r").catch(() => null); // removed since
    if (handle === null) return false;
    this.#closeFile();
    this.#part = { handle, start: next.start };
    const isGap = next.start > this.#offset;
    if (isGap) {
      this.#sink.sendGap(this.#stream, this.#offset, next.start);
      this.#offset = next.start;
    }
    if (isGap || present === null) this.#lookBefore();
    return true;
  }

  #closeFile(): void {
    void this.#part?.handle.close();
    this.#part = null;
  }
}
