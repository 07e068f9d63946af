import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  type Stats,
  symlinkSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setImmediate as afterOthers } from "node:timers/promises";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../../base/atomic-file.js";
import { errnoOf } from "../../base/file-errors.js";
import { makeFolder } from "../../base/make-folder.js";
import { namesIn } from "../../base/names-in.js";
import { isMadeIn } from "../../base/own-files.js";
import type { AppId } from "../../protocol/ids.js";
import { isThere } from "./put-back.js";
import type { ChangesWorld } from "./world.js";

/** In front of a folder below `api`: an app's files as they were before its update script ran. */
export const BEFORE = ".before-";

/**
 * What scripts write over in place is copied, as far as that is cheap; of the rest a second name is kept, which costs
 * nothing. Package managers and git put new files in the place of old ones, and those keep their content that way.
 */
const COPIED_EACH = 1024 ** 2;
const COPIED_IN_ALL = 256 * 1024 ** 2;
const COPIED_OF_ENVIRONMENT = 64 * 1024;
/** Files of an environment that lie deeper are those of its packages, but for what lists those. */
const SHALLOW = 2;
const WRITTEN_OVER = new Set(["site-packages", "conda-meta"]);

/** Whoever copies serves others too. */
const AT_ONCE = 200;
/** How a disk says that a file can have one name only. */
const NO_SECOND_NAME = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EXDEV", "EINVAL"]);

const Saved = z.object({
  entry: z.string(),
  /** Size and time of what has a second name: it is written over in place when they are others. */
  named: z.array(z.tuple([z.string(), z.number(), z.number()])),
});

export interface Before {
  files: string;
  /** By their places, how files with a second name were. */
  named: ReadonlyMap<string, { size: number; mtimeMs: number }>;
}

export const beforeFolder = (app: AppId, { api }: Pick<ChangesWorld, "api">): string => join(api, `${BEFORE}${app}`);

/** Whether an app's files can be kept as they are, while its update script runs. Nothing is kept by asking. */
export function canKeepBefore(app: AppId, world: Pick<ChangesWorld, "api">): boolean {
  const root = realpathSync(join(world.api, app));
  const file = namesIn(root).find((name) => lstatSync(join(root, name)).isFile());
  if (file === undefined) return true;
  const probe = `${beforeFolder(app, world)}.probe`;
  try {
    rmSync(probe, { force: true });
    linkSync(join(root, file), probe);
    rmSync(probe, { force: true });
    return true;
  } catch (error) {
    return !NO_SECOND_NAME.has(errnoOf(error) ?? "");
  }
}

/** Keeps all of an app but its own repository as it is. False where the disk cannot do that. */
export async function keepBefore(
  { app, entry }: { app: AppId; entry: string },
  world: ChangesWorld,
  signal: AbortSignal,
): Promise<boolean> {
  const place = beforeFolder(app, world);
  await rm(place, { recursive: true, force: true });
  if (!canKeepBefore(app, world)) return false;
  const keeper = new Keeper(realpathSync(join(world.api, app)), join(place, "files"), signal);
  await keeper.keep();
  writeJsonAtomic(join(place, "saved.json"), { entry, named: keeper.named } satisfies z.infer<typeof Saved>);
  return true;
}

/** What an update has kept; null when it was cut off before that, or could not. */
export function readBefore({ app, entry }: { app: AppId; entry: string }, world: ChangesWorld): Before | null {
  const place = beforeFolder(app, world);
  if (!isThere(join(place, "saved.json"))) return null;
  const state = readState(join(place, "saved.json"), Saved);
  if (state.kind !== "read" || state.value.entry !== entry) return null;
  const named = new Map(state.value.named.map(([path, size, mtimeMs]) => [path, { size, mtimeMs }]));
  return { files: join(place, "files"), named };
}

class Keeper {
  readonly named: [place: string, size: number, mtimeMs: number][] = [];
  readonly #root: string;
  readonly #to: string;
  readonly #signal: AbortSignal;
  #copied = 0;

  constructor(root: string, to: string, signal: AbortSignal) {
    this.#root = root;
    this.#to = to;
    this.#signal = signal;
  }

  async keep(): Promise<void> {
    makeFolder(this.#to);
    /** `depth` counts from the folder that programs have made; null outside of such. */
    const waiting: { below: string; depth: number | null }[] = [{ below: "", depth: null }];
    let seen = 0;
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { below, depth } = next;
      const folder = join(this.#root, below);
      for (const name of namesIn(folder)) {
        if (++seen % AT_ONCE === 0) await afterOthers();
        this.#signal.throwIfAborted();
        const place = join(below, name);
        const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
        if (found === undefined || place === ".git") continue; // a name that is no text cannot be told
        const made = depth !== null ? depth + 1 : isMadeIn(folder, name) ? 1 : null;
        if (!found.isDirectory()) this.#keepFile(place, found, made);
        else {
          mkdirSync(join(this.#to, place), found.mode | 0o700);
          waiting.push({ below: place, depth: made });
        }
      }
    }
  }

  #keepFile(place: string, found: Stats, depth: number | null): void {
    const [from, to] = [join(this.#root, place), join(this.#to, place)];
    if (found.isSymbolicLink()) return symlinkSync(readlinkSync(from), to);
    if (!found.isFile()) return;
    if (isWrittenOver(place, found.size, depth) && this.#copied + found.size <= COPIED_IN_ALL) {
      this.#copied += found.size;
      copyAlike(from, to, found);
    } else if (nameOrCopy(from, to, found)) this.named.push([place, found.size, found.mtimeMs]);
  }
}

/** Whether programs change the content of such a file instead of putting another in its place. */
function isWrittenOver(place: string, size: number, depth: number | null): boolean {
  if (depth === null) return size <= COPIED_EACH;
  if (/(?:^|\/)\.git\//.test(place)) return !/\/\.git\/(?:objects|lfs)\//.test(`/${place}`);
  const isShallow = depth <= SHALLOW || WRITTEN_OVER.has(basename(dirname(place)));
  return isShallow && size <= COPIED_OF_ENVIRONMENT;
}

/** Gives a file a second name; false where it had to be copied. */
function nameOrCopy(from: string, to: string, found: Stats): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const errno = errnoOf(error) ?? "";
    if (errno !== "EMLINK" && !NO_SECOND_NAME.has(errno)) throw error;
    copyAlike(from, to, found);
    return false;
  }
}

/** A copy that looks as old as the original: on disks that can, it takes no space before one of the two changes. */
export function copyAlike(from: string, to: string, { mode, atime, mtime }: Stats): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, mode & 0o7777);
  lutimesSync(to, atime, mtime);
}
