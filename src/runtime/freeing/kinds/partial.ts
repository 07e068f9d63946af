import { join, relative } from "node:path";
import { treeSize } from "../../base/tree-size.js";
import type { FindHow, FreeableKind, FreeWorld } from "../freeable.js";
import { LEAST_BYTES } from "../freeable.js";
import { openBelow, runObstacle } from "../in-use.js";
import { isOwn, removeForGood } from "../remove.js";

/** Downloads that were cut off. */
export const partial: FreeableKind = {
  kind: "partial",

  find: async (world, how) => {
    const paths = await partsOf(world, how);
    const { bytes } = await treeSize(paths, how.signal);
    if (bytes < LEAST_BYTES) return [];
    return [
      {
        id: "partial",
        label: paths.length === 1 ? "A download that was cut off" : `${paths.length} downloads that were cut off`,
        where: paths.map((path) => relative(world.home, path)),
        bytes,
        means: "Whoever loads them again begins at their beginning",
        isSafe: true,
        refused: runObstacle(world),
      },
    ];
  },

  free: async (_, world, how, watch) => {
    const opened = world.openFiles();
    const unused = (await partsOf(world, how)).filter((path) => openBelow(path, opened) === null);
    return removeForGood(world.home, unused, watch);
  },
};

async function partsOf(world: FreeWorld, { signal }: FindHow): Promise<string[]> {
  const { partial: places } = await world.models(signal);
  return places.map((place) => join(world.home, place)).filter((path) => isOwn(world.home, path));
}
