/** What an environment adds to a shell. It is applied as variables, so that nothing has to be sourced per command. */
export interface Activation {
  variables: Record<string, string>;
  /** Variables that must not reach the shell. */
  without: readonly string[];
  /** Goes in front of PATH. */
  path: readonly string[];
}

/** Where conda comes from when it is not here: micromamba's program, or Miniforge's installer, which ends in `.sh`. */
export interface CondaSource {
  url: string;
  /** Null when it is written in a file of the same name with `.sha256` at its end. */
  sha256: string | null;
}

/** What making an environment needs from the world. */
export interface EnvironmentTools {
  readonly home: string;
  /** The PATH that shells of the run get. */
  readonly searchPath: string;
  /** Whether the disk of the home takes links; where nothing is said, it does. */
  readonly takesLinks?: boolean;
  /** Ends what is being fetched. */
  readonly signal: AbortSignal;
  /** Where a machine's own conda may be besides PATH; tests have none. */
  readonly condaPlaces?: readonly string[];
  /** Where a machine's own Pythons may be besides PATH; tests have none. */
  readonly pythonPlaces?: readonly string[];
  /** Asked only when conda has to be fetched. */
  condaSource(): CondaSource;
  /** Whether Python itself can be downloaded here. Asked only when one has to be. */
  canDownloadPython(): Promise<boolean>;
  /** Runs a program where a person can watch it, and resolves with its exit code; null when a signal ended it. */
  run(program: string, args: readonly string[], cwd: string): Promise<number | null>;
  /** Runs a program unseen. */
  ask(program: string, args: readonly string[], cwd: string): Promise<{ exitCode: number | null; stdout: string }>;
  /** Puts on the screen what a person who watches may want to know. */
  note(text: string): void;
  warn(message: string): void;
}

/** A kind of environment. Implementations are the sibling files, listed in `index.ts`. */
export interface EnvironmentKind<Request> {
  readonly label: string;
  /** Makes the environment when it is missing, and says what a shell inside it sees. */
  prepare(request: Request, tools: EnvironmentTools): Promise<Activation>;
}
