import { Buffer } from "node:buffer";
import { closeSync, openSync, writeSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { SecretMask } from "../base/mask-secrets.js";
import { toPlainData } from "../base/plain-data.js";

/** What nobody may see of what a run tells. */
interface TraceSecrets {
  readonly bytes: readonly Buffer[];
  hide(text: string): string;
}

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

export function openTrace(file: string | undefined, script: string, secrets: TraceSecrets): Trace {
  const fd = file === undefined ? null : openToAppend(file);
  const heard = new Set<() => void>();
  const write = (event: object): void => {
    if (fd === null) return;
    try {
      writeSync(fd, line(event, secrets.hide)); // whole lines, in order: the file is opened to append
    } catch {
      // the disk is full, or whoever wanted it has removed it: the run goes on
    }
  };
  return {
    step: (index, method, params) => write({ type: "step", script, index, method, params }),
    result: (index, value) => write({ type: "result", script, index, value }),
    log: (index, text) => write({ type: "log", script, index, text }),
    output: (shell) => {
      const hiding = hidingOf(
        secrets,
        limited((text) => write({ type: "output", shell, text })),
      );
      heard.add(hiding.tell);
      return hiding.hear;
    },
    input: (index, request) => write({ type: "input", script, index, request }),
    error: (index, message) => write({ type: "error", script, index, message }),
    end: (outcome) => {
      for (const tell of heard) tell();
      write({ type: "end", script, outcome });
    },
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

/** How long the beginning of what may be a secret waits for its end. */
const QUIET_MS = 300;

/** What a shell prints, with secrets hidden that come in several pieces. */
function hidingOf(secrets: TraceSecrets, write: (bytes: Buffer) => void): { hear(bytes: Buffer): void; tell(): void } {
  const mask = new SecretMask(() => secrets.bytes);
  let rest: Buffer = Buffer.alloc(0);
  let timer: NodeJS.Timeout | null = null;
  const pass = (isComplete: boolean): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const count = mask.hide(rest, isComplete);
    if (count > 0) write(rest.subarray(0, count));
    rest = rest.subarray(count);
    if (rest.length > 0) timer = setTimeout(pass, QUIET_MS, true);
  };
  return {
    hear: (bytes) => {
      rest = Buffer.concat([rest, bytes]); // a copy: what is hidden here stays as it is elsewhere
      pass(false);
    },
    tell: () => {
      if (rest.length > 0) pass(true);
    },
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

/** Names of an event whose values are ours. */
const OURS: ReadonlySet<string> = new Set(["type", "script", "shell", "method", "outcome"]);

function line(event: object, hide: (text: string) => string): Buffer {
  const told = (whole: unknown): string =>
    JSON.stringify(whole, function (this: unknown, name, value: unknown) {
      if (typeof value === "function") return "<function>";
      return typeof value !== "string" || (this === whole && OURS.has(name)) ? value : hide(value);
    });
  let text: string;
  try {
    text = told(event);
  } catch {
    text = told(toPlainData(event)); // holds a cycle
  }
  return Buffer.from(`${text}\n`);
}
