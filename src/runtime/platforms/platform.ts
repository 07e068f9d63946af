/** What a platform is recognised by: passed in, so that every platform can be tried on any machine. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  userHome: string;
  exists(path: string): boolean;
}

/** A place the sidecar can run. Implementations are the sibling files, listed in `index.ts`. */
export interface Platform {
  readonly name: string;
  readonly label: string;
  /** One sentence: what outlives this machine and what does not. */
  readonly keeps: string;
  /** The home when nobody chose one. */
  home(surroundings: Surroundings): string;
  /** The folder that outlives the machine, or null while it is not there. */
  vault?(surroundings: Surroundings): string | null;
  detect(surroundings: Surroundings): boolean;
}
