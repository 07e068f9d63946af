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
  /** Tells watchers that `local` or `global` changed. */
  memoryChanged(): void;
  /** Where a path that a script names lies: `~/` is the Pinokio home. */
  resolvePath(path: string): string;
  /** Puts on the screen what the script wants to say. */
  print(text: string): void;
  /** Puts on the screen what a person who watches may want to know. */
  note(text: string): void;
  /** Something a person should know that does not end the run. */
  warn(message: string): void;
  /** Goes on at another step, whatever the step's own `next` says. */
  jump(target: { id: unknown } | { index: unknown }): void;
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
}

export interface Shells {
  /** Resolves when the command has ended or one of its patterns says that the step is over. */
  run(request: ShellRequest): Promise<ShellResult>;
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
  venv(request: { path: string; python: string | null; cwd: string }): Promise<Activation>;
}
