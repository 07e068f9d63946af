import { readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import type { LauncherMenu } from "../protocol/launcher.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";
import { LAUNCHER_FOLDERS } from "./environment-folders.js";

/** What a launcher said, or why it said nothing. */
export interface SeenLauncher {
  launcher: LauncherMenu | null;
  problem: WireError | null;
  /** Its picture, as a `data:` address. */
  icon: string | null;
}

interface SeenLaunchersWorld {
  evaluate(id: AppId): Promise<LauncherMenu>;
  picture(folder: string, file: string): Promise<string | null>;
}

/** Launchers are evaluated when what they are made of, or what they are told, has changed. */
export interface SeenLaunchers {
  /** `told` stands for what the launcher sees besides its files: what runs, and whether somebody has agreed. */
  of(app: { id: AppId; folder: string }, told: string, how?: { anew?: boolean }): Promise<SeenLauncher>;
  /** When it was last evaluated, in ms of a clock that only goes on; null for never. */
  lookedAt(id: AppId): number | null;
}

/** Beside these, menus ask for other files too; whoever shows them looks anew now and then. */
const MOST_PATHS = 64;
const READ = new Set([".js", ".cjs", ".mjs", ".json", ".png", ".jpg", ".jpeg", ".svg", ".webp", ".gif", ".ico"]);
/** What says nothing about the launcher is not kept for the next who asks. */
const PASSING = new Set(["sidecar-ending", "internal", "timeout"]);

interface Entry {
  stamp: string;
  at: number;
  seen: Promise<SeenLauncher>;
}

export function seenLaunchers({ evaluate, picture }: SeenLaunchersWorld): SeenLaunchers {
  const entries = new Map<AppId, Entry & { paths: readonly string[] }>();

  const look = async (id: AppId, folder: string): Promise<SeenLauncher> => {
    try {
      const launcher = await evaluate(id);
      const icon = launcher.iconFile === null ? null : await picture(folder, launcher.iconFile);
      return { launcher, problem: null, icon };
    } catch (error) {
      if (!(error instanceof PinokioError) || PASSING.has(error.code)) entries.delete(id);
      return { launcher: null, problem: toWireError(error), icon: null };
    }
  };

  return {
    of: ({ id, folder }, told, { anew = false } = {}) => {
      const known = entries.get(id);
      if (known !== undefined && !anew && known.stamp === stampOf(known.paths, told)) return known.seen;
      const paths = pathsOf(folder);
      const stamp = stampOf(paths, told); // before: what changes while it is evaluated makes it stale
      const entry = { paths, stamp, at: performance.now(), seen: look(id, folder) };
      entries.set(id, entry);
      return entry.seen;
    },
    lookedAt: (id) => entries.get(id)?.at ?? null,
  };
}

/** The launcher's folders, what lies in them that it may read, and the folders below: most menus ask whether one is there. */
function pathsOf(folder: string): string[] {
  const paths = LAUNCHER_FOLDERS.flatMap((below) => {
    const root = join(folder, below);
    const read = entriesOf(root).filter(
      (entry) => entry.isDirectory() || entry.name === "ENVIRONMENT" || READ.has(extname(entry.name)),
    );
    return [root, ...read.filter(({ name }) => name !== ".git").map(({ name }) => join(root, name))];
  });
  return [...new Set(paths)].slice(0, MOST_PATHS);
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function stampOf(paths: readonly string[], told: string): string {
  let stamp = told;
  for (const path of paths) {
    stamp += `\n${stampOfPath(path)}`;
  }
  return stamp;
}

function stampOfPath(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch {
    return ""; // gone, or not ours to read
  }
}
