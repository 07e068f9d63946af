import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { findProgram } from "../base/find-program.js";
import { listProcesses, signal } from "../base/processes.js";
import { PinokioError } from "../protocol/errors.js";
import { RUN_TOKEN_VARIABLE } from "../protocol/channel.js";
import { DEFAULT_TERMINAL_SIZE, type TerminalSize } from "../protocol/terminal.js";
import type { ShellRequest, ShellResult, Shells, TypedText } from "../methods/method.js";
import { renderValue } from "../script/template.js";
import { endProcesses } from "./end-processes.js";
import type { OutputLog } from "./output-log.js";
import { PlainTextStream, screenText } from "../base/plain-text.js";
import type { ProgramBounds } from "./program-bounds.js";
import { ShellSession } from "./shell-session.js";
import {
  loadNodePty,
  type NodePty,
  openPipes,
  openTerminal,
  SHELL_FLAGS,
  type Terminal,
  type TerminalOptions,
} from "./terminal.js";
import { OutputWatcher, parsePattern, readHandlers, takesMore, type Verdict } from "./terminal-events.js";
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

/**
 * How long output must pause before a match at its end is taken as it is. A busy machine may halt a program in the
 * middle of an address; and the line of an error may come in pieces, after which the program is ended with what it has
 * said by then.
 */
const PAUSE_MS = { match: 100, growing: 1_000, error: 1_000 };

/** What a background process of an ended command gets before it is killed. */
const LEFTOVER_GRACE_MS = 500;

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
    const shell = await this.#openFor(request, id, (kind, env) =>
      isBash(request.shell) ? bashArguments(request, kind, env) : ["-c", request.command],
    );
    if (request.detached === true) {
      return { id, pid: shell.terminal.pid, status: "started", ...NOTHING_YET };
    }
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

  /** A shell that waits for what is typed into it. A name that is taken is given to the new one. */
  async start(request: ShellRequest): Promise<string> {
    const id = request.id ?? request.cwd;
    await this.stop(id);
    const watcher = watcherFor(request);
    const shell = await this.#openFor(request, id, () => [...SHELL_FLAGS, "-i"], { PROMPT_COMMAND: TELL_PROMPT });
    await this.#untilPrompt(shell, 0);
    if (request.command.trim() === "") return id;
    const { prompts } = shell;
    const decided = this.#watch(shell, watcher);
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
        if (consider(watcher.push(bytes)) || watcher.pending === null) return;
        quiet = setTimeout(() => consider(watcher.settle()), PAUSE_MS[watcher.pending]);
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

interface OpenShell {
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

/** A mark that terminals do not show: the shell waits for input. */
const PROMPT_MARK = "\x1b]133;A\x07";
const TELL_PROMPT = "printf '\\033]133;A\\007'";

/** Counts marks in output that arrives in pieces. */
class PromptCounter {
  #rest = "";

  add(bytes: Buffer): number {
    const parts = (this.#rest + bytes.toString("latin1")).split(PROMPT_MARK);
    this.#rest = parts.at(-1)?.slice(-(PROMPT_MARK.length - 1)) ?? "";
    return parts.length - 1;
  }
}

const NOTHING_YET = { stdout: "", response: "", event: undefined, error: undefined, exitCode: null };

function watcherFor({ on, interactive, onTrigger, onNotify }: ShellRequest): OutputWatcher {
  return new OutputWatcher(readHandlers(on), interactive, ({ trigger, notify }, event) => {
    if (trigger !== undefined) onTrigger?.(trigger, event);
    if (notify !== undefined) onNotify?.(renderValue(notify, { scope: { event }, isOwnText: () => false }));
  });
}

/** What a step that types wants to know: patterns, and what the step gives when one matches. */
class TypedAnswers {
  readonly #handlers: readonly { pattern: RegExp | null; gives: unknown }[];
  #text = "";

  constructor(on: unknown) {
    const written = Array.isArray(on) ? (on as unknown[]) : on === undefined || on === null ? [] : [on];
    this.#handlers = written.map((handler, index) => {
      const { event, return: gives } = handler as { event?: unknown; return?: unknown };
      const pattern = event === null || event === undefined ? null : parsePattern(event, index);
      return { pattern, gives };
    });
  }

  /** Whether nothing but the prompt can end the step. */
  get isEmpty(): boolean {
    return this.#handlers.every(({ pattern }) => pattern === null);
  }

  /**
   * What the step gives when the shell waits for input again. The prompt's mark can arrive before anything shows that
   * the match in front of it is whole.
   */
  atPrompt(): unknown {
    const found = this.#find();
    if (found !== null) return this.#render(found.gives, found.matches);
    const gives = this.#handlers.find(({ pattern }) => pattern === null)?.gives;
    return this.#render(gives, []);
  }

  /** Resolves with what the first matching pattern gives. */
  watch(shell: OpenShell): Promise<unknown> {
    const decoder = new StringDecoder("utf8");
    const plain = new PlainTextStream();
    let quiet: NodeJS.Timeout | null = null;
    let isLineOver = false;
    return new Promise((resolve) => {
      const check = (isQuiet: boolean): void => {
        const found = this.#find();
        if (found === null) return;
        if (isQuiet || found.isFollowed) resolve(this.#render(found.gives, found.matches));
        else quiet = setTimeout(() => check(true), found.isOpen && !isLineOver ? PAUSE_MS.growing : PAUSE_MS.match);
      };
      shell.onData = (bytes) => {
        if (quiet !== null) clearTimeout(quiet);
        const text = plain.push(decoder.write(bytes));
        if (text !== "") isLineOver = text.endsWith("\n");
        this.#text = (this.#text + text.replaceAll("\n", "")).slice(-MOST_TYPED_TEXT);
        check(false);
      };
    });
  }

  /** The first pattern that the text has so far, whether text follows, and whether the match would take in what comes. */
  #find(): { gives: unknown; matches: RegExpExecArray[]; isFollowed: boolean; isOpen: boolean } | null {
    for (const { pattern, gives } of this.#handlers) {
      const matches = pattern === null ? [] : [...this.#text.matchAll(pattern)];
      const [match] = matches;
      if (pattern === null || match === undefined) continue;
      const isFollowed = match.index + match[0].length < this.#text.length;
      return { gives, matches, isFollowed, isOpen: !isFollowed && takesMore(pattern, match) };
    }
    return null;
  }

  #render(gives: unknown, matches: RegExpExecArray[]): unknown {
    return renderValue(gives, { scope: { event: { matches } }, isOwnText: () => false });
  }
}

const MOST_TYPED_TEXT = 256 * 1024;

type ArgumentsFor = (kind: Terminal["kind"], env: Variables) => readonly string[];

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

/** Other shells know neither its flags nor what we ask of its prompt. */
const isBash = (shell = "bash"): boolean => /^bash/.test(basename(shell));

/**
 * The command is handed over rather than typed, so that output holds no echo of it. It is interactive all the same:
 * scripts source files that do nothing in a shell that is not, and read messages as a person sees them.
 */
function bashArguments(
  { command, interactive }: ShellRequest,
  kind: Terminal["kind"],
  env: Variables,
): readonly string[] {
  if (kind === "pipes") return [...SHELL_FLAGS, "-c", command];
  // The usual prompt is a mark for machines. Any other is somebody's own, and they expect to see it.
  const shown = env["PS1"]?.includes("PINOKIO_SHELL") ? "" : `trap 'printf %s "\${PS1@P}"' EXIT\n`;
  const stay = interactive ? `${command}\nexec "$BASH" ${SHELL_FLAGS.join(" ")} -i` : command;
  return [...SHELL_FLAGS, "-i", "-c", interactive ? stay : shown + stay];
}

const TAIL_BYTES = 1024 * 1024;
const FIRST_TAIL_BYTES = 64 * 1024;

/** The last of what a shell printed, in memory of its own: what was read is free again at once. */
class OutputTail {
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
