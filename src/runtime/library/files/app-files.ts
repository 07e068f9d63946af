import type { Buffer } from "node:buffer";
import { lstatSync } from "node:fs";
import { basename, join } from "node:path";
import { explainFileError } from "../../base/file-errors.js";
import { moveToTrash } from "../../base/trash.js";
import type { AppFilePart, AppFolder } from "../../protocol/app-files.js";
import { PinokioError } from "../../protocol/errors.js";
import type { AppId } from "../../protocol/ids.js";
import type { CheckedParamsOf } from "../../protocol/requests.js";
import type { OwnDataWorld } from "../changes/own-data.js";
import { appFolder, entryInApp } from "./inside-app.js";
import { listFiles } from "./list-files.js";
import { OwnPlacesCache } from "./own-places.js";
import { readFile } from "./read-file.js";

export interface AppFilesWorld extends OwnDataWorld {
  /** Whether the app's folder is being changed. */
  isChanging(app: AppId): boolean;
  /** Values that nobody may see. */
  secretsOf(app: AppId): readonly Buffer[];
  /** Files of the app have gone. */
  changed(app: AppId): void;
}

type ListedFiles = Omit<CheckedParamsOf<"apps.files">, "app">;

/** What lies in the folders of apps, for people who look for what they have made. */
export interface AppFiles {
  list(app: AppId, which: ListedFiles): Promise<AppFolder>;
  read(
    app: AppId,
    which: { path: string; offset: number; most: number; version?: string | undefined },
  ): Promise<AppFilePart>;
  /** Moves what a person made into the trash; `entry` is what it is called there. */
  toTrash(app: AppId, paths: readonly string[]): Promise<{ entry: string; moved: number }>;
  /** Files of the app may be other ones now. */
  forget(app: AppId): void;
}

const USUALLY_SHOWN = 200;

export function createAppFiles(world: AppFilesWorld): AppFiles {
  const { home, api } = world;
  const known = new OwnPlacesCache(world);

  /** Files that are a person's, as they are written below `<home>`, folders as one. */
  const ownFilesOf = async (app: AppId, paths: readonly string[]): Promise<string[]> => {
    if (lstatSync(join(api, app)).isSymbolicLink()) {
      throw new PinokioError("request-invalid", `${app} is a link to a folder that lies elsewhere`, {
        hint: "Remove its files there",
      });
    }
    const root = appFolder(api, app);
    known.forget(app);
    const own = await known.of(app);
    const places = [...new Set(paths.map((path) => entryInApp(root, path).place))];
    for (const place of places) {
      const owner = own.ownerOf(place);
      if (owner === "own") continue;
      const why = owner === "mixed" ? "holds files of the app too" : "belongs to the app";
      throw new PinokioError("request-invalid", `${place} was not moved: it ${why}`, {
        hint: owner === "mixed" ? "Choose what is yours in it" : "Uninstall the app to remove its own files",
      });
    }
    const outermost = places.filter((place) => !places.some((other) => place.startsWith(`${other}/`)));
    return outermost.map((place) => join(api, app, place));
  };

  return {
    list: async (app, { folder = "", text = "", order = "newest", most = USUALLY_SHOWN }) => {
      const root = appFolder(api, app);
      const look = async () => listFiles({ root, folder, text, order, own: await known.of(app), most });
      const first = await look();
      if (!first.isOutdated) return { app, ...first.shown };
      known.forget(app);
      return { app, ...(await look()).shown };
    },
    read: async (app, which) => readFile({ ...which, root: appFolder(api, app), secrets: world.secretsOf(app) }),
    toTrash: async (app, paths) => {
      appFolder(api, app);
      if (world.isChanging(app)) {
        throw new PinokioError("app-busy", `Nothing was moved: the folder of ${app} is being changed`, {
          hint: "Wait until that is done",
        });
      }
      const files = await ownFilesOf(app, paths);
      const [first = ""] = files;
      try {
        const folder = moveToTrash(home, files, { from: api, why: "person" });
        return { entry: basename(folder), moved: files.length };
      } catch (error) {
        throw explainFileError(error, first);
      } finally {
        known.forget(app);
        world.changed(app);
      }
    },
    forget: (app) => known.forget(app),
  };
}
