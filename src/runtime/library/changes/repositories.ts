import type { UpdateCommit } from "../../protocol/changes.js";

interface Progress {
  phase: string;
  progress: { done: number; total: number | null; unit: string } | null;
}

/** What somebody, or a script, has changed since a commit. */
export interface Edit {
  path: string;
  kind: "changed" | "deleted" | "added" | "untracked";
}

interface Standing {
  from: string | null;
  taken: string[];
  edited: string[];
}

/** What updates need done with git. A `folder` is a checkout of this machine. */
export interface UpdateRepositories {
  /** Resolves when nothing works any more that a sidecar which was killed has left. */
  settled(): Promise<void>;
  head(folder: string): Promise<string | null>;
  branch(folder: string): Promise<string | null>;
  fetch(folder: string, branch: string, signal: AbortSignal, tell?: (progress: Progress) => void): Promise<string>;
  /** Asks its remote for all that is needed to bring it to a commit which was fetched. */
  fetchContents(
    folder: string,
    commit: string,
    signal: AbortSignal,
    tell?: (progress: Progress) => void,
  ): Promise<void>;
  commitsBetween(
    folder: string,
    range: { from: string; to: string; most: number },
  ): Promise<{ commits: UpdateCommit[]; count: number }>;
  filesBetween(folder: string, from: string, to: string): Promise<{ path: string }[]>;
  isBefore(folder: string, first: string, second: string): Promise<boolean>;
  /** The latest commit that is in the history of both; null where there is none. */
  commonBefore(folder: string, one: string, other: string): Promise<string | null>;
  edits(folder: string): Promise<Edit[]>;
  editsInTheWay(folder: string, commit: string): Promise<Edit[]>;
  commitNamed(folder: string, name: string): Promise<string | null>;
  filesAt(folder: string, commit: string): Promise<string[]>;
  textAt(folder: string, commit: string, path: string): Promise<string>;
  discardEdits(folder: string, paths: readonly string[]): Promise<void>;
  unstage(folder: string, paths: readonly string[]): Promise<void>;
  nameCommit(folder: string, branch: string, commit: string): Promise<void>;
  /** How a folder stands before it is moved to a commit. */
  standing(folder: string, commit: string): Promise<Standing>;
  /** Takes away what a move that was cut off has written; returns what of it is left. */
  dropUnfinished(
    folder: string,
    order: { commit: string; standing: Standing; mayBeTouched: boolean },
  ): Promise<string[]>;
  /** Gives back the room of a commit that was fetched and that there is no room to move to. */
  dropFetched(folder: string, commit: string): Promise<void>;
  moveTo(
    folder: string,
    order: {
      commit: string;
      edits: "refuse" | "merge";
      keep(paths: readonly string[]): void;
      signal: AbortSignal;
      tell(progress: Progress): void;
    },
  ): Promise<void>;
}
