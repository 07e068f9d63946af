import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { appMissing } from "../base/app-missing.js";
import type { AppId } from "../protocol/ids.js";
import type { LauncherSettings } from "../protocol/launcher.js";
import { fieldOf, type SourceField } from "./fields.js";
import type { AppPlace, Source } from "./finders/finder.js";
import { findSources, type FinderWorld } from "./finders/index.js";
import { prepareFormats } from "./formats/index.js";
import type { MachineHint } from "./kinds/kind.js";
import type { ConfigState, ConfigStates } from "./state.js";

/** What finding settings needs of the world. */
export interface FindWorld extends Omit<FinderWorld, "flags"> {
  api: string;
  drive: string;
  /** What an app's scripts ask for and run, as far as it can be told. */
  launcher(app: AppId): Promise<LauncherSettings>;
  gpus(): Promise<MachineHint["gpus"]>;
  /** A file's text as it was committed, or null. */
  original(file: string): Promise<string | null>;
}

/** Where an app's settings live, and what the machine offers for them. */
export interface Found {
  sources: Source[];
  machine: MachineHint;
}

export async function findSettings(app: AppId, world: FindWorld, states: ConfigStates): Promise<Found> {
  const folder = join(world.api, app);
  if (!existsSync(folder)) {
    throw appMissing(app);
  }
  const [launcher, gpus] = await Promise.all([world.launcher(app), world.gpus(), prepareFormats()]);
  const asks = launcher.scripts.flatMap((script) => script.asks);
  const place: AppPlace = {
    id: app,
    folder,
    launcher,
    asked: (file, path) =>
      asks.find((one) => one.file === file && one.path.join("\0") === path.join("\0") && one.title !== "") ??
      asks.find((one) => one.file === file && one.path.join("\0") === path.join("\0")) ??
      null,
    original: (file) => world.original(file),
  };
  const flags = {
    of: (id: string) => states.shown(id).flags,
    keep: (id: string, script: string, kept: ConfigState["flags"]) =>
      states.change(id, (state) => ({
        flags: [...state.flags.filter((one) => one.script !== script), ...kept],
      })),
  };
  const sources = await findSources(place, { ...world, flags });
  return { sources, machine: { gpus, models: modelPlaces(world.drive, folder), app: folder } };
}

/** Every setting that can be read now. */
export function fieldsOf({ sources, machine }: Found, { firsts }: ConfigState): SourceField[] {
  return sources.flatMap((source) => {
    try {
      return source.read().values.map((value) => fieldOf(source, value, { machine, firsts }));
    } catch {
      return []; // the form says why
    }
  });
}

/** Folders where somebody who looks for a model begins. */
function modelPlaces(drive: string, app: string): { name: string; path: string }[] {
  const shared = foldersIn(drive).filter((name) => name !== "drives");
  const own = ["models", join("app", "models")].filter((name) => existsSync(join(app, name)));
  return [
    ...shared.slice(0, 8).map((name) => ({ name, path: join(drive, name) })),
    ...own.map((name) => ({ name: "This app's models", path: join(app, name) })),
    { name: "Shared models", path: drive },
  ];
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}
