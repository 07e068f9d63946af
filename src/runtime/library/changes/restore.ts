import { join } from "node:path";
import * as z from "zod";
import { explainFileError } from "../../base/file-errors.js";
import { newTrashName, placeInTrash, readTrashRecord, trashFolder, writeTrashRecord } from "../../base/trash.js";
import { PinokioError } from "../../protocol/errors.js";
import { AppId } from "../../protocol/ids.js";
import { dropEmptyKept, keptIn, keptPlace } from "../kept.js";
import { dropEmptyEntry } from "../trash.js";
import { beginJournal, type Journal } from "./journal.js";
import { movePieces } from "./keep.js";
import { ownDataOf } from "./own-data.js";
import { isThere, moveWhole, putBack, type PutBackResult } from "./put-back.js";
import type { ChangeContext, ChangesWorld } from "./world.js";

/** What the entry of a whole app in the trash holds for the one who puts it back. */
export const WholeAppUndo = z.object({
  record: z.json(),
  settings: z.json(),
  kept: z.string().nullable(),
  /** What was taken out of it, below the app's folder: it belongs back, wherever it is by then. */
  own: z.array(z.string()).default([]),
});
export type WholeAppUndo = z.infer<typeof WholeAppUndo>;

const Data = z.object({
  title: z.string(),
  /** The name it is put back by: another one where an app of that name has been installed since. */
  to: AppId,
  undo: WholeAppUndo,
  /** Where what is there now goes, and a person's files in that, which go over. Null where nothing is there. */
  now: z.object({ entry: z.string(), own: z.array(z.string()), undo: WholeAppUndo }).nullable(),
});
type Data = z.infer<typeof Data>;

interface RestoreOrder {
  app: AppId;
  entry: string;
  /** What is there now is the same app, and makes way. */
  replaces: boolean;
}

/** Puts a whole app back that was uninstalled or reset. */
export async function restoreApp(order: RestoreOrder, world: ChangesWorld, context: ChangeContext): Promise<void> {
  const { app, entry, replaces } = order;
  const record = readTrashRecord(join(trashFolder(world.home), entry));
  const undo = WholeAppUndo.safeParse(record?.undo);
  if (record === null || !undo.success) throw unknownPlace(entry);
  const isTaken = isThere(join(world.api, app));
  const makesWay = replaces && isTaken;
  if (makesWay) {
    context.tell({ phase: "stop" });
    await world.stopRuns(app);
  }
  context.signal.throwIfAborted();
  context.tell({ phase: "look" });
  const data: Data = {
    title: record.title || app,
    to: isTaken && !replaces ? freeAppName(app, world) : app,
    undo: undo.data,
    now: makesWay
      ? {
          entry: newTrashName(world.now()),
          own: await ownDataOf(app, world, context.signal),
          undo: { record: world.record(app), settings: world.settings(app), kept: null, own: [] },
        }
      : null,
  };
  context.signal.throwIfAborted();
  context.tell({ phase: "move", canCancel: false });
  const at = world.now().toISOString();
  const journal = beginJournal(world.home, { kind: "restore", app, entry, at, step: "way", data });
  try {
    await finish(journal, world, data);
  } catch (error) {
    throw explainFileError(error, join(world.api, data.to));
  }
}

/** Finishes one that was cut off. */
export async function settleRestore(journal: Journal, world: ChangesWorld): Promise<string> {
  const data = Data.parse(journal.page.data);
  await finish(journal, world, data);
  return `Putting ${data.title} back was cut off, and is finished now`;
}

async function finish(journal: Journal, world: ChangesWorld, data: Data): Promise<void> {
  const { home, api } = world;
  const { app, entry } = journal.page;
  const { to, undo, now } = data;
  const folder = join(trashFolder(home), entry);
  const place = join(api, to);
  if (journal.page.step === "way") {
    if (now !== null) await makeWay(journal, world, data, now);
    journal.step("move");
  }
  if (journal.page.step === "move") {
    await moveWhole(placeInTrash(folder, home, join(home, "api", app)), place, home);
    journal.step("own");
  }
  const results: PutBackResult[] = [];
  if (undo.kept !== null) {
    results.push(await putBack({ from: keptPlace(home, undo.kept).files, to: place, home, taken: "beside" }));
    dropEmptyKept(home, undo.kept);
  }
  if (now !== null) results.push(await takeOver(journal, world, place, now));
  await bringMissing(journal, world, data);
  await putBack({ from: join(folder, "files"), to: home, home, taken: "stays" }); // the folders of its runs
  world.returnRuns();
  world.setRecord(to, undo.record);
  world.setSettings(to, undo.settings);
  dropEmptyEntry(folder);
  journal.close();
  world.changed(to);
  tellDifferences(results, journal, data, world);
}

type Now = NonNullable<Data["now"]>;

/** Moves what is there now into an entry of its own, from which it can be had back in turn. */
async function makeWay(journal: Journal, world: ChangesWorld, { title }: Data, now: Now): Promise<void> {
  const { home, api } = world;
  const { app, at } = journal.page;
  const folder = join(trashFolder(home), now.entry);
  const said = [`It was there when an earlier ${title} was put back`];
  writeTrashRecord(folder, { at, app, title, said, why: "restore", from: home, undo: now.undo });
  await moveWhole(join(api, app), placeInTrash(folder, home, join(home, "api", app)), home);
}

/** A person's files in what was there go over into what was put back. */
async function takeOver(journal: Journal, { home }: ChangesWorld, place: string, now: Now): Promise<PutBackResult> {
  const folder = join(trashFolder(home), now.entry);
  const own = join(folder, "own");
  await movePieces(placeInTrash(folder, home, join(home, "api", journal.page.app)), own, now.own, home);
  return putBack({ from: own, to: place, home, taken: "beside" });
}

/** What was taken out of it may be in what was there, or be kept since that was uninstalled. */
async function bringMissing({ page }: Journal, { home, api }: ChangesWorld, { to, undo, now }: Data): Promise<void> {
  const place = join(api, to);
  const kept = keptIn(home).filter((one) => one.app === page.app);
  const was = now === null ? [] : [placeInTrash(join(trashFolder(home), now.entry), home, join(home, "api", page.app))];
  for (const from of [...kept.map(({ files }) => files), ...was]) {
    const missing = undo.own.filter((piece) => !isThere(join(place, piece)));
    await movePieces(from, place, missing, home);
  }
  for (const { name } of kept) dropEmptyKept(home, name);
}

function tellDifferences(results: PutBackResult[], { page }: Journal, { title, to }: Data, world: ChangesWorld): void {
  const { app } = page;
  if (to !== app) {
    const why = `another app is called ${app} now`;
    world.tell("warning", `${title} was put back as ${to}, since ${why}: reset it if it does not start`, to);
  }
  const taken = results.flatMap((result) => result.taken);
  for (const sentence of takenTexts(taken)) world.tell("warning", sentence, to);
}

const MOST_TOLD = 3;

/** What could not go back to its place, in sentences. */
export function takenTexts(taken: PutBackResult["taken"]): string[] {
  const texts = taken
    .slice(0, MOST_TOLD)
    .map(({ place, now }) =>
      now === null ? `Something else is at ${place}: it stays where it was` : `${place} is taken: it is at ${now}`,
    );
  return taken.length > MOST_TOLD ? [...texts, `and ${taken.length - MOST_TOLD} more like that`] : texts;
}

function freeAppName(app: AppId, { api }: ChangesWorld): AppId {
  for (let number = 1; ; number++) {
    const name = AppId.parse(number === 1 ? `${app}-restored` : `${app}-restored-${number}`);
    if (!isThere(join(api, name))) return name;
  }
}

const unknownPlace = (entry: string): PinokioError =>
  new PinokioError("trash-missing", `Nobody knows any more what ${entry} was`, {
    hint: "Its files lie in its folder; take them from there",
  });
