import { Buffer } from "node:buffer";

const ESCAPE = 0x1b;

/** Control sequences of terminals, in bytes as letters. */
const SEQUENCES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]*[0-~])/g;

/** One that the end of a piece has cut in two. */
const CUT_OFF = /\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[PX^_][^\x1b]*\x1b?|[ -/]*)?$/;

const LONGEST_CUT_OFF = 4_096;

/** Output as a file or a pipe gets it: without colours and movements of the cursor, else byte for byte. */
export class PlainOutput {
  #held = "";

  push(bytes: Uint8Array): Uint8Array {
    if (this.#held === "" && !bytes.includes(ESCAPE)) return bytes;
    const whole = this.#held + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const isNear = whole.lastIndexOf("\x1b") >= whole.length - LONGEST_CUT_OFF;
    const cut = isNear ? (CUT_OFF.exec(whole)?.index ?? whole.length) : whole.length;
    this.#held = whole.slice(cut);
    return Buffer.from(whole.slice(0, cut).replace(SEQUENCES, ""), "latin1");
  }
}
