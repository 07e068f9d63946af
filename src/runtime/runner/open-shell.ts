import type { Buffer } from "node:buffer";
import type { OutputTail } from "./output-tail.js";
import type { ShellSession } from "./shell-session.js";
import type { Terminal } from "./terminal.js";

/** A shell of a run, from its start until it is gone. */
export interface OpenShell {
  readonly tail: OutputTail;
  terminal: Terminal;
  /** Null before it is open. */
  session: ShellSession | null;
  exitCode: number | null;
  /** Whoever waits for this shell's output; null once nobody does. */
  onData: ((bytes: Buffer) => void) | null;
  /** How often it has waited for input, when it tells. */
  prompts: number;
  hasPrompts: boolean;
  readonly waiting: Set<() => void>;
}

/** Before a shell is open nothing can come from it. */
export const NO_TERMINAL: Terminal = {
  pid: 0,
  kind: "pipes",
  exited: Promise.resolve(null),
  write: () => undefined,
  resize: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};
