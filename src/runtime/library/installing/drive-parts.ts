import { readlinkSync, rmdirSync, statSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { isInside } from "../../base/inside-folder.js";
import { namesIn } from "../../base/names-in.js";
import { trashEntries } from "../../base/trash.js";
import { treeSize } from "../../base/tree-size.js";
import type { AppId } from "../../protocol/ids.js";
import { isMadeByPrograms } from "../environment-folders.js";

export interface DriveWorld {
  home: string;
  api: string;
  drive: string;
}

/** A folder of the drive that links of an app lead to. */
export interface DrivePart {
  /** As it really lies. */
  place: string;
  /** Below the home. */
  folder: string;
  /** One of the links that lead to it, below the app's folder. */
  link: string;
  files: number;
  bytes: number;
  /** Who else has a link to it, also what lies in the trash. */
  usedBy: string[];
  /** `fs.link` has made it for this app, nobody else uses it, and it lies where it can be removed. */
  mayGo: boolean;
}

/** Where `fs.link` puts what apps with the same peers share. */
const PEERS = join("drives", "peers");

export async function drivePartsOf(id: AppId, world: DriveWorld): Promise<DrivePart[]> {
  const { home, api, drive } = world;
  const real = await realpath(drive).catch(() => null);
  if (real === null) return [];
  const links = new Map<string, string>();
  for (const link of await linksBelow(join(api, id))) {
    const target = await realpath(join(api, id, link)).catch(() => null); // it leads nowhere
    if (target !== null && isInside(real, target) && !links.has(target)) links.set(target, link);
  }
  const parts: DrivePart[] = [];
  let others: Link[] | null = null; // looked for once it matters
  const outer = [...links].filter(([place]) => ![...links.keys()].some((other) => isBelow(other, place))).sort();
  for (const [place, link] of outer) {
    const { files, bytes, sharedBytes } = await treeSize([place]);
    const folder = relative(home, join(drive, relative(real, place)));
    const isPrivate = isBelow(join(real, PEERS), place) && (await isOfHome(place, home));
    others ??= isPrivate ? await linksOfOthers(id, { ...world, drive: real }) : null;
    const usedBy = (others ?? []).filter(({ at, target }) => !isInside(place, at) && overlaps(place, target));
    const names = [...new Set(usedBy.map(({ of }) => of))].sort();
    const size = bytes + sharedBytes;
    parts.push({ place, folder, link, files, bytes: size, usedBy: names, mayGo: isPrivate && names.length === 0 });
  }
  return parts;
}

/** What `fs.link` has made around folders that are gone. */
export function dropEmptyAround(places: readonly string[]): void {
  for (const place of places) {
    try {
      for (let above = dirname(place); above.includes(`/${PEERS}/`); above = dirname(above)) rmdirSync(above);
    } catch {
      // something else is in it
    }
  }
}

interface Link {
  /** Whose it is, in a word. */
  of: string;
  /** Where it lies, or lay before it went to the trash. */
  at: string;
  target: string;
}

/** Links of everything else that is here, or may come back. */
async function linksOfOthers(id: AppId, { home, api, drive }: DriveWorld): Promise<Link[]> {
  const roots = [
    ...namesIn(api).flatMap((name) => (name === id ? [] : [{ of: name, lies: join(api, name), lay: join(api, name) }])),
    ...trashEntries(home).flatMap(({ folder, record }) =>
      namesIn(join(folder, "files", "api")).map((name) => ({
        of: `${name} in the trash`,
        lies: join(folder, "files", "api", name),
        lay: join(record.from, "api", name),
      })),
    ),
    { of: "the drive", lies: drive, lay: drive },
  ];
  const found: Link[] = [];
  for (const { of, lies, lay } of roots) {
    for (const link of await linksBelow(lies)) {
      const at = join(lay, link);
      const written = resolve(dirname(at), readlinkSync(join(lies, link)));
      found.push({ of, at, target: await realpath(written).catch(() => written) });
    }
  }
  return found;
}

/** A drive that lies elsewhere may be the drive of other homes too. */
async function isOfHome(place: string, home: string): Promise<boolean> {
  const real = await realpath(home);
  return isInside(real, place) && statSync(place).dev === statSync(real).dev;
}

const isBelow = (folder: string, path: string): boolean => path !== folder && isInside(folder, path);

const overlaps = (one: string, other: string): boolean => isInside(one, other) || isInside(other, one);

/** Links below a folder, by their paths in it. */
async function linksBelow(root: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true }).catch(() => [])) {
    const path = join(below, entry.name);
    if (entry.isSymbolicLink()) found.push(path);
    else if (entry.isDirectory() && basename(path) !== ".git" && !isMadeByPrograms(root, path))
      found.push(...(await linksBelow(root, path)));
  }
  return found;
}
