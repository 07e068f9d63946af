import { lstatSync, rmSync } from "node:fs";
import { join } from "node:path";
import { counted, inBytes } from "../words.js";
import type { Repairer, RepairWorld } from "./repair.js";
import { namesIn, sizeOf } from "./sizes.js";

/** What package managers keep only so as not to load it again. Models and environments are somebody's choice. */
const CACHES = ["PIP_CACHE_DIR", "UV_CACHE_DIR"];

export const freeDisk: Repairer<"free-disk"> = {
  kind: "free-disk",

  preview: (_, world) => {
    const removes = caches(world).map((path) => ({ path, bytes: sizeOf(path) }));
    const live = world.liveRuns();
    return Promise.resolve({
      does: "Empties the caches of pip and uv; packages are loaded again when they are installed the next time",
      removes,
      moves: [],
      refused:
        live > 0
          ? `${counted(live, "run")} may be installing: stop what runs first`
          : removes.length === 0
            ? "The caches are empty: look in Shared Resources for what else takes room"
            : null,
    });
  },

  run: async (params, world) => {
    const { removes, refused } = await freeDisk.preview(params, world);
    if (refused !== null) return { done: false, said: refused };
    for (const { path } of removes)
      for (const name of namesIn(path)) rmSync(join(path, name), { recursive: true, force: true });
    return { done: true, said: `${inBytes(removes.reduce((sum, { bytes }) => sum + bytes, 0))} were freed` };
  },
};

/** Never through a link: that leads to somebody's own folder. */
const caches = ({ home }: RepairWorld): string[] =>
  CACHES.map((name) => join(home, "cache", name)).filter(
    (path) =>
      lstatSync(join(home, "cache"), { throwIfNoEntry: false })?.isDirectory() === true &&
      lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true &&
      namesIn(path).length > 0,
  );
