import type { GitRemote } from "./git.js";

/** How far a repository is on its way here. */
export interface FetchProgress {
  phase: "fetch" | "files" | "submodules" | "lfs";
  progress: { done: number; total: number | null; unit: "objects" | "files" | "bytes" } | null;
}

export interface FillOrder {
  folder: string;
  /** Where large files are kept until they are in place. */
  objects: string;
  remote: GitRemote;
  signal: AbortSignal;
  tell(progress: FetchProgress): void;
}
