import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { findProgram } from "../base/find-program.js";
import { startTimeOf } from "../base/processes.js";
import { PinokioError } from "../protocol/errors.js";
import { RUN_TOKEN_VARIABLE } from "../protocol/channel.js";
import type { ShellRequest, ShellResult, Shells } from "../methods/method.js";
import { endProcesses } from "./end-processes.js";
import type { OutputLog } from "./output-log.js";
import { screenText } from "./plain-text.js";
import { processesOfSessions, type Session } from "./processes-of-run.js";
import {
  loadNodePty,
  type NodePty,
  openPipes,
  openTerminal,
  SHELL_FLAGS,
  type Terminal,
  type TerminalOptions,
} from "./terminal.js";
import { OutputWatcher, readHandlers, type Verdict } from "./terminal-events.js";
import type { EnvironmentWishes } from "./world.js";

export interface ShellsOptions {
  runId: string;
  output: OutputLog;
  /** What a shell with these wishes sees. */
  environmentFor(wishes: EnvironmentWishes): Variables;
  onCountChanged(count: number): void;
  warn(message: string): void;
  /** For tests; the real one is loaded when the first shell opens. */
  loadPty?: () => Promise<NodePty | Error>;
}

type Variables = Record<string, string>;

const COLUMNS = 100;
const ROWS = 30;

/** How long output must pause before a match at its end is taken as it is. */
const QUIET_MS = 100;

/** What a background process of an ended command gets before it is killed. */
const LEFTOVER_GRACE_MS = 500;

/** The terminals of a run. */
export class RunShells implements Shells {
  readonly #options: ShellsOptions;
  readonly #open = new Set<OpenShell>();
  readonly #sessions: Session[] = [];
  #nodePty: Promise<NodePty | Error> | null = null;

  constructor(options: ShellsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Of every shell there ever was: a program may outlive the shell that started it. */
  get sessions(): readonly Session[] {
    return this.#sessions;
  }

  get leaders(): number[] {
    return [...this.#open].map(({ terminal }) => terminal.pid);
  }

  async run(request: ShellRequest): Promise<ShellResult> {
    const watcher = new OutputWatcher(readHandlers(request.on), request.interactive);
    const env = this.#options.environmentFor(request);
    const program = findProgram(request.shell ?? "bash", env["PATH"]);
    if (program === null) {
      throw new PinokioError("tool-missing", `The shell ${request.shell ?? "bash"} was not found`);
    }
    this.#announce(request.command);
    const shell = await this.#start({
      program,
      argsFor: (kind) => bashArguments(request, kind),
      cwd: request.cwd,
      env,
      columns: request.columns ?? COLUMNS,
      rows: request.rows ?? ROWS,
    });
    const id = request.id ?? randomUUID();
    const verdict = await this.#watch(shell, watcher);
    if (verdict?.kind === "kill") await this.#end(shell);
    const stdout = verdict?.kind === "break" ? verdict.text : shell.tail.screen();
    return {
      id,
      stdout,
      response: stdout,
      event: watcher.event,
      error: verdict?.kind === "break" ? verdict.errors : undefined,
      exitCode: shell.exitCode,
    };
  }

  /** Runs a program where its output can be seen, and resolves with its exit code. */
  async runProgram(program: string, args: readonly string[], cwd: string): Promise<number | null> {
    this.#announce([program, ...args].join(" "));
    const env = this.#options.environmentFor({ activation: null, env: {}, without: [], requireVirtualenv: false });
    const shell = await this.#start({ program, argsFor: () => args, cwd, env, columns: COLUMNS, rows: ROWS });
    return shell.terminal.exited;
  }

  /** The disk has caught up. */
  resume(): void {
    for (const { terminal } of this.#open) terminal.resume();
  }

  /** Resolves when the last shell is gone and its output was handed over, or after `limitMs`. */
  async allGone(limitMs: number): Promise<void> {
    const gone = Promise.all([...this.#open].map(({ terminal }) => terminal.exited));
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, limitMs).unref())]);
  }

  #announce(command: string): void {
    const shown = command.trim().replaceAll(/\r?\n/g, "\r\n  ");
    if (shown !== "") this.#options.output.print(`\x1b[1m$ ${shown}\x1b[0m\r\n`);
  }

  async #start(order: Omit<TerminalOptions, "args" | "onData"> & { argsFor: ArgumentsFor }): Promise<OpenShell> {
    const { output, runId } = this.#options;
    const { argsFor, ...rest } = order;
    const tail = new OutputTail();
    const shell: OpenShell = { tail, terminal: NO_TERMINAL, exitCode: null, onData: null };
    const options = {
      ...rest,
      env: { ...order.env, [RUN_TOKEN_VARIABLE]: runId },
      onData: (bytes: Buffer) => {
        tail.add(bytes);
        if (!output.append(bytes)) shell.terminal.pause();
        shell.onData?.(bytes);
      },
    };
    shell.terminal = await this.#openAny(options, argsFor);
    this.#open.add(shell);
    this.#sessions.push({ leader: shell.terminal.pid, startTime: startTimeOf(shell.terminal.pid) });
    this.#options.onCountChanged(this.count);
    void shell.terminal.exited.then((exitCode) => {
      shell.exitCode = exitCode;
      this.#open.delete(shell);
      this.#options.onCountChanged(this.count);
    });
    return shell;
  }

  async #openAny(options: Omit<TerminalOptions, "args">, argsFor: ArgumentsFor): Promise<Terminal> {
    this.#nodePty ??= (this.#options.loadPty ?? loadNodePty)();
    const nodePty = await this.#nodePty;
    let problem = nodePty instanceof Error ? nodePty : null;
    if (!(nodePty instanceof Error)) {
      try {
        return openTerminal(nodePty, { ...options, args: argsFor("terminal") });
      } catch (error) {
        problem = error instanceof Error ? error : new Error(String(error));
      }
    }
    this.#options.warn(`No terminal: using pipes (${problem?.message.split("\n")[0] ?? "unknown reason"})`);
    return openPipes({ ...options, args: argsFor("pipes") });
  }

  /** Resolves when the output decides about the step, or the command is over. */
  #watch(shell: OpenShell, watcher: OutputWatcher): Promise<Verdict | null> {
    return new Promise((resolve) => {
      let quiet: NodeJS.Timeout | null = null;
      const finish = (verdict: Verdict | null): void => {
        if (quiet !== null) clearTimeout(quiet);
        shell.onData = null;
        resolve(verdict);
      };
      const consider = (verdict: Verdict | null): boolean => {
        if (verdict === null) return false;
        finish(verdict);
        return true;
      };
      shell.onData = (bytes) => {
        if (quiet !== null) clearTimeout(quiet);
        quiet = null;
        if (consider(watcher.push(bytes)) || !watcher.isPending) return;
        quiet = setTimeout(() => consider(watcher.settle()), QUIET_MS);
      };
      void shell.terminal.exited.then(async () => {
        if (shell.onData === null) return;
        await this.#endLeftovers(shell);
        if (shell.onData !== null) finish(watcher.end(shell.tail.screen()));
      });
    });
  }

  async #end(shell: OpenShell): Promise<void> {
    await this.#endLeftovers(shell);
    await shell.terminal.exited;
  }

  /** A command that is over takes what it left in the background with it, unless that made itself independent. */
  async #endLeftovers(shell: OpenShell): Promise<void> {
    const { pid } = shell.terminal;
    const session = this.#sessions.filter(({ leader }) => leader === pid);
    const find = (): number[] => processesOfSessions(session);
    if (find().length === 0) return;
    await endProcesses({ find, shells: [pid], interruptMs: LEFTOVER_GRACE_MS / 2, graceMs: () => LEFTOVER_GRACE_MS });
  }
}

interface OpenShell {
  readonly tail: OutputTail;
  terminal: Terminal;
  exitCode: number | null;
  /** Whoever waits for this shell's output; null once nobody does. */
  onData: ((bytes: Buffer) => void) | null;
}

type ArgumentsFor = (kind: Terminal["kind"]) => readonly string[];

/** Before a shell is open nothing can come from it. */
const NO_TERMINAL: Terminal = {
  pid: 0,
  kind: "pipes",
  exited: Promise.resolve(null),
  write: () => undefined,
  resize: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

/**
 * The command is handed over rather than typed, so that output holds no echo of it. It is interactive all the same:
 * scripts source files that do nothing in a shell that is not, and read messages as a person sees them.
 */
function bashArguments({ command, interactive }: ShellRequest, kind: Terminal["kind"]): readonly string[] {
  if (kind === "pipes") return [...SHELL_FLAGS, "-c", command];
  const stay = interactive ? `${command}\nexec "$BASH" ${SHELL_FLAGS.join(" ")} -i` : command;
  return [...SHELL_FLAGS, "-i", "-c", stay];
}

const TAIL_BYTES = 1024 * 1024;

/** The last of what a shell printed. */
class OutputTail {
  #parts: Buffer[] = [];
  #bytes = 0;

  add(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
    for (let first = this.#parts[0]; first !== undefined && this.#bytes - first.length >= TAIL_BYTES;) {
      this.#parts.shift();
      this.#bytes -= first.length;
      first = this.#parts[0];
    }
  }

  screen(): string {
    return screenText(Buffer.concat(this.#parts).toString("utf8"));
  }
}
