import { existsSync } from "node:fs";
import { basename, join, parse, relative } from "node:path";
import { readTrashRecord, trashFolder } from "../../base/trash.js";
import type { AppId } from "../../protocol/ids.js";
import { freeKeptName, keptPlace, writeKept } from "../kept.js";
import { dropEmptyEntry } from "../trash.js";
import { isThere, putBack } from "./put-back.js";
import { takenTexts } from "./restore.js";
import type { ChangesWorld } from "./world.js";

/** Puts single files back that a script, a repair or a link has put away; returns what there is to know of it. */
export async function restoreFiles(entry: string, world: ChangesWorld): Promise<string[]> {
  const { home, api } = world;
  const folder = join(trashFolder(home), entry);
  const record = readTrashRecord(folder);
  if (record === null) return [];
  const { app, title } = record;
  if (app !== null && !isThere(join(api, app))) return keepInstead(folder, app, title, world);
  const results = [
    await putBack({ from: join(folder, "files"), to: rootOf(record.from, world), home, taken: "beside" }),
    await putBack({ from: join(folder, "elsewhere"), to: parse(home).root, home, taken: "beside" }),
  ];
  dropEmptyEntry(folder);
  const said = takenTexts(results.flatMap(({ taken }) => taken));
  if (app === null) return said;
  world.changed(app);
  for (const text of said) world.tell("warning", text, app);
  return said;
}

/** The home may have been moved since. */
const rootOf = (from: string, { api, home }: ChangesWorld): string =>
  existsSync(from) ? from : basename(from) === "api" ? api : home;

/** Files of an app that is gone: an app's folder without an app would be none. */
async function keepInstead(folder: string, app: AppId, title: string, world: ChangesWorld): Promise<string[]> {
  const { home, api, now } = world;
  const name = freeKeptName(home, app);
  const { files } = keptPlace(home, name);
  const whole = [app, join("api", app)].map((place) => join(folder, "files", place)).find(isThere);
  const below = relative(join(api, app), readTrashRecord(folder)?.from ?? api);
  const place = below.startsWith("..") ? files : join(files, below);
  writeKept(home, name, { at: now().toISOString(), app, title, afterInstall: false });
  await putBack({
    from: whole ?? join(folder, "files"),
    to: whole === undefined ? place : files,
    home,
    taken: "beside",
  });
  for (const rest of ["files", "elsewhere"]) {
    await putBack({ from: join(folder, rest), to: join(files, "elsewhere"), home, taken: "beside" });
  }
  dropEmptyEntry(folder);
  const said = `${title || app} is not installed: what you took back is in ${files}`;
  world.tell("info", said, app);
  return [said];
}
