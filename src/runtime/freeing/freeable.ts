import type { GitPrograms } from "../base/git-known.js";
import type { Environment } from "../protocol/environments.js";
import type { Freeable, FreeableKindName } from "../protocol/freeing.js";
import type { AppId } from "../protocol/ids.js";

/** A set of copies of one model, as whoever knows models tells it. */
export interface CopiesOfModel {
  id: string;
  name: string;
  copies: readonly CopyOfModel[];
}

export interface CopyOfModel {
  /** Every name of it, below the home. */
  paths: readonly string[];
  users: readonly AppId[];
  bytes: number;
  writtenAt: number;
}

/** A run that is over, with its folder. */
export interface EndedRun {
  id: string;
  folder: string;
  endedAt: number;
}

/** What freeing may ask of the rest of the sidecar, and do with it. */
export interface FreeWorld {
  home: string;
  programs: GitPrograms;
  now(): number;
  /** Runs that are not over, and jobs under way, as people call them. */
  atWork(): readonly { title: string; app: AppId | null; isReady: boolean }[];
  /** Every file that a process of this machine has open. */
  openFiles(): ReadonlySet<string>;
  /** Whether files of the home's disk can share their contents and stay files of their own. */
  sharesContents(): boolean;
  /** Whether names of one file can be made on the home's disk. */
  takesLinks(): boolean;
  environments(): Promise<{ environments: readonly Environment[]; active: string | null }>;
  isInstalled(app: AppId): boolean;
  models(signal: AbortSignal): Promise<{ copies: readonly CopiesOfModel[]; partial: readonly string[] }>;
  /** Makes copies take room once. */
  mergeCopies(id: string, how: MergeHow): Promise<Freed>;
  /** Entries of the trash that were there at that time. */
  trash(before: number): Promise<{ names: readonly string[]; titles: readonly string[]; bytes: number }>;
  /** A person's files that apps have left behind, as the trash names them. */
  kept(): Promise<readonly { name: string; title: string; bytes: number }[]>;
  emptyTrash(names: readonly string[], watch: FreeWatch): Promise<Freed>;
  /** Runs that were over at that time and that nobody needs: newer ones of the same scripts are here. */
  endedRuns(before: number): readonly EndedRun[];
  /** Lets go of them, so that their folders can go. */
  forgetRuns(ids: readonly string[]): void;
}

export interface MergeHow extends FreeWatch {
  /** They share their contents, or become names of one file. */
  by: "contents" | "names";
  /** Which of them, below the home; the others of the set stay as they are. */
  paths: readonly string[];
  /** Why one is to stay as it is, or null. */
  refusal(path: string): string | null;
}

export interface FreeWatch {
  signal: AbortSignal;
  /** What it does from now on; how far, of how many bytes. */
  tell(phase: "remove" | "compare", done?: number): void;
}

export interface Freed {
  bytes: number;
  /** What stayed and why, in sentences. */
  problems: string[];
}

export type Found = Omit<Freeable, "kind">;

export interface FindHow {
  /** What came later stays. */
  before: number;
  signal: AbortSignal;
}

/** One kind of what can go. Implementations are the files in `kinds`, listed in `index.ts`. */
export interface FreeableKind {
  readonly kind: FreeableKindName;
  /** What could go now. It changes nothing. */
  find(world: FreeWorld, how: FindHow): Promise<Found[]>;
  /** Looks again before it does anything: what was shown may have changed. */
  free(item: Found, world: FreeWorld, how: FindHow, watch: FreeWatch): Promise<Freed>;
}

/** What is smaller is not worth a person's while. */
export const LEAST_BYTES = 1024 ** 2;
