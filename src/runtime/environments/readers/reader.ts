import type { EnvironmentKindName, EnvironmentTool, InstalledPackage } from "../../protocol/environments.js";

/** What an environment says about itself, found without looking at single packages. */
export interface EnvironmentFacts {
  python: string | null;
  packages: number;
  tools: EnvironmentTool[];
  problems: string[];
}

/** Reads one kind of environment from the disk; nothing of it is run. Implementations are the siblings, listed in `index.ts`. */
export interface EnvironmentReader {
  readonly kind: EnvironmentKindName;
  /** Whether a folder is one, finished or not. `names` is what lies in it. */
  isOne(folder: string, names: ReadonlySet<string>): boolean;
  /** Changes with whatever `facts` and `packages` tell. */
  stamp(folder: string): string;
  facts(folder: string): EnvironmentFacts;
  /** Every package, ordered by name. */
  packages(folder: string): InstalledPackage[];
}
