import { Buffer } from "node:buffer";
import { screenText } from "../base/plain-text.js";

const TAIL_BYTES = 1024 * 1024;
const FIRST_TAIL_BYTES = 64 * 1024;

/** The last of what a shell printed, in memory of its own: what was read is free again at once. */
export class OutputTail {
  #kept = Buffer.allocUnsafeSlow(FIRST_TAIL_BYTES);
  #length = 0;

  add(bytes: Buffer): void {
    const added = bytes.length > TAIL_BYTES ? bytes.subarray(-TAIL_BYTES) : bytes;
    if (this.#length + added.length > this.#kept.length) this.#makeRoom(added.length);
    added.copy(this.#kept, this.#length);
    this.#length += added.length;
  }

  screen(): string {
    return screenText(this.#kept.toString("utf8", Math.max(0, this.#length - TAIL_BYTES), this.#length));
  }

  /** Twice what is kept, so that moving it to the front is rare. */
  #makeRoom(bytes: number): void {
    const last = this.#kept.subarray(Math.max(0, this.#length - TAIL_BYTES), this.#length);
    let room = this.#kept.length;
    while (room < last.length + bytes && room < 2 * TAIL_BYTES) room *= 2;
    const kept = room === this.#kept.length ? this.#kept : Buffer.allocUnsafeSlow(room);
    last.copy(kept);
    this.#kept = kept;
    this.#length = last.length;
  }
}
