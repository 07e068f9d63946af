import { basename, join } from "node:path";
import * as z from "zod";
import { explainFileError } from "../../base/file-errors.js";
import { dropArriving, movePath, moveTree } from "../../base/move-path.js";
import { hasLittleRoom, withReserve } from "../../base/reserve.js";
import { placeInTrash, trashFolder, writeTrashRecord } from "../../base/trash.js";
import { tokenStaysText } from "../../protocol/changes.js";
import type { AppId } from "../../protocol/ids.js";
import { dropEmptyKept, freeKeptName, keptPlace } from "../kept.js";
import { dropEmptyEntry, KEPT } from "../trash.js";
import { beginJournal, type Journal } from "./journal.js";
import { keepPieces } from "./keep.js";
import { freedWith } from "./freed.js";
import type { WholeAppUndo } from "./restore.js";
import { ownDataOf } from "./own-data.js";
import { isThere, moveWhole, putBack } from "./put-back.js";
import { type ChangeContext, type ChangesWorld, leftOf, type Settled } from "./world.js";

/** What a later start needs to know to finish, and an undo to take it all back. */
const Data = z.object({
  title: z.string(),
  record: z.json(),
  settings: z.json(),
  /** A person's files, below the app's folder, and what they are kept by. */
  own: z.array(z.string()),
  kept: z.string().nullable(),
  /** What else goes, below the home: only this app used it. */
  freed: z.array(z.string()).default([]),
});
type Data = z.infer<typeof Data>;

export interface UninstallOrder {
  app: AppId;
  entry: string;
  /** A person's files go to the trash too. */
  all: boolean;
}

/** Moves an app into the trash, and a person's files to where nothing empties them. */
export async function uninstall(order: UninstallOrder, world: ChangesWorld, context: ChangeContext): Promise<void> {
  const { app, entry, all } = order;
  context.tell({ phase: "stop" });
  await world.stopRuns(app);
  context.signal.throwIfAborted();
  context.tell({ phase: "look" });
  const token = world.tokenOf(app);
  const own = all ? [] : await ownDataOf(app, world, context.signal);
  const { caches, environments } = await freedWith(app, world, context.signal);
  await world.stopRuns(app); // somebody may have been about to start one
  const data: Data = {
    title: await world.titleOf(app),
    record: world.record(app),
    settings: world.settings(app),
    own,
    kept: own.length === 0 ? null : freeKeptName(world.home, app),
    freed: [...caches, ...environments],
  };
  await withReserve(world.home, async () => {
    const journal = beginJournal(world.home, {
      kind: "uninstall",
      app,
      entry,
      at: world.now().toISOString(),
      step: "move",
      data,
    });
    try {
      writeEntry(journal, world, data);
      context.tell({ phase: "trash" });
      // First: where the app is in the trash, all of this is.
      for (const place of data.freed) {
        await moveTree(join(world.home, place), inTrash(journal, world, place), { signal: context.signal });
      }
      const onSettled = (): void => context.tell({ canCancel: false });
      await moveTree(join(world.api, app), placeOf(journal, world), { signal: context.signal, onSettled });
      context.tell({ canCancel: false });
      await finish(journal, world, data);
    } catch (error) {
      await takeBack(journal, world, data);
      throw explainFileError(error, join(world.api, app));
    }
  });
  const room = hasLittleRoom(world.home) ? roomTexts(entry, data) : [];
  const left = leftOf(token);
  const said = [...room, ...(left === null ? [] : [tokenStaysText(left)])];
  if (said.length > 0) context.tell({ said });
}

/** On a disk that is full people uninstall to have room, and nothing has come back yet. */
const roomTexts = (entry: string, { title, kept }: Data): string[] => [
  `The disk is still full: \`pinokiocloud trash empty ${entry}\` gives back what ${title} took, for good`,
  ...(kept === null
    ? []
    : [`Your files take room too: look at them, then \`pinokiocloud trash empty ${KEPT}${kept}\``]),
];

/** Finishes or undoes one that was cut off; says in words what came of it. */
export async function settleUninstall(journal: Journal, world: ChangesWorld): Promise<Settled> {
  const data = Data.parse(journal.page.data);
  if (isThere(placeOf(journal, world))) {
    // Across disks the app was copied whole, and its folder may have been cut off in the middle of being removed.
    await moveWhole(join(world.api, journal.page.app), placeOf(journal, world), world.home);
    await finish(journal, world, data);
    return { message: `Uninstalling ${data.title} was cut off, and is finished now`, isDone: true };
  }
  await takeBack(journal, world, data);
  return {
    message: `Uninstalling ${data.title} was cut off before anything was moved: it is still installed`,
    isDone: false,
  };
}

async function finish(journal: Journal, world: ChangesWorld, data: Data): Promise<void> {
  const { app, entry } = journal.page;
  const { title, own, kept } = data;
  if (kept !== null) {
    const from = placeOf(journal, world);
    await keepPieces(world, { app, entry, title, name: kept, from, places: own, afterInstall: false });
  }
  world.setRecord(app, null);
  world.setSettings(app, null);
  const { home } = world;
  for (const folder of world.takeRuns(app)) {
    movePath(folder, placeInTrash(entryFolder(journal, world), home, join(home, "runs", basename(folder))));
  }
  for (const file of world.filesFor(app)) movePath(file, placeInTrash(entryFolder(journal, world), home, file));
  journal.close();
  world.changed(app);
}

/** Puts everything back after something went wrong on the way. What cannot be put back now is at the next start. */
async function takeBack(journal: Journal, world: ChangesWorld, { kept, record, settings, freed }: Data): Promise<void> {
  const { home } = world;
  const { app } = journal.page;
  const folder = entryFolder(journal, world);
  for (const place of [...freed, join("api", app)]) await dropArriving(inTrash(journal, world, place));
  if (kept !== null) {
    await putBack({ from: keptPlace(home, kept).files, to: placeOf(journal, world), home, taken: "stays" });
    dropEmptyKept(home, kept);
  }
  world.setRecord(app, record);
  world.setSettings(app, settings);
  await putBack({ from: join(folder, "files"), to: home, home, taken: "stays" });
  dropEmptyEntry(folder);
  world.returnRuns();
  journal.close();
  world.changed(app);
}

function writeEntry(journal: Journal, world: ChangesWorld, { title, record, settings, kept, own, freed }: Data): void {
  const { app, at } = journal.page;
  writeTrashRecord(entryFolder(journal, world), {
    ...{ at, app, title, said: [], why: "uninstall", from: world.home },
    undo: { record, settings, kept, own, freed } satisfies WholeAppUndo,
  });
}

const entryFolder = ({ page }: Journal, { home }: ChangesWorld): string => join(trashFolder(home), page.entry);

/** Where a place below the home lies in the trash. */
const inTrash = (journal: Journal, world: ChangesWorld, place: string): string =>
  placeInTrash(entryFolder(journal, world), world.home, join(world.home, place));

/** Where the app's folder lies in the trash. */
const placeOf = (journal: Journal, world: ChangesWorld): string =>
  inTrash(journal, world, join("api", journal.page.app));
