import type { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { startTimeOf } from "../base/processes.js";
import { PinokioError } from "../protocol/errors.js";

export interface TerminalOptions {
  program: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  columns: number;
  rows: number;
  onData(bytes: Buffer): void;
}

/** A program with a screen and a keyboard, in a session of its own. */
export interface Terminal {
  readonly pid: number;
  /** Without a terminal, programs see pipes: no colours, no prompts, no window size. */
  readonly kind: "terminal" | "pipes";
  /** Resolves once the program is gone and all it printed was handed over. Null when a signal ended it. */
  readonly exited: Promise<number | null>;
  write(text: string): void;
  resize(columns: number, rows: number): void;
  /** Lets the program wait with its output. */
  pause(): void;
  resume(): void;
}

/** Terminals as scripts expect them. */
const TERMINAL_NAME = "xterm-color";

/** What the shells of a run are started with: nobody's settings. By it they are told from shells that scripts start. */
export const SHELL_FLAGS = ["--noprofile", "--norc"] as const;

export type NodePty = Pick<typeof import("@lydell/node-pty"), "spawn">;

/** The library that makes terminals, or why it cannot be had on this machine. */
export async function loadNodePty(): Promise<NodePty | Error> {
  try {
    return await import("@lydell/node-pty");
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

export function openTerminal(nodePty: NodePty, options: TerminalOptions): Terminal {
  const { program, args, cwd, env, columns, rows, onData } = options;
  const terminal = nodePty.spawn(program, [...args], {
    name: TERMINAL_NAME,
    cols: columns,
    rows,
    cwd,
    env,
    encoding: null, // bytes as they come: they go to a file, and a file needs no text
  });
  const { pid } = terminal;
  terminal.onData((bytes: unknown) => onData(bytes as Buffer));
  let pausedFor: NodeJS.Timeout | null = null;
  const resume = (): void => {
    if (pausedFor !== null) clearInterval(pausedFor);
    pausedFor = null;
    terminal.resume();
  };
  return {
    pid,
    kind: "terminal",
    exited: new Promise((resolve) => {
      terminal.onExit(({ exitCode, signal }) => resolve(signal ? null : exitCode));
    }),
    write: (text) => terminal.write(text),
    resize: (width, height) => terminal.resize(width, height),
    pause: () => {
      terminal.pause();
      // What a program left unread when it ended is thrown away 200 ms later, so it is read before that.
      pausedFor ??= setInterval(() => {
        if (startTimeOf(pid) === null) resume();
      }, 50);
    },
    resume,
  };
}

export function openPipes({ program, args, cwd, env, onData }: TerminalOptions): Promise<Terminal> {
  const child = spawn(program, [...args], {
    cwd,
    // Without a screen Python keeps back what it prints, and patterns would wait for it for ever.
    env: { ...env, TERM: "dumb", PYTHONUNBUFFERED: "1" },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const { stdin, stdout, stderr } = child;
  stdin.on("error", () => undefined); // the program closed its keyboard
  for (const stream of [stdout, stderr]) stream.on("data", onData);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(
        new PinokioError("terminal-failed", `${program} could not be started: ${error.message}`, { cause: error }),
      );
    });
    child.once("spawn", () => {
      const { pid } = child;
      if (pid === undefined) return;
      resolve({
        pid,
        kind: "pipes",
        exited: closeOf(child, [stdout, stderr]),
        write: (text) => void stdin.write(text),
        resize: () => undefined,
        pause: () => [stdout, stderr].forEach((stream) => stream.pause()),
        resume: () => [stdout, stderr].forEach((stream) => stream.resume()),
      });
    });
  });
}

const AFTER_EXIT_MS = 200;

/** A program that goes on in the background holds the pipes open; the command is over without it. */
function closeOf(child: ReturnType<typeof spawn>, streams: readonly NodeJS.ReadableStream[]): Promise<number | null> {
  return new Promise((resolve) => {
    let code: number | null = null;
    child.once("exit", (exitCode) => {
      code = exitCode;
      setTimeout(() => resolve(code), AFTER_EXIT_MS).unref();
      for (const stream of streams) stream.resume();
    });
    child.once("close", () => resolve(code));
  });
}
