import { lstatSync } from "node:fs";
import { join } from "node:path";
import { namesIn } from "../../base/names-in.js";
import { treeSize } from "../../base/tree-size.js";
import type { FindHow, FreeableKind, FreeWorld } from "../freeable.js";
import { LEAST_BYTES } from "../freeable.js";
import { installObstacle, openBelow, runObstacle } from "../in-use.js";
import { isOwn, removeForGood } from "../remove.js";

const PLACES = ["TMPDIR", "TEMP", "TMP", "PIP_TMPDIR"].map((name) => `cache/${name}`);
/** Gradio keeps what people made there. */
const OUTPUTS = /gradio/i;
const DAY_MS = 86_400_000;

/** What programs of apps have left where temporary files go. */
export const temporary: FreeableKind = {
  kind: "temporary",

  find: async (world, how) => {
    const paths = leftIn(world, how);
    const { bytes } = await treeSize(paths, how.signal);
    if (bytes < LEAST_BYTES) return [];
    return [
      {
        id: "temporary",
        label: "Temporary files older than a day",
        where: PLACES.filter((place) => paths.some((path) => path.startsWith(`${join(world.home, place)}/`))),
        bytes,
        means: "Programs that are over have left them; nothing is loaded again",
        isSafe: true,
        refused: runObstacle(world) ?? installObstacle(world),
      },
    ];
  },

  free: (_, world, how, watch) => {
    const opened = world.openFiles();
    const unused = leftIn(world, how).filter((path) => openBelow(path, opened) === null);
    return removeForGood(world.home, unused, watch);
  },
};

const leftIn = ({ home }: FreeWorld, { before }: FindHow): string[] =>
  PLACES.flatMap((place) => namesIn(join(home, place)).map((name) => join(home, place, name))).filter((path) => {
    const found = isOwn(home, path) ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
    if (found === undefined || OUTPUTS.test(path.slice(home.length))) return false;
    return (found.isFile() || found.isDirectory()) && found.mtimeMs < before - DAY_MS;
  });
