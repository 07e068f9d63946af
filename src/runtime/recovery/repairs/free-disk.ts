import { lstatSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { environmentsBelow } from "../../base/environments-below.js";
import { isInside } from "../../base/inside-folder.js";
import { environmentParts } from "../../base/own-files.js";
import { tellInTrash, trashEntries } from "../../base/trash.js";
import { treeSize } from "../../base/tree-size.js";
import { counted } from "../words.js";
import type { Repairer, RepairWorld } from "./repair.js";
import { namesIn } from "../../base/names-in.js";
import { sizeText } from "../../protocol/sizes.js";

/** What package managers keep only so as not to load it again. Models and environments of apps are somebody's choice. */
const CACHES = ["PIP_CACHE_DIR", "UV_CACHE_DIR"];

export const freeDisk: Repairer<"free-disk"> = {
  kind: "free-disk",

  preview: async (_, world) => {
    const paths = [...caches(world), ...(await trashedEnvironments(world))];
    const removes = await Promise.all(paths.map(async (path) => ({ path, bytes: await sizeOf(path) })));
    const live = world.liveRuns();
    return {
      does: "Empties the caches of pip and uv, and removes environments of apps that are in the trash; packages are loaded again when they are installed the next time",
      removes,
      moves: [],
      refused:
        live > 0
          ? `${counted(live, "run")} may be installing: stop what runs first`
          : removes.length === 0
            ? "The caches are empty. Apps can be uninstalled and the trash emptied on a full disk too: look in Shared Resources for what takes room"
            : null,
    };
  },

  run: async (params, world) => {
    const { removes, refused } = await freeDisk.preview(params, world);
    if (refused !== null) return { done: false, said: refused };
    const total = removes.reduce((sum, { bytes }) => sum + bytes, 0);
    let freed = 0;
    for (const piece of removes.flatMap(({ path }) => piecesOf(path))) {
      if (world.signal.aborted) {
        return { done: false, said: `Ended before all was empty: ${sizeText(freed)} of ${sizeText(total)} were freed` };
      }
      world.doing(`Emptying the caches: ${sizeText(freed)} of ${sizeText(total)}`, {
        canCancel: true,
        ...(total === 0 ? {} : { share: freed / total }),
      });
      freed += await sizeOf(piece);
      noteInEntry(piece, world);
      await rm(piece, { recursive: true, force: true });
    }
    return { done: true, said: `${sizeText(freed)} were freed` };
  },
};

/** Of whole apps only: what else the trash holds may be all that is left of something a person made. */
const OF_APPS: ReadonlySet<string> = new Set(["uninstall", "reset", "restore"]);

async function trashedEnvironments({ home }: RepairWorld): Promise<string[]> {
  const found: string[] = [];
  for (const { folder } of trashEntries(home).filter(({ record }) => OF_APPS.has(record.why))) {
    const files = join(folder, "files");
    for (const below of await environmentsBelow(files)) found.push(...environmentParts(join(files, below)));
  }
  return found;
}

function noteInEntry(piece: string, { home }: RepairWorld): void {
  const entry = trashEntries(home).find(({ folder }) => isInside(folder, piece));
  if (entry !== undefined)
    tellInTrash(entry.folder, "Its environments were removed to free space: reset it once it is put back");
}

/** What is removed in one go, each before the folder that holds it: caches have few folders with much in each. */
const piecesOf = (cache: string): string[] =>
  namesIn(cache).flatMap((name) => {
    const path = join(cache, name);
    const isFolder = lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    return [...(isFolder ? namesIn(path).map((below) => join(path, below)) : []), path];
  });

/** What comes back when it goes: what other names lead to stays. */
const sizeOf = async (path: string): Promise<number> => (await treeSize([path])).bytes;

/** Never through a link: that leads to somebody's own folder. */
const caches = ({ home }: RepairWorld): string[] =>
  CACHES.map((name) => join(home, "cache", name)).filter(
    (path) =>
      lstatSync(join(home, "cache"), { throwIfNoEntry: false })?.isDirectory() === true &&
      lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true &&
      namesIn(path).length > 0,
  );
