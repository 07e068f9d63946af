import { join } from "node:path";
import { namesIn } from "../../base/names-in.js";
import { treeSize } from "../../base/tree-size.js";
import type { FreeableKind, Found } from "../freeable.js";
import { LEAST_BYTES } from "../freeable.js";
import { installObstacle, openBelow } from "../in-use.js";
import { isOwn, removeForGood } from "../remove.js";

interface Cache {
  id: string;
  label: string;
  /** Below the home. */
  places: readonly string[];
  /** Of a folder that holds more than the cache: which of its files are the cache. */
  only?: RegExp;
}

/** What package managers keep only so as not to load it again. Models are somebody's choice, and not among these. */
const CACHES: readonly Cache[] = [
  { id: "pip", label: "Packages that pip keeps", places: ["cache/PIP_CACHE_DIR", "cache/XDG_CACHE_HOME/pip"] },
  { id: "uv", label: "Packages that uv keeps", places: ["cache/UV_CACHE_DIR", "cache/XDG_CACHE_HOME/uv"] },
  {
    id: "node",
    label: "Packages that npm and the like keep",
    places: [
      "cache/npm_config_cache",
      ...["npm", "pnpm", "yarn", "node-gyp", "node"].map((name) => `cache/XDG_CACHE_HOME/${name}`),
    ],
  },
  { id: "conda", label: "Archives that conda keeps", places: ["bin/miniforge/pkgs"], only: /\.(?:conda|tar\.bz2)$/ },
  { id: "homebrew", label: "Archives that Homebrew keeps", places: ["cache/HOMEBREW_CACHE"] },
  { id: "hub", label: "Pieces that Hugging Face keeps", places: ["cache/HF_HOME/xet"] },
];

const MEANS = "What is needed of it downloads again at the next install";

export const caches: FreeableKind = {
  kind: "cache",

  find: async (world, { signal }) => {
    const found: Found[] = [];
    const obstacle = installObstacle(world);
    const opened = world.openFiles();
    for (const cache of CACHES) {
      const paths = pathsOf(cache, world.home);
      const { bytes, sharedBytes } = await treeSize(paths, signal);
      if (bytes < LEAST_BYTES) continue;
      const open = paths.map((path) => openBelow(path, opened)).find((file) => file !== null);
      found.push({
        id: `cache:${cache.id}`,
        label: cache.label,
        where: cache.places.filter((place) => isOwn(world.home, join(world.home, place))),
        bytes,
        means: sharedBytes < LEAST_BYTES ? MEANS : `${MEANS}; what environments hold of it too stays with them`,
        isSafe: true,
        refused: obstacle ?? (open == null ? null : `A program has ${open} open`),
      });
    }
    return found;
  },

  free: ({ id }, world, _, watch) => {
    const cache = CACHES.find((one) => id === `cache:${one.id}`);
    return removeForGood(world.home, cache === undefined ? [] : pathsOf(cache, world.home), watch);
  },
};

/** Where package managers keep what they have loaded. */
export const packageCaches = (home: string): string[] => CACHES.flatMap((cache) => pathsOf(cache, home));

/** What goes: the folder itself, which its program makes again, or some of its files. */
function pathsOf({ places, only }: Cache, home: string): string[] {
  const folders = places.map((place) => join(home, place)).filter((path) => isOwn(home, path));
  if (only === undefined) return folders;
  return folders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => only.test(name))
      .map((name) => join(folder, name))
      .filter((path) => isOwn(home, path)),
  );
}
