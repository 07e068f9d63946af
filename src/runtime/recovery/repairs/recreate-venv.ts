import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { join, relative } from "node:path";
import { isInside, placeInside } from "../../base/inside-folder.js";
import { processesWith } from "../../base/processes.js";
import { treeSize } from "../../base/tree-size.js";
import { type Repairer, type RepairWorld, refusal } from "./repair.js";

/** How deep below an app environments are looked for. */
const DEEPEST = 3;
const NEVER_LOOKED_INTO = new Set([".git", "node_modules", "site-packages"]);

/** As in every list of environments. */
const sizeOf = async (path: string): Promise<number> => {
  const { bytes, sharedBytes } = await treeSize([path]);
  return bytes + sharedBytes;
};

/** Moves an environment away and lets the app's install script make it anew. Nothing is deleted. */
export const recreateVenv: Repairer<"recreate-venv"> = {
  kind: "recreate-venv",
  isPossible: ({ path }, { app }) => (path === null ? environmentsOf(app).length > 0 : isEnvironment(path)),

  preview: async ({ path }, world) => {
    const found = path === null ? environmentsOf(world.app) : [path];
    const refused = found.length === 0 ? "The app has no environment" : firstRefused(found, world);
    const sized = found.map(async (path) => ({ path, bytes: refused === null ? await sizeOf(path) : 0 }));
    return {
      does: "Puts the environment into the trash and runs the app's install script, which makes it again",
      removes: [],
      moves: await Promise.all(sized),
      refused,
    };
  },

  run: async (params, world) => {
    const preview = await recreateVenv.preview(params, world);
    const refused = refusal(preview);
    if (refused !== null) return refused;
    const kept: string[] = [];
    for (const { path } of preview.moves) {
      world.doing(`Putting ${path} into the trash`);
      kept.push(await world.moveAway(path));
    }
    world.doing("Starting the app's install script");
    await world.startScript("install");
    return { done: true, said: `The old environment is kept in ${kept.join(", ")}; the app is being installed again` };
  },
};

function environmentsOf(app: string | null): string[] {
  if (app === null) return [];
  const found: string[] = [];
  const look = (folder: string, depth: number): void => {
    if (folder !== app && isEnvironment(folder)) {
      found.push(folder);
      return;
    }
    if (depth === DEEPEST) return;
    for (const name of foldersIn(folder)) if (!NEVER_LOOKED_INTO.has(name)) look(join(folder, name), depth + 1);
  };
  look(app, 0);
  return found;
}

function firstRefused(folders: readonly string[], world: RepairWorld): string | null {
  for (const folder of folders) {
    const why = whyNot(folder, world);
    if (why !== null) return why;
  }
  return null;
}

function whyNot(folder: string, { home, app }: RepairWorld): string | null {
  // The path may come from what a program printed, which must not reach what belongs to another app.
  const rooms = [...(app === null ? [] : [app]), join(home, "envs")];
  if (!rooms.some((room) => isBelow(room, folder))) return `${folder} is no environment of this app`;
  if (!isEnvironment(folder)) return `${folder} is no environment`;
  const users = processesWith("VIRTUAL_ENV", folder).length + processesWith("CONDA_PREFIX", folder).length;
  return users === 0 ? null : `${folder} is used by ${users} processes: stop them first`;
}

/** Also by way of links, and never the room itself. */
function isBelow(room: string, folder: string): boolean {
  if (!existsSync(room) || !isInside(room, folder)) return false;
  const name = relative(room, folder);
  return name !== "" && placeInside(realpathSync(room), name) !== null;
}

function isEnvironment(folder: string): boolean {
  const isReal = lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  return isReal && ["pyvenv.cfg", "conda-meta"].some((mark) => existsSync(join(folder, mark)));
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}
