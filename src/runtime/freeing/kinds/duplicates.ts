import { liesInResults } from "../../base/results-folder.js";
import type { AppId } from "../../protocol/ids.js";
import type { CopiesOfModel, CopyOfModel, Found, FreeableKind, FreeWorld } from "../freeable.js";
import { LEAST_BYTES } from "../freeable.js";

const MOST = 100;
const DAY_MS = 86_400_000;

/** How the copies of a set stop to take room more than once. */
interface Way {
  /** Told apart by their ids: what was agreed to for one is never done the other way. */
  prefix: string;
  by: "contents" | "names";
  means: string;
  isSafe: boolean;
  /** Those that it may be done to, and why not now, or null. */
  partOf(set: CopiesOfModel, world: FreeWorld): { copies: readonly CopyOfModel[]; refused: string | null };
}

const byContents: Way = {
  prefix: "duplicates:",
  by: "contents",
  means: "The copies share their contents on the disk, once every byte was compared; each stays a file of its own",
  isSafe: true,
  partOf: ({ copies }) => ({ copies, refused: null }),
};

/** Programs that write a file in place write all of its names. */
const byNames: Way = {
  prefix: "duplicates:names:",
  by: "names",
  means:
    "The copies become names of one file, once every byte was compared; each stays where it is. " +
    "A program that writes into one of them changes all",
  isSafe: false,
  partOf: ({ copies }, world) => {
    const inNoResults = copies.filter(({ paths }) => !paths.some(liesInResults));
    const old = inNoResults.filter(({ writtenAt }) => writtenAt < world.now() - DAY_MS);
    if (!world.takesLinks()) return { copies: inNoResults, refused: "This disk cannot give one file several names" };
    if (old.length > 1) return { copies: old, refused: null };
    return { copies: inNoResults, refused: "They were written within the last day, and may be written again" };
  },
};

/** Copies of models, which take room once: every app finds at its place what it found before. */
export const duplicates: FreeableKind = {
  kind: "duplicates",

  find: async (world, { signal }) => {
    const { copies } = await world.models(signal);
    if (copies.length === 0) return [];
    const way = world.sharesContents() ? byContents : byNames;
    return copies
      .map((set) => toFound(set, way, world))
      .filter(({ bytes }) => bytes >= LEAST_BYTES)
      .sort((one, other) => other.bytes - one.bytes)
      .slice(0, MOST);
  },

  free: ({ id, where }, world, _, watch) => {
    const { by, prefix } = id.startsWith(byNames.prefix) ? byNames : byContents;
    const open = world.openFiles();
    const refusal = (path: string): string | null => (open.has(path) ? `A program has ${path} open` : null);
    return world.mergeCopies(id.slice(prefix.length), { ...watch, by, paths: where, refusal });
  },
};

function toFound(set: CopiesOfModel, way: Way, world: FreeWorld): Found {
  const { copies, refused } = way.partOf(set, world);
  return {
    id: `${way.prefix}${set.id}`,
    label: `${set.name}, ${copies.length} copies`,
    where: copies.flatMap(({ paths }) => paths.slice(0, 1)),
    bytes: copies.slice(1).reduce((sum, { bytes }) => sum + bytes, 0),
    means: way.means,
    isSafe: way.isSafe,
    refused: refused ?? inUse(copies, world),
  };
}

function inUse(copies: readonly CopyOfModel[], world: FreeWorld): string | null {
  const isUser = (app: AppId | null): boolean => app !== null && copies.some(({ users }) => users.includes(app));
  const busy = world.atWork().find(({ app, isReady }) => isUser(app) || !isReady);
  return busy === undefined ? null : `${busy.title} may be using it: stop it first`;
}
