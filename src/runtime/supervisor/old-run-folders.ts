import { renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errnoOf } from "../base/file-errors.js";
import { namesIn } from "../base/names-in.js";
import type { RunPaths } from "../storage/paths.js";

/** In front of the name of a folder that is to go. Nothing of it is looked at any more. */
const OLD = ".old-";

interface OldRunFolders {
  /** Takes a run's folder away. What it holds goes when there is time: nobody waits for it. */
  remove(paths: RunPaths): void;
  /** Goes on with what an earlier sidecar has left. */
  sweep(): void;
  /** Resolves when nothing is left to remove. */
  done(): Promise<void>;
}

/** A run may have printed hundreds of files, and on a network volume each of them takes a while. */
export function createOldRunFolders(runs: string, onProblem: (folder: string, error: unknown) => void): OldRunFolders {
  let last: Promise<void> = Promise.resolve();
  const removeLater = (folder: string): void => {
    last = last.then(() => rm(folder, { recursive: true, force: true })).catch((error) => onProblem(folder, error));
  };
  return {
    remove: ({ folder }) => {
      const old = join(dirname(folder), `${OLD}${basename(folder)}`);
      try {
        renameSync(folder, old);
        removeLater(old);
      } catch (error) {
        if (errnoOf(error) !== "ENOENT") onProblem(folder, error); // else somebody has removed it
      }
    },
    sweep: () => {
      for (const name of namesIn(runs)) if (name.startsWith(OLD)) removeLater(join(runs, name));
    },
    done: () => last,
  };
}
