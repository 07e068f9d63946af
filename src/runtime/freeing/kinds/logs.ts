import { join } from "node:path";
import { namesIn } from "../../base/names-in.js";
import { treeSize } from "../../base/tree-size.js";
import type { FindHow, FreeableKind, FreeWorld } from "../freeable.js";
import { LEAST_BYTES } from "../freeable.js";
import { isOwn, removeForGood } from "../remove.js";

const DAYS = 7;
const DAY_MS = 86_400_000;

/** Logs that were put aside, and what old runs have printed. */
export const logs: FreeableKind = {
  kind: "logs",

  find: async (world, how) => {
    const rotated = rotatedIn(world);
    const runs = oldRuns(world, how).map(({ folder }) => folder);
    const { bytes } = await treeSize([...rotated, ...runs], how.signal);
    if (bytes < LEAST_BYTES) return [];
    return [
      {
        id: "logs",
        label: "Old logs and output of old runs",
        where: [...(rotated.length === 0 ? [] : ["logs"]), ...(runs.length === 0 ? [] : ["runs"])],
        bytes,
        means: meansOf(runs.length),
        isSafe: true,
        refused: null,
      },
    ];
  },

  free: async (_, world, how, watch) => {
    const runs = oldRuns(world, how);
    world.forgetRuns(runs.map(({ id }) => id));
    return removeForGood(world.home, [...rotatedIn(world), ...runs.map(({ folder }) => folder)], watch);
  },
};

const meansOf = (runs: number): string =>
  runs === 0
    ? "They tell what the sidecar did long ago"
    : `What ${runs === 1 ? "1 run" : `${runs} runs`} printed more than ${DAYS} days ago goes; the latest run of each script stays`;

const oldRuns = (world: FreeWorld, { before }: FindHow) => world.endedRuns(before - DAYS * DAY_MS);

const rotatedIn = ({ home }: FreeWorld): string[] =>
  namesIn(join(home, "logs"))
    .filter((name) => /\.log\.\d+$/.test(name))
    .map((name) => join(home, "logs", name))
    .filter((path) => isOwn(home, path));
