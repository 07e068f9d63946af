import { lstatSync, realpathSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { explainFileError } from "../../base/file-errors.js";
import { withReserve } from "../../base/reserve.js";
import { placeInTrash, trashFolder, writeTrashRecord } from "../../base/trash.js";
import type { AppId } from "../../protocol/ids.js";
import { InstalledApp } from "../installed-store.js";
import { dropEmptyKept, freeKeptName, keptPlace } from "../kept.js";
import { dropEmptyEntry } from "../trash.js";
import { FRESH, makeFresh } from "./fresh-copy.js";
import { beginJournal, type Journal } from "./journal.js";
import { keepPieces, movePieces } from "./keep.js";
import { isBelowMade, ownDataOf } from "./own-data.js";
import { isThere, moveWhole, putBack } from "./put-back.js";
import type { WholeAppUndo } from "./restore.js";
import type { ChangeContext, ChangesWorld, Json, Settled } from "./world.js";

const Data = z.object({
  title: z.string(),
  record: z.json(),
  settings: z.json(),
  /** A person's files that go into the new folder at once, and those that wait until its scripts have run. */
  stays: z.array(z.string()),
  waits: z.array(z.string()),
  kept: z.string().nullable(),
});
type Data = z.infer<typeof Data>;

export interface ResetOrder {
  app: AppId;
  entry: string;
  /** A person's files go to the trash too. */
  all: boolean;
}

/** Puts a new folder, as it was fetched, in the place of an app's; the old one goes to the trash. */
export async function reset(order: ResetOrder, world: ChangesWorld, context: ChangeContext): Promise<void> {
  const { app, entry, all } = order;
  const folder = join(world.api, app);
  const { signal } = context;
  const fresh = freshOf(app, world);
  context.tell({ phase: "stop" });
  await world.stopRuns(app);
  signal.throwIfAborted();
  context.tell({ phase: "look" });
  await withReserve(world.home, async () => {
    const at = world.now().toISOString();
    let journal: Journal | null = null;
    try {
      await makeFresh(realpathSync(folder), fresh, { origin: world.originOf(app), world, signal });
      const places = all ? [] : await ownDataOf(app, world, signal, { commitsStay: true });
      const data = await dataOf(order, places, world);
      await world.stopRuns(app); // somebody may have been about to start one
      journal = beginJournal(world.home, { kind: "reset", app, entry, at, step: "old", data });
      writeEntry(journal, world, data);
      context.tell({ phase: "move" });
      const onSettled = (): void => context.tell({ canCancel: false });
      await moveWhole(folder, oldPlace(journal, world), world.home, { signal, onSettled });
      context.tell({ canCancel: false });
      journal.step("new");
      await finish(journal, world, data);
    } catch (error) {
      if (journal !== null) await takeBack(journal, world, Data.parse(journal.page.data));
      await rm(fresh, { recursive: true, force: true });
      throw explainFileError(error, folder);
    }
  });
}

/** Finishes or undoes one that was cut off; says in words what came of it. */
export async function settleReset(journal: Journal, world: ChangesWorld): Promise<Settled> {
  const data = Data.parse(journal.page.data);
  const isMoved = isThere(oldPlace(journal, world));
  if (!isMoved || (journal.page.step === "old" && !isThere(freshOf(journal.page.app, world)))) {
    await takeBack(journal, world, data);
    await rm(freshOf(journal.page.app, world), { recursive: true, force: true });
    return {
      message: `Resetting ${data.title} was cut off before anything was changed: it is as it was`,
      isDone: false,
    };
  }
  if (journal.page.step === "old") {
    // Across disks its folder may have been cut off in the middle of being removed.
    await moveWhole(join(world.api, journal.page.app), oldPlace(journal, world), world.home);
    journal.step("new");
  }
  await finish(journal, world, data);
  return { message: `Resetting ${data.title} was cut off, and is finished now`, isDone: true };
}

async function dataOf({ app }: ResetOrder, places: readonly string[], world: ChangesWorld): Promise<Data> {
  const folder = join(world.api, app);
  const fresh = freshOf(app, world);
  const waits = places.filter((place) => isBelowMade(folder, place) || !hasRoomFor(place, fresh, folder));
  return {
    title: await world.titleOf(app),
    record: world.record(app),
    settings: world.settings(app),
    stays: places.filter((place) => !waits.includes(place)),
    waits,
    kept: waits.length === 0 ? null : freeKeptName(world.home, app),
  };
}

/** Whether a place in the new folder is free, or both are folders. */
function hasRoomFor(place: string, fresh: string, folder: string): boolean {
  const parts = place.split("/");
  for (let depth = 1; depth <= parts.length; depth++) {
    const part = parts.slice(0, depth).join("/");
    if (!isThere(join(fresh, part))) return true;
    const areFolders = [fresh, folder].every((root) => lstatSync(join(root, part)).isDirectory());
    if (!areFolders) return false;
  }
  return true;
}

async function finish(journal: Journal, world: ChangesWorld, data: Data): Promise<void> {
  const { home, api } = world;
  const { app, entry } = journal.page;
  const { title, stays, waits, kept } = data;
  const folder = join(api, app);
  const old = oldPlace(journal, world);
  if (journal.page.step === "new") {
    await moveWhole(freshOf(app, world), folder, home);
    journal.step("own");
  }
  await movePieces(old, folder, stays, home);
  if (kept !== null) {
    await keepPieces(world, { app, entry, title, name: kept, from: old, places: waits, afterInstall: true });
  }
  world.setRecord(app, withoutInstallation(data.record));
  journal.close();
  world.changed(app);
}

async function takeBack(journal: Journal, world: ChangesWorld, { kept, stays, record }: Data): Promise<void> {
  const { home, api } = world;
  const { app } = journal.page;
  const folder = join(api, app);
  const old = oldPlace(journal, world);
  if (isThere(old)) {
    await movePieces(folder, old, stays, home);
    if (kept !== null) {
      await putBack({ from: keptPlace(home, kept).files, to: old, home, taken: "stays" });
      dropEmptyKept(home, kept);
    }
    await rm(folder, { recursive: true, force: true }); // made anew a moment ago
    await moveWhole(old, folder, home);
  }
  world.setRecord(app, record);
  dropEmptyEntry(entryFolder(journal, world));
  journal.close();
  world.changed(app);
}

/** Its scripts have to run again before it can be used. */
function withoutInstallation(record: Json): Json {
  const known = InstalledApp.safeParse(record);
  if (!known.success) return record;
  return { ...known.data, state: known.data.installers.length > 0 ? "choose" : "installed" };
}

function writeEntry(
  journal: Journal,
  world: ChangesWorld,
  { title, record, settings, kept, stays, waits }: Data,
): void {
  const { app, at } = journal.page;
  writeTrashRecord(entryFolder(journal, world), {
    ...{ at, app, title, said: [], why: "reset", from: world.home },
    undo: { record, settings, kept, own: [...stays, ...waits], freed: [] } satisfies WholeAppUndo,
  });
}

const entryFolder = ({ page }: Journal, { home }: ChangesWorld): string => join(trashFolder(home), page.entry);

const oldPlace = (journal: Journal, world: ChangesWorld): string =>
  placeInTrash(entryFolder(journal, world), world.home, join(world.home, "api", journal.page.app));

const freshOf = (app: AppId, { api }: ChangesWorld): string => join(api, `${FRESH}${app}`);
