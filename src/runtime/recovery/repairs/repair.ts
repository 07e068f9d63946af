import type { RepairKind, RepairParams, RepairPreview } from "../../protocol/failures.js";

/** What a repair may do to the world. The sidecar supplies it; nothing else is done but with files below the home. */
export interface RepairWorld {
  home: string;
  /** Folder of the app that failed, or null for a script outside of apps. */
  app: string | null;
  /** Runs that are live, the failed one left out: what they use is left alone. */
  liveRuns(): number;
  /** Starts what failed, or the app's install script. */
  startScript(which: "same" | "install", options?: { env?: Record<string, string>; afterMs?: number }): Promise<void>;
  /** Puts something where it can be had back, and returns where that is. */
  moveAway(path: string): Promise<string>;
  /** `onLine` hears what the package manager says. */
  installSystemPackages(packages: readonly string[], onLine: (line: string) => void): Promise<void>;
  /** Asks the person for it and keeps it for the app. False when they gave none. */
  setToken(name: string, page: string | null): Promise<boolean>;
  freePort(): Promise<number>;
  /** The first of these flags that a program of the failed script takes and has not been given, or null. */
  flagToSet(flags: readonly string[]): Promise<string | null>;
  /** Gives it to the program from now on. */
  setFlag(flag: string): Promise<void>;
  /** Whether the app brings a script that updates it. */
  canUpdate(): boolean;
  updateApp(): Promise<void>;
  openPage(url: string): Promise<void>;
  /** Says what it does from now on, for who watches. `canCancel` where it looks at the signal next. */
  doing(what: string, how?: { share?: number; canCancel?: boolean }): void;
  /** Aborted when a person wants it to end: looked at only where that leaves nothing half done. */
  readonly signal: AbortSignal;
}

/** How it went, in one sentence. */
export interface Repaired {
  done: boolean;
  said: string;
}

/** Describes and carries out one kind of repair. Implementations are the sibling files, listed in `index.ts`. */
export interface Repairer<Kind extends RepairKind> {
  readonly kind: Kind;
  /** Whether there is anything that it could be done to; else it is not offered. */
  isPossible?(params: RepairParams<Kind>, world: Pick<RepairWorld, "app" | "canUpdate">): boolean;
  /** What `run` would do now. It changes nothing. */
  preview(params: RepairParams<Kind>, world: RepairWorld): Promise<RepairPreview>;
  /** Looks again before it does anything: what was shown may have changed. */
  run(params: RepairParams<Kind>, world: RepairWorld): Promise<Repaired>;
}

/** A preview of what touches no file. */
export const plainPreview = (does: string, refused: string | null = null): RepairPreview => ({
  does,
  removes: [],
  moves: [],
  refused,
});

export const refusal = ({ refused }: RepairPreview): Repaired | null =>
  refused === null ? null : { done: false, said: refused };
