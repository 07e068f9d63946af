import { lstatSync, realpathSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isInside } from "../../base/inside-folder.js";
import { openFiles } from "../in-use.js";
import { counted } from "../words.js";
import { partialFiles } from "./partial-files.js";
import { type Repairer, type RepairWorld } from "./repair.js";
import { sizeText } from "../../protocol/sizes.js";

/** Removes what programs began to load and did not finish. A whole file that is damaged is only moved away. */
export const clearPartial: Repairer<"clear-partial"> = {
  kind: "clear-partial",

  preview: ({ path }, world) => {
    const removes = partialFiles(rootsOf(path, world), world.home).map((file) => ({
      path: file,
      bytes: bytesOf(file),
    }));
    const moves = damaged(path, world)
      .filter((file) => removes.every((removed) => removed.path !== file))
      .map((file) => ({ path: file, bytes: bytesOf(file) }));
    return Promise.resolve({
      does: "Removes what was half loaded; what has to be there is loaded again at the next start",
      removes,
      moves,
      refused: removes.length + moves.length > 0 ? null : "Nothing is there that was half loaded",
    });
  },

  run: async (params, world) => {
    const { removes, moves, refused } = await clearPartial.preview(params, world);
    if (refused !== null) return { done: false, said: refused };
    const bytes = removes.reduce((sum, file) => sum + file.bytes, 0);
    for (const [at, { path }] of removes.entries()) {
      if (world.signal.aborted) return { done: false, said: `Ended after ${at} of ${counted(removes.length, "file")}` };
      const share = at / removes.length;
      world.doing(`Removing what was half loaded: ${at + 1} of ${removes.length}`, { share, canCancel: true });
      await rm(path, { force: true });
    }
    for (const { path } of moves) {
      world.doing(`Putting ${path} into the trash`);
      await world.moveAway(path);
    }
    const kept = moves.length === 0 ? "" : `; what is damaged is in the trash: ${counted(moves.length, "file")}`;
    return { done: true, said: `Removed ${counted(removes.length, "file")} with ${sizeText(bytes)}${kept}` };
  },
};

/** What other runs load lies in the shared folders, so these are left out while there are any. */
function rootsOf(path: string | null, world: RepairWorld): string[] {
  if (path !== null && isItsOwn(path, world)) return [path];
  const { home, app } = world;
  return [...(app === null ? [] : [app]), ...(world.liveRuns() > 0 ? [] : [join(home, "cache"), join(home, "drive")])];
}

/** The path may come from what a program printed, which must not reach what belongs to another app. */
const isItsOwn = (path: string, { home, app }: RepairWorld): boolean =>
  [...(app === null ? [] : [app]), join(home, "cache"), join(home, "drive")].some((room) => isInside(room, path));

/** The file that the output names, and what it is a link to, as caches of models have it. */
function damaged(path: string | null, world: RepairWorld): string[] {
  if (path === null || !isItsOwn(path, world) || path.endsWith(".lock")) return [];
  const { home } = world;
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return [];
  const target = realPath(path);
  const files = target === null || target === path ? [path] : [path, target];
  const open = openFiles();
  const real = { ...world, home: realPath(home) ?? home, app: world.app === null ? null : realPath(world.app) };
  const isSafe = (file: string): boolean => isItsOwn(file, world) || isItsOwn(file, real);
  return files.every(isSafe) && files.every((file) => !open.has(file)) ? files : [];
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

const bytesOf = (file: string): number => lstatSync(file, { throwIfNoEntry: false })?.size ?? 0;
