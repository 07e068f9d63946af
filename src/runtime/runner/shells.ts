import type { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { findProgram } from "../base/find-program.js";
import { listProcesses, signal } from "../base/processes.js";
import { PinokioError } from "../protocol/errors.js";
import { RUN_TOKEN_VARIABLE } from "../protocol/channel.js";
import { DEFAULT_TERMINAL_SIZE, type TerminalSize } from "../protocol/terminal.js";
import type { ShellRequest, ShellResult, Shells, TypedText } from "../methods/method.js";
import { endProcesses } from "./end-processes.js";
import { NO_TERMINAL, type OpenShell } from "./open-shell.js";
import type { OutputLog } from "./output-log.js";
import { OutputTail } from "./output-tail.js";
import type { ProgramBounds } from "./program-bounds.js";
import { PromptCounter, TELL_PROMPT } from "./prompt-counter.js";
import { argumentsOf, argumentsOfWaiting, type ArgumentsFor } from "./shell-arguments.js";
import { ShellSession } from "./shell-session.js";
import { loadNodePty, type NodePty, openPipes, openTerminal, type Terminal, type TerminalOptions } from "./terminal.js";
import { TypedAnswers } from "./typed-answers.js";
import { watcherFor, watchShell } from "./watch-shell.js";
import type { EnvironmentWishes } from "./world.js";

export interface ShellsOptions {
  runId: string;
  output: OutputLog;
  /** What a shell with these wishes sees. */
  environmentFor(wishes: EnvironmentWishes): Variables;
  onCountChanged(count: number): void;
  /** How large the terminal is that was opened or resized last. */
  onResized?(size: TerminalSize): void;
  warn(message: string): void;
  /** A command of a step with what a person wants of it; as it is without. */
  commandFor?(line: string): string;
  /** Variables that a command gets besides, so that its page works where it is opened. */
  variablesFor?(request: ShellRequest, env: Variables): Promise<Variables>;
  /** What the run's programs are held to: see there. */
  bounds?: ProgramBounds;
  /** Called with each shell that opens: what is to hear all that it prints. */
  onOutput?: readonly ((shell: string) => (bytes: Buffer) => void)[] | undefined;
  /** For tests; the real one is loaded when the first shell opens. */
  loadPty?: () => Promise<NodePty | Error>;
}

type Variables = Record<string, string>;

/** What a background process of an ended command gets before it is killed. */
const LEFTOVER_GRACE_MS = 500;

const NOTHING_YET = { stdout: "", response: "", event: undefined, error: undefined, exitCode: null };

/** The terminals of a run. */
export class RunShells implements Shells {
  readonly #options: ShellsOptions;
  readonly #open = new Set<OpenShell>();
  /** By the names that steps use. */
  readonly #named = new Map<string, OpenShell>();
  #sessions: readonly ShellSession[] = [];
  #size = DEFAULT_TERMINAL_SIZE;
  #hasHadTerminal = false;
  #nodePty: Promise<NodePty | Error> | null = null;

  constructor(options: ShellsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Of every shell, also those that are gone while something of theirs may live. */
  get sessions(): readonly ShellSession[] {
    return this.#sessions;
  }

  get leaders(): number[] {
    return [...this.#open].map(({ terminal }) => terminal.pid);
  }

  async run(written: ShellRequest): Promise<ShellResult> {
    const request = { ...written, command: this.#options.commandFor?.(written.command) ?? written.command };
    const watcher = watcherFor(request);
    this.#announce(request.command);
    const id = request.id ?? randomUUID();
    const shell = await this.#openFor(request, id, argumentsOf(request));
    if (request.detached === true) {
      return { id, pid: shell.terminal.pid, status: "started", ...NOTHING_YET };
    }
    const verdict = await watchShell(shell, watcher, () => this.#endLeftovers(shell));
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

  /** A shell that waits for what is typed into it. A name that is taken is given to the new one. */
  async start(request: ShellRequest): Promise<string> {
    const id = request.id ?? request.cwd;
    await this.stop(id);
    const watcher = watcherFor(request);
    const shell = await this.#openFor(request, id, argumentsOfWaiting, { PROMPT_COMMAND: TELL_PROMPT });
    await this.#untilPrompt(shell, 0);
    if (request.command.trim() === "") return id;
    const { prompts } = shell;
    const decided = watchShell(shell, watcher, () => this.#endLeftovers(shell));
    shell.terminal.write(`${request.command}\r`);
    const verdict = await Promise.race([decided, this.#untilPrompt(shell, prompts)]);
    shell.onData = null;
    if (verdict?.kind === "kill") await this.#end(shell);
    if (verdict?.kind !== "break") return id;
    throw new PinokioError("step-failed", `The output of shell.start says ${verdict.errors.join(", ")}`);
  }

  async type({ id, text, on }: TypedText): Promise<unknown> {
    const shell = this.#named.get(id);
    if (shell === undefined) {
      const open = [...this.#named.keys()];
      throw new PinokioError("step-failed", `shell ${id} does not exist`, {
        hint: open.length === 0 ? "No shell of this run is open" : `Open shells: ${open.join(", ")}`,
      });
    }
    const answers = new TypedAnswers(on);
    const { prompts } = shell;
    const answered = answers.watch(shell);
    shell.terminal.write(text.replaceAll("\n", "\r"));
    const ends = /[\r\n]$/.test(text) && shell.hasPrompts;
    const settled = ends ? this.#untilPrompt(shell, prompts).then(() => answers.atPrompt()) : null;
    const waits = [...(answers.isEmpty ? [] : [answered]), ...(settled === null ? [] : [settled])];
    try {
      if (waits.length === 0) return undefined;
      return await Promise.race([...waits, shell.terminal.exited.then(() => answers.atPrompt())]);
    } finally {
      shell.onData = null;
    }
  }

  async stop(id: string): Promise<void> {
    const shell = this.#named.get(id);
    if (shell !== undefined) await this.#end(shell);
  }

  /** Resolves with null at the next prompt after so many, or when the shell is gone. */
  #untilPrompt(shell: OpenShell, after: number): Promise<null> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (shell.prompts <= after) return;
        shell.waiting.delete(check);
        resolve(null);
      };
      shell.waiting.add(check);
      void shell.terminal.exited.then(() => resolve(null));
      check();
    });
  }

  async #openFor(
    request: ShellRequest,
    id: string,
    argsFor: ArgumentsFor,
    more: Record<string, string> = {},
  ): Promise<OpenShell> {
    const own = this.#options.environmentFor(request);
    const env = { ...own, ...(await this.#options.variablesFor?.(request, own)) };
    const program = findProgram(request.shell ?? "bash", env["PATH"]);
    if (program === null) {
      throw new PinokioError("tool-missing", `The shell ${request.shell ?? "bash"} was not found`);
    }
    const shell = await this.#start({
      id,
      program,
      argsFor,
      cwd: request.cwd,
      env: { ...env, ...more },
      columns: request.columns ?? this.#size.columns,
      rows: request.rows ?? this.#size.rows,
    });
    shell.hasPrompts = "PROMPT_COMMAND" in more;
    this.#named.set(id, shell);
    void shell.terminal.exited.then(() => {
      if (this.#named.get(id) === shell) this.#named.delete(id);
    });
    return shell;
  }

  /** Runs a program where its output can be seen, and resolves with its exit code. */
  async runProgram(program: string, args: readonly string[], cwd: string): Promise<number | null> {
    this.#announce([program, ...args].join(" "));
    const env = this.#options.environmentFor({ activation: null, env: {}, without: [], requireVirtualenv: false });
    const shell = await this.#start({
      id: randomUUID(),
      program,
      argsFor: () => args,
      cwd,
      env,
      ...this.#size,
    });
    return shell.terminal.exited;
  }

  /** What a person types goes to the shell that was opened last. */
  typed(text: string): void {
    [...this.#open].at(-1)?.terminal.write(text);
  }

  /** Also for those that are opened from now on. */
  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    for (const { terminal } of this.#open) terminal.resize(columns, rows);
    if (this.#hasHadTerminal) this.#noteSize(this.#size);
  }

  #noteSize(size: TerminalSize): void {
    this.#hasHadTerminal = true;
    this.#options.onResized?.(size);
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

  async #start(
    order: Omit<TerminalOptions, "args" | "onData"> & { id: string; argsFor: ArgumentsFor },
  ): Promise<OpenShell> {
    const { output, runId } = this.#options;
    const { id, argsFor, ...rest } = order;
    const listeners = (this.#options.onOutput ?? []).map((listen) => listen(id));
    const tail = new OutputTail();
    const shell: OpenShell = {
      tail,
      terminal: NO_TERMINAL,
      session: null,
      exitCode: null,
      onData: null,
      prompts: 0,
      hasPrompts: false,
      waiting: new Set(),
    };
    const prompts = new PromptCounter();
    const options = {
      ...rest,
      env: { ...order.env, [RUN_TOKEN_VARIABLE]: runId },
      onData: (bytes: Buffer) => {
        tail.add(bytes);
        for (const hear of listeners) hear(bytes);
        if (!output.append(bytes)) shell.terminal.pause();
        shell.onData?.(bytes);
        if (!shell.hasPrompts && shell.waiting.size === 0) return;
        shell.prompts += prompts.add(bytes);
        for (const check of shell.waiting) check();
      },
    };
    shell.terminal = await this.#openAny(options, argsFor);
    this.#options.bounds?.started(shell.terminal.pid);
    this.#open.add(shell);
    if (shell.terminal.kind === "terminal") this.#noteSize({ columns: order.columns, rows: order.rows });
    shell.session = new ShellSession(shell.terminal.pid, runId);
    this.#sessions = [...this.#sessions, shell.session];
    this.#options.onCountChanged(this.count);
    void shell.terminal.exited.then((exitCode) => {
      shell.exitCode = exitCode;
      this.#open.delete(shell);
      this.#noteEnd(shell);
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
        return openTerminal(nodePty, this.#bounded({ ...options, args: argsFor("terminal", options.env) }));
      } catch (error) {
        problem = error instanceof Error ? error : new Error(String(error));
      }
    }
    this.#options.warn(`No terminal: using pipes (${problem?.message.split("\n")[0] ?? "unknown reason"})`);
    return openPipes(this.#bounded({ ...options, args: argsFor("pipes", options.env) }));
  }

  #bounded(options: TerminalOptions): TerminalOptions {
    return { ...options, ...this.#options.bounds?.command(options.program, options.args) };
  }

  async #end(shell: OpenShell): Promise<void> {
    await this.#endLeftovers(shell);
    // One that has only just been started is in no session yet.
    if (this.#open.has(shell)) signal(shell.terminal.pid, "SIGKILL");
    await shell.terminal.exited;
  }

  /** A command that is over takes what it left in the background with it, unless that made itself independent. */
  async #endLeftovers(shell: OpenShell): Promise<void> {
    const { session } = shell;
    if (session === null) return;
    const find = (): number[] => session.members();
    if (find().length === 0) return;
    const shells = this.#open.has(shell) ? [session.leader] : [];
    await endProcesses({ find, shells, interruptMs: LEFTOVER_GRACE_MS / 2, graceMs: () => LEFTOVER_GRACE_MS });
  }

  /** Sessions that nothing is left of are forgotten: their numbers may be somebody else's from now on. */
  #noteEnd({ session }: OpenShell): void {
    const all = listProcesses();
    session?.close(all);
    const open = new Set([...this.#open].map((shell) => shell.session));
    this.#sessions = this.#sessions.filter((each) => open.has(each) || each.membersAmong(all).length > 0);
  }
}
