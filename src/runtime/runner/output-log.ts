import { Buffer } from "node:buffer";
import { closeSync, fstatSync, openSync, rmSync, writev, writevSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { errnoOf } from "../base/file-errors.js";
import { makeLastFolder } from "../base/make-folder.js";
import { type OutputPart, outputParts, partPath } from "../base/output-parts.js";

const writeBuffers = promisify(writev);

const FULL_AT_BYTES = 4 * 1024 * 1024;
const EMPTY_AT_BYTES = 1024 * 1024;
const MOST_PARTS_PER_WRITE = 512;
const ANNOUNCE_EVERY_MS = 25;
/** What nobody would be told of yet waits for company, unless it is so much. */
const GATHERED_BYTES = 32 * 1024;

export interface OutputLogListener {
  /** The file grew; told at most every 25 ms. */
  onSize(bytes: number): void;
  /** What was appended has reached the file, so that more may come. */
  onRoom(): void;
  /** Once: output is being lost, and why. */
  onLoss(reason: string): void;
}

/** How much is kept. A part that is full is followed by another one, and the oldest goes. */
export interface OutputLimit {
  partBytes: number;
  parts: number;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
  ENOENT: "its folder was removed",
};

const PARTS = 8;
const USUAL_MB = 256;

/** So many megabytes in all. */
export const outputLimit = (megabytes = USUAL_MB): OutputLimit => ({
  partBytes: Math.ceil((megabytes / PARTS) * 1024 * 1024),
  parts: PARTS,
});

/**
 * Everything a run's terminals print, in a file of several parts that others read by offset. When the disk takes
 * nothing any more, output is dropped and the programs that print go on.
 */
export class OutputLog {
  readonly #path: string;
  readonly #listener: OutputLogListener;
  readonly #limit: OutputLimit;
  #parts: OutputPart[];
  #file: number;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #printed: number;
  #writing: Promise<void> | null = null;
  #isFull = false;
  #announcement: NodeJS.Timeout | null = null;
  /** Ends the waiting for company. */
  #writeNow: (() => void) | null = null;
  #announcedAt = Number.NEGATIVE_INFINITY;
  #announcedSize = 0;
  #lostBytes = 0;
  #lossWasTold = false;
  #wasRemoved = false;
  size: number;

  constructor(path: string, listener: OutputLogListener, limit: OutputLimit = outputLimit()) {
    this.#path = path;
    this.#listener = listener;
    this.#limit = limit;
    this.#parts = outputParts(path);
    const last = this.#parts.at(-1) ?? this.#addPart(0);
    this.#file = openSync(last.path, "a", 0o600);
    this.size = last.start + fstatSync(this.#file).size;
    this.#announcedSize = this.size;
    this.#printed = this.size;
  }

  /** Where the next byte goes once everything appended is in the file. */
  get end(): number {
    return this.size + this.#waitingBytes;
  }

  /** Returns false when the disk is behind: what prints should wait for `onRoom`. */
  append(bytes: Buffer): boolean {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#printed += bytes.length;
    this.#writing ??= this.#write();
    if (this.#waitingBytes >= GATHERED_BYTES) this.#writeNow?.();
    if (this.#waitingBytes >= FULL_AT_BYTES) this.#isFull = true;
    return !this.#isFull;
  }

  /** Where what is printed next will stand: what waits is counted. */
  get printed(): number {
    return this.#printed;
  }

  print(text: string): void {
    this.append(Buffer.from(text, "utf8"));
  }

  /** Resolves when everything appended is in the file, or lost. */
  async flush(): Promise<void> {
    this.#writeNow?.();
    while (this.#writing !== null) await this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
    this.#announce();
    closeSync(this.#file);
  }

  /** For a process that is about to be gone: what waits is written now, whatever else was on its way. */
  writeAtOnce(): void {
    const rest = this.#waiting.splice(0);
    try {
      if (rest.length > 0) this.size += writevSync(this.#file, rest);
    } catch {
      // as lost as it would have been without trying
    }
  }

  async #write(): Promise<void> {
    await this.#gather();
    while (this.#waiting.length > 0) {
      const parts = this.#waiting.splice(0, MOST_PARTS_PER_WRITE);
      const bytes = parts.reduce((sum, part) => sum + part.length, 0);
      try {
        await this.#writeAll(this.#lostBytes > 0 ? [this.#lossNote(), ...parts] : parts);
        this.#lostBytes = 0;
      } catch (error) {
        this.#lose(bytes, error);
      }
      this.#waitingBytes -= bytes;
      if (this.#isFull && this.#waitingBytes <= EMPTY_AT_BYTES) {
        this.#isFull = false;
        this.#listener.onRoom();
      }
    }
    this.#writing = null;
    if (this.size !== this.#announcedSize) this.#announceSoon(); // a write that failed announces nothing
    this.#printed = this.size; // some may be lost, and that is noted in their place
  }

  /** So that one write takes all that one turn brought, and of a program that prints line after line, all that is told at once. */
  #gather(): Promise<void> {
    const wait = this.#announcedAt + ANNOUNCE_EVERY_MS - performance.now();
    return new Promise((resolve) => {
      if (wait <= 0 || this.#waitingBytes >= GATHERED_BYTES) return void setImmediate(resolve);
      const timer = setTimeout(() => this.#writeNow?.(), Math.ceil(wait));
      this.#writeNow = () => {
        clearTimeout(timer);
        this.#writeNow = null;
        resolve();
      };
    });
  }

  async #writeAll(parts: Buffer[]): Promise<void> {
    let left = parts;
    while (left.length > 0) {
      if (this.#wasRemoved || this.size - (this.#parts.at(-1)?.start ?? 0) >= this.#limit.partBytes) this.#nextPart();
      const { bytesWritten } = await writeBuffers(this.#file, left);
      this.size += bytesWritten;
      this.#announceSoon();
      left = after(left, bytesWritten);
    }
  }

  /** Throws when the disk takes no further file. */
  #nextPart(): void {
    if (this.#wasRemoved) makeLastFolder(dirname(this.#path), 0o700);
    const file = openSync(partPath(this.#path, this.size), "a", 0o600);
    closeSync(this.#file);
    this.#file = file;
    this.#wasRemoved = false;
    this.#addPart(this.size);
    for (const { path } of this.#parts.splice(0, this.#parts.length - this.#limit.parts)) rmSync(path, { force: true });
  }

  #addPart(start: number): OutputPart {
    const part = { path: partPath(this.#path, start), start };
    this.#parts.push(part);
    return part;
  }

  /** At once after a silence: somebody may be typing. */
  #announceSoon(): void {
    if (this.#announcement !== null) return;
    const wait = this.#announcedAt + ANNOUNCE_EVERY_MS - performance.now();
    if (wait <= 0) this.#announce();
    else this.#announcement = setTimeout(() => this.#announceNext(), wait);
  }

  /** With what is being gathered: the end of its write announces it. */
  #announceNext(): void {
    this.#announcement = null;
    if (this.#writeNow === null) this.#announce();
    else this.#writeNow();
  }

  #announce(): void {
    if (this.#announcement !== null) clearTimeout(this.#announcement);
    this.#announcement = null;
    this.#announcedAt = performance.now();
    this.#announcedSize = this.size;
    // Somebody may remove a file that is being written: what follows goes into another one, where it can be read.
    this.#wasRemoved = fstatSync(this.#file).nlink === 0;
    this.#listener.onSize(this.size);
  }

  #lose(bytes: number, error: unknown): void {
    this.#lostBytes += bytes;
    if (this.#lossWasTold) return;
    this.#lossWasTold = true;
    const reason = errnoOf(error) ?? String(error);
    this.#listener.onLoss(REASONS[reason] ?? reason);
  }

  #lossNote(): Buffer {
    return Buffer.from(`\r\n[About ${this.#lostBytes} bytes of output are missing here]\r\n`, "utf8");
  }
}

/** What is left of the parts once their first bytes are written. */
function after(parts: Buffer[], bytes: number): Buffer[] {
  let skip = bytes;
  let index = 0;
  for (let part = parts[index]; part !== undefined && skip >= part.length; part = parts[index]) {
    skip -= part.length;
    index++;
  }
  const [first, ...others] = parts.slice(index);
  return first === undefined ? [] : [first.subarray(skip), ...others];
}
