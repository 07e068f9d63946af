import type { MachineRule } from "../protocol/machine.js";
import type { PlatformPolicy } from "../protocol/system.js";

/** What a platform is recognised by: passed in, so that every platform can be tried on any machine. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  userHome: string;
  exists(path: string): boolean;
}

/** What a person should know of a place. Only what was looked up, never what is likely. */
export interface PlatformRule {
  about: MachineRule["about"];
  text: string;
  /** Month and year in which that was so, where it may change. */
  asOf?: string;
}

/** A place the sidecar can run. Implementations are the sibling files, listed in `index.ts`. */
export interface Platform {
  readonly name: string;
  readonly label: string;
  /** One sentence: what outlives this machine and what does not. */
  readonly keeps: string;
  /** What else holds here, besides what it keeps. */
  readonly rules?: readonly PlatformRule[];
  /** What a person has to know before they begin; told once. */
  readonly policy?: PlatformPolicy;
  /** The home when nobody chose one. */
  home(surroundings: Surroundings): string;
  /** The folder that outlives the machine, or null while it is not there. */
  vault?(surroundings: Surroundings): string | null;
  detect(surroundings: Surroundings): boolean;
}
