import { Buffer } from "node:buffer";
import { closeSync, openSync, writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { toPlainData } from "../base/plain-data.js";

/** Writes what happens into a file, one JSON object a line. Several runs may write into the same one. */
export interface Trace {
  step(index: number, method: string, params: unknown): void;
  result(index: number, value: unknown): void;
  log(index: number, text: string): void;
  /** Takes what one shell prints. */
  output(shell: string): (bytes: Buffer) => void;
  input(index: number, request: unknown): void;
  /** Without an index for what went wrong outside of any step. */
  error(index: number | undefined, message: string): void;
  end(outcome: "finished" | "daemon" | "failed" | "stopped"): void;
}

export function openTrace(file: string | undefined, script: string): Trace {
  const fd = file === undefined ? null : openToAppend(file);
  const write = (event: object): void => {
    if (fd === null) return;
    try {
      writeSync(fd, line(event)); // whole lines, in order: the file is opened to append
    } catch {
      // the disk is full, or whoever wanted it has removed it: the run goes on
    }
  };
  return {
    step: (index, method, params) => write({ type: "step", script, index, method, params }),
    result: (index, value) => write({ type: "result", script, index, value }),
    log: (index, text) => write({ type: "log", script, index, text }),
    output: (shell) => limited((text) => write({ type: "output", shell, text })),
    input: (index, request) => write({ type: "input", script, index, request }),
    error: (index, message) => write({ type: "error", script, index, message }),
    end: (outcome) => write({ type: "end", script, outcome }),
  };
}

/** A program that floods its terminal must not make the file endless. */
const MOST_OUTPUT_BYTES = 1024 * 1024;

function limited(write: (text: string) => void): (bytes: Buffer) => void {
  const decoder = new StringDecoder("utf8");
  let room = MOST_OUTPUT_BYTES;
  return (bytes) => {
    if (room < 0) return;
    const isLast = bytes.length > room;
    const text = decoder.write(bytes.subarray(0, room));
    room -= bytes.length;
    if (text !== "") write(text);
    if (isLast) write("[The rest of this shell's output is left out]");
  };
}

function openToAppend(file: string): number | null {
  try {
    const fd = openSync(file, "a", 0o600);
    process.once("exit", () => closeSync(fd));
    return fd;
  } catch {
    return null;
  }
}

function line(event: object): Buffer {
  let text: string;
  try {
    text = JSON.stringify(event, (_, value: unknown) => (typeof value === "function" ? "<function>" : value));
  } catch {
    text = JSON.stringify(toPlainData(event)); // holds a cycle
  }
  return Buffer.from(`${text}\n`);
}
