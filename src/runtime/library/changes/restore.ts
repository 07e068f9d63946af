import { readdirSync } from "node:fs";
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
import type { ChangeContext, ChangesWorld, Settled } from "./world.js";

/** What the entry of a whole app in the trash holds for the one who puts it back. */
export const WholeAppUndo = z.object({
  record: z.json(),
  settings: z.json(),
  kept: z.string().nullable(),
  /** What was taken out of it, below the app's folder: it belongs back, wherever it is by then. */
  own: z.array(z.string()).default([]),
  /** What else went with it, below the home. */
  freed: z.array(z.string()).default([]),
});
export type WholeAppUndo = z.infer<typeof WholeAppUndo>;

const Data = z.object({
  title: z.string(),
  /** The name it is put back by: another one where an app of that name has been installed since. */
  to: AppId,
  undo: WholeAppUndo,
  /** What else went with it, and stays in the trash: another one is in its place. */
  left: z.array(z.string()).default([]),
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
  const left = undo.data.freed.filter((place) => isThere(join(world.home, place)));
  const freed = undo.data.freed.filter((place) => !left.includes(place));
  const data: Data = {
    left,
    title: record.title || app,
    to: isTaken && !replaces ? freeAppName(app, world) : app,
    undo: { ...undo.data, freed },
    now: makesWay
      ? {
          entry: newTrashName(world.now()),
          own: await ownDataOf(app, world, context.signal),
          undo: { record: world.record(app), settings: world.settings(app), kept: null, own: [], freed: [] },
        }
      : null,
  };
  context.signal.throwIfAborted();
  context.tell({ phase: "move", canCancel: false });
  const at = world.now().toISOString();
  const journal = beginJournal(world.home, { kind: "restore", app, entry, at, step: "way", data });
  try {
    const said = await finish(journal, world, data);
    if (data.to !== app) context.tell({ title: `Put ${data.title} back as ${data.to}` });
    context.tell({ said });
  } catch (error) {
    throw explainFileError(error, join(world.api, data.to));
  }
}

/** Finishes one that was cut off. */
export async function settleRestore(journal: Journal, world: ChangesWorld): Promise<Settled> {
  const data = Data.parse(journal.page.data);
  await finish(journal, world, data);
  return { message: `Putting ${data.title} back was cut off, and is finished now`, isDone: true };
}

/** Returns what there is to know of it, in sentences. */
async function finish(journal: Journal, world: ChangesWorld, data: Data): Promise<string[]> {
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
  // Whole, or not at all: two environments in one folder are none.
  for (const one of undo.freed) {
    await moveWhole(placeInTrash(folder, home, join(home, one)), join(home, one), home);
  }
  results.push({ moved: 0, taken: data.left.map((one) => ({ place: join(home, one), now: null })) });
  await putBackRest(folder, data, home);
  world.returnRuns();
  world.setRecord(to, undo.record);
  world.setSettings(to, undo.settings);
  dropEmptyEntry(folder);
  forgetApp(folder);
  journal.close();
  world.changed(to);
  const said = differencesText(results, journal, data);
  for (const sentence of said) world.tell("warning", sentence, to);
  return said;
}

/** What its runs have left, its secrets, and what is kept of its settings. */
async function putBackRest(folder: string, { left }: Data, home: string): Promise<void> {
  const files = join(folder, "files");
  const stays = left.map((place) => place.slice(0, place.indexOf("/")));
  if (!isThere(files)) return;
  for (const name of readdirSync(files).filter((one) => !stays.includes(one))) {
    await putBack({ from: join(files, name), to: join(home, name), home, taken: "stays" });
  }
}

/** What is left of an entry is no app any more: put back again, it is files. */
function forgetApp(folder: string): void {
  const record = readTrashRecord(folder);
  if (record === null) return;
  const { undo: _, ...rest } = record;
  writeTrashRecord(folder, rest);
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

function differencesText(results: PutBackResult[], { page }: Journal, { title, to }: Data): string[] {
  const { app } = page;
  const other =
    to === app
      ? []
      : [`${title} was put back as ${to}, since another app is called ${app} now: reset it if it does not start`];
  return [...other, ...takenTexts(results.flatMap(({ taken }) => taken))];
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
