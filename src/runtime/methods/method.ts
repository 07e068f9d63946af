import type { Buffer } from "node:buffer";
import type * as z from "zod";

/** Something a script's step can call. Implementations are the sibling files, listed in `index.ts`. */
export interface Method {
  /** One sentence for the reference page. */
  readonly summary: string;
  readonly params: z.ZodType;
  run(params: unknown, context: MethodContext): Promise<unknown>;
}

/** Writes a method down with its parameters' type known to its body. The context is checked by whoever calls it. */
export function defineMethod<Params extends z.ZodType>(method: {
  summary: string;
  params: Params;
  run(params: z.output<Params>, context: MethodContext): Promise<unknown>;
}): Method {
  return { ...method, run: (params, context) => method.run(params as z.output<Params>, context) };
}

/** What a method may touch. The runner supplies it; a method that needs more asks for it here. */
export interface MethodContext {
  /** Folder of the script: what relative paths are relative to. */
  readonly cwd: string;
  readonly home: string;
  /** Ends what the method does; the run was asked to stop. */
  readonly signal: AbortSignal;
  /** What the previous step gave. */
  readonly input: unknown;
  readonly local: Record<string, unknown>;
  readonly global: Record<string, unknown>;
  readonly shells: Shells;
  readonly environments: EnvironmentProvider;
  readonly programs: Programs;
  /** The app's folder below `<home>/api`; null for a script that lies elsewhere. */
  readonly app: string | null;
  /** What templates see as `env`. */
  env(): Readonly<Record<string, string | undefined>>;
  /** Changes lines of the app's ENVIRONMENT file; shells and templates see them from now on. */
  setEnvironment(values: Readonly<Record<string, string>>): void;
  /** What a `.json` or `.js` file of an author holds, read afresh. */
  load(path: string): Promise<unknown>;
  /** Tells whoever watches something they may act on, such as a page to open. Nobody need be there. */
  tell(kind: string, params: unknown): void;
  /** Keeps local variables, by their dotted keys, for the next runs of this app's scripts. */
  keep(values: object): void;
  /** Whether `net.*` may ask addresses behind which clouds keep a machine's secrets. */
  readonly mayAskLinkLocal: boolean;
  /** Whether the disk of the home takes links. */
  readonly takesLinks: boolean;
  /** Throws when the app may take no more of the disk. */
  checkRoom(): Promise<void>;
  /** Tells watchers that `local` or `global` changed. */
  memoryChanged(): void;
  /**
   * Where a path that a script names lies, relative to the script's folder unless another is given: `~/` is the Pinokio
   * home, and what an author wrote on Windows or a Mac is mapped into it.
   */
  resolvePath(path: string, from?: string): string;
  /**
   * Asks the person a question, such as a form, and resolves with the answer. Nobody need be there: it waits without
   * cost until somebody answers, or throws the signal's reason when the run is stopped.
   */
  ask(kind: string, params: unknown): Promise<unknown>;
  /** Other scripts of this home. */
  readonly scripts: Scripts;
  /** Runs another list of this script beside the present one, in the same run. */
  trigger(action: string, input: unknown): void;
  /** Runs a program where its output can be watched, and resolves with its exit code; null when a signal ended it. */
  runProgram(program: string, args: readonly string[], cwd: string): Promise<number | null>;
  /** What the step itself says beside its parameters, rendered: `on_error`, `daemon`, `persist`. */
  readonly step: Readonly<Record<string, unknown>>;
  /** The script's file, and what it was started with. */
  readonly file: string;
  readonly args: unknown;
  /** Puts on the screen what the script wants to say. */
  print(text: string): void;
  /** Puts on the screen what a person who watches may want to know. */
  note(text: string): void;
  /** Something a person should know that does not end the run. */
  warn(message: string): void;
  /** Goes on at another step, whatever the step's own `next` says. */
  jump(target: { id: unknown } | { index: unknown }): void;
}

/** What is known about one script, as of the moment it is asked for. */
export interface ScriptInfo {
  running: boolean;
  ready: boolean;
  /** Empty unless it runs. */
  local: Record<string, unknown>;
  /** Its latest run. */
  runId?: string | undefined;
}

/** How a script that was started came to rest. */
export type ScriptResult =
  /** It ran already, so nothing was started. */
  | { kind: "already" }
  /** It runs, and nobody waits for it. */
  | { kind: "begun"; id: string }
  | { kind: "done"; value: unknown }
  | { kind: "stopped" }
  | { kind: "failed"; error: Error; hadBegun: boolean };

export interface ScriptStart {
  /** The list to run instead of `run`. */
  action?: string | undefined;
  /** Variables for all of its shells. */
  env?: Record<string, unknown> | undefined;
  /** Resolves once it has begun. */
  isLeftAlone?: boolean;
}

/** Other scripts. Each runs on its own, whatever becomes of the one that started it. Paths are absolute. */
export interface Scripts {
  find(file: string): ScriptInfo | null;
  /** The script whose latest run has this id, or null. */
  fileOf(runId: string): string | null;
  /** Resolves when the script is ready or over, or has begun. */
  start(file: string, input: unknown, options?: ScriptStart): Promise<ScriptResult>;
  /** Resolves when none of them runs any more. */
  stop(files: readonly string[]): Promise<void>;
  /** Stops it if it runs and starts it again, some time after this resolves. */
  restart(file: string, input: unknown): Promise<void>;
  /** What it has printed last. */
  output(file: string, lines: number): Promise<string>;
}

export interface ProgramRequest {
  /** A name, looked up as a shell of this run would, or a path. */
  program: string;
  args: readonly string[];
  cwd: string;
  /** Variables of the step; they win over all others. */
  env?: Record<string, unknown>;
  /** What it reads. */
  input?: string;
  timeoutMs?: number;
}

export interface ProgramResult {
  /** Null when a signal ended it. */
  exitCode: number | null;
  stdout: Buffer;
  stderr: Buffer;
}

/** Programs that run without a terminal, unseen. */
export interface Programs {
  /** Where a shell of this run would find a program, or null. */
  find(name: string): string | null;
  /** Ends the program when the run is asked to stop. Throws when it is not there. */
  run(request: ProgramRequest): Promise<ProgramResult>;
}

export interface ShellRequest {
  /** The name other steps use for it; by default a new one. */
  id: string | undefined;
  /** One command line, or several lines. */
  command: string;
  cwd: string;
  /** Variables of the step; they win over all others. */
  env: Record<string, unknown>;
  /** Names of variables to leave out. */
  without: readonly string[];
  activation: Activation | null;
  /** The program instead of bash: a name or a path. */
  shell: string | undefined;
  /** The patterns of the step, as written. */
  on: unknown;
  /** Somebody types into it, and a prompt does not end it. */
  interactive: boolean;
  /** Without a package manager's own environment, pip refuses to touch the system's packages. */
  requireVirtualenv: boolean;
  columns: number | undefined;
  rows: number | undefined;
  /** The step is over at once; the shell goes on until the run ends. */
  detached?: boolean;
  /** A pattern matched that names another list of the script, or something to tell the person. */
  onTrigger?(action: string, event: RegExpExecArray): void;
  onNotify?(params: unknown): void;
}

export interface TypedText {
  /** Of a shell that is open. */
  id: string;
  /** What to type, with its line end if it has one. */
  text: string;
  /** Patterns, each with what the step gives when it matches. */
  on: unknown;
}

export interface ShellResult {
  id: string;
  stdout: string;
  response: string;
  /** The last match that was captured. */
  event: RegExpExecArray | undefined;
  /** What matched a pattern that breaks the step, shortest first. */
  error: string[] | undefined;
  /** Null while the shell still runs, and when a signal ended it. */
  exitCode: number | null;
  /** Of a shell that was left running on purpose. */
  pid?: number;
  status?: "started";
}

export interface Shells {
  /** Resolves when the command has ended or one of its patterns says that the step is over. */
  run(request: ShellRequest): Promise<ShellResult>;
  /** Opens a shell that stays, and resolves with its name once it waits for input. */
  start(request: ShellRequest): Promise<string>;
  /** Types, and resolves when a pattern matches or the shell waits for input again. */
  type(typed: TypedText): Promise<unknown>;
  /** Ends a shell and what it has started; one that is not there is fine. */
  stop(id: string): Promise<void>;
}

/** What an environment adds to a shell, instead of being sourced by it. */
export interface Activation {
  variables: Record<string, string>;
  without: readonly string[];
  /** Goes in front of PATH. */
  path: readonly string[];
}

/** Where environments come from: methods ask for them and make none. */
export interface EnvironmentProvider {
  /** Makes the environment when it is missing. */
  venv(request: {
    path: string;
    python: string | null;
    cwd: string;
    /** Folders of an environment around it, whose Python makes it. */
    within?: readonly string[];
  }): Promise<Activation>;
  conda(request: {
    env: { path: string } | { name: string };
    python: string | null;
    args: string;
    activate: unknown;
    cwd: string;
  }): Promise<Activation>;
}
