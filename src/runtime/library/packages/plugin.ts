import { existsSync } from "node:fs";
import { join } from "node:path";
import { PinokioError } from "../../protocol/errors.js";
import { folderNameOf, folderRemoval, foldersIn, foundByHand, putClone, viewOf } from "./cloned-folder.js";
import type { PackageKind } from "./package-kind.js";

const LAUNCHER = "pinokio.js";

/** Scripts that work in the folders of other apps: `<home>/plugin/<name>/pinokio.js`. Installing one runs nothing of it. */
export const plugin: PackageKind = {
  type: "plugin",

  plan: (pack) => Promise.resolve({ where: `plugin/${folderNameOf(pack)}`, bytes: null, inspect: null }),

  install: async ({ pack, before }, world, context) => {
    const place = before?.place ?? `plugin/${folderNameOf(pack)}`;
    const check = (fetched: string): void => {
      if (existsSync(join(fetched, LAUNCHER))) return;
      throw new PinokioError("app-invalid", `${pack.name} is no plugin: it holds no ${LAUNCHER}`);
    };
    const folder = join(world.home, place);
    const commit = await putClone({ source: pack.install, folder, isOwn: before !== null, check }, world, context);
    return { version: pack.version, commit, place, files: [], requirements: [] };
  },

  list: (records, { home }) => {
    const known = new Set(records.map(({ place }) => place));
    const others = foldersIn(join(home, "plugin"))
      .filter((name) => !known.has(`plugin/${name}`) && existsSync(join(home, "plugin", name, LAUNCHER)))
      .map((name) => foundByHand("plugin", name, `plugin/${name}`));
    const isThere = (place: string): boolean => existsSync(join(home, place, LAUNCHER));
    return [...records.map((one) => viewOf(one, isThere(one.place) ? null : `${one.place} is gone`)), ...others];
  },

  removal: ({ place }, _, { home }) => folderRemoval(join(home, place), home),

  remove: async ({ place }, _, world) => {
    if (existsSync(join(world.home, place))) await world.toTrash([join(world.home, place)], "uninstall");
  },
};
