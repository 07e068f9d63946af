import { rmSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../../base/atomic-file.js";
import type { AppId } from "../../protocol/ids.js";
import { isMadeByPrograms } from "../environment-folders.js";
import { drivePartsOf, type DriveWorld } from "./drive-parts.js";

/** Folders by their places below the home, with what the disk knows them by. */
const Known = z.object({ version: z.literal(1), folders: z.record(z.string(), z.string()) });

/**
 * Which folders an app for a while had when it was installed. One that came later as a whole brings files whose dates
 * say nothing: a folder that is moved keeps them.
 */
export interface KnownFolders {
  /** Whether this folder, of this `ino`, was there. */
  has(folder: string, ino: bigint): boolean;
}

/** Written when its installation is over. */
export async function noteFolders(id: AppId, world: DriveWorld): Promise<void> {
  const folders: Record<string, string> = {};
  const root = join(world.api, id);
  const places = (await drivePartsOf(id, world)).filter(({ mayGo }) => mayGo).map(({ place }) => place);
  for (const top of [root, ...places]) {
    for await (const { folder, ino } of foldersBelow(top, "")) folders[relative(world.home, folder)] = String(ino);
  }
  writeJsonAtomic(fileOf(id, world), { version: 1, folders } satisfies z.input<typeof Known>);
}

/** Where nothing was noted, every folder counts as known: then dates have to do. */
export function knownFolders(id: AppId, world: DriveWorld): KnownFolders {
  const state = readState(fileOf(id, world), Known);
  if (state.kind !== "read") return { has: () => true };
  const { folders } = state.value;
  return { has: (folder, ino) => folders[relative(world.home, folder)] === String(ino) };
}

export const forgetFolders = (id: AppId, world: DriveWorld): void => rmSync(fileOf(id, world), { force: true });

const fileOf = (id: AppId, { home }: DriveWorld): string => join(home, "library", "studio", `${id}.json`);

async function* foldersBelow(top: string, below: string): AsyncGenerator<{ folder: string; ino: bigint }> {
  const folder = join(top, below);
  yield { folder, ino: (await lstat(folder, { bigint: true })).ino };
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []); // nobody can look into it later either
  for (const entry of entries) {
    const path = join(below, entry.name);
    if (entry.isDirectory() && entry.name !== ".git" && !isMadeByPrograms(top, path)) yield* foldersBelow(top, path);
  }
}
