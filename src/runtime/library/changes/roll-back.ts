import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isOutOfSpace } from "../../base/file-errors.js";
import { writeTrashRecord } from "../../base/trash.js";
import { toWireError } from "../../protocol/errors.js";
import { dropEmptyKept, freeKeptName, keptPlace } from "../kept.js";
import { dropEmptyEntry } from "../trash.js";
import { beforeFolder, readBefore } from "./before-script.js";
import { bringTo, dropCopies, filesBelow, returnEdits } from "./bring-to.js";
import { releaseLocks } from "./git-locks.js";
import type { Journal } from "./journal.js";
import { keepPieces, movePieces } from "./keep.js";
import { packageDifferences, packagesOf } from "./packages.js";
import { putBack } from "./put-back.js";
import type { UpdateRepositories } from "./repositories.js";
import { returnBefore } from "./return-before.js";
import { copiesOf, entryOf, UpdateData } from "./update-data.js";
import type { ChangeContext, ChangesWorld } from "./world.js";

interface RolledBack {
  /** How things stand now, for the end of a sentence. */
  standing: string;
  /** Which packages are not as they were; empty where all are. */
  differences: string;
}

/**
 * Brings everything back to what it stood at. Each part is begun again when it is cut off, and never after the next one
 * has begun: `return` what its script has changed, `back` to the commit, then the `rest`.
 */
export async function rollBack(journal: Journal, world: ChangesWorld, context: ChangeContext): Promise<RolledBack> {
  const { app } = journal.page;
  const folder = join(world.api, app);
  const isAsBefore = journal.page.step !== "undo";
  await world.stopRuns(app);
  await releaseLocks(folder, world, journal.page.at);
  const half = await dropHalf(journal, world); // before anything is written: the disk may be full of it
  if (!["back", "rest"].includes(journal.page.step)) {
    note(journal, "return");
    const lost = await returnFiles(journal, world, context);
    note(journal, "back", { ...dataOf(journal), lost });
  }
  if (journal.page.step === "back") {
    await returnVersions(journal, world, context);
    note(journal, "rest");
  }
  const data = dataOf(journal);
  const isAside = await putAside(journal, world, data);
  if (!isDeepStrictEqual(world.record(app), data.undo.record)) world.setRecord(app, data.undo.record);
  const differences = packageDifferences(data.undo.packages, await packagesOf(folder));
  dropEmptyEntry(entryOf(journal, world));
  if (data.runId !== null) world.noteTakenBack(data.runId);
  journal.close();
  world.changed(app, { isAsBefore });
  await rm(beforeFolder(app, world), { recursive: true, force: true });
  return { standing: standingText(data, isAside) + halfText(half), differences: differencesText(differences) };
}

/** Parts of files that git was writing when it failed, or was killed; returns what is left of them. */
async function dropHalf(journal: Journal, { api, repositories }: ChangesWorld): Promise<string[]> {
  const { standing, runId, undo } = dataOf(journal);
  if (standing === null || runId !== null) return [];
  const order = { commit: undo.to, standing, mayBeTouched: true };
  return repositories.dropUnfinished(join(api, journal.page.app), order);
}

/** Until a script has run, going back from an earlier step comes to the same: a full disk keeps nobody from it. */
function note(journal: Journal, step: string, data?: UpdateData): void {
  try {
    journal.step(step, data);
  } catch (error) {
    if (!isOutOfSpace(error) || dataOf(journal).runId !== null) throw error;
  }
}

const dataOf = ({ page }: Journal): UpdateData => UpdateData.parse(page.data);

/** What its script has changed of the app; returns what it has written over in place. */
async function returnFiles(journal: Journal, world: ChangesWorld, context: ChangeContext): Promise<string[]> {
  const { repositories, api } = world;
  const { undo } = dataOf(journal);
  const before = readBefore(journal.page, world);
  if (before === null) return [];
  const folder = join(api, journal.page.app);
  const aside = asideOf(journal, world);
  // Its script may have fetched for itself.
  if ((await repositories.head(folder)) !== undo.to)
    await bringTo({ folder, commit: undo.to, copies: aside, repositories, context });
  const known = new Map<string, { isEdited: boolean }>();
  for (const below of ["", ...Object.keys(undo.checkouts)]) {
    for (const [path, edited] of await filesOf(join(folder, below), repositories)) {
      known.set(join(below, path), { isEdited: edited });
    }
  }
  return returnBefore(before, { to: folder, aside, known });
}

/** The files of a checkout's commit, and whether they are edited. */
async function filesOf(folder: string, repositories: UpdateRepositories): Promise<[path: string, isEdited: boolean][]> {
  try {
    const head = await repositories.head(folder);
    if (head === null) return [];
    const edited = new Set((await repositories.edits(folder)).map(({ path }) => path));
    return (await repositories.filesAt(folder, head)).map((path) => [path, edited.has(path)]);
  } catch {
    return []; // what a script has left is no repository: then nothing in it is git's
  }
}

/** Back to the commits of before, with a person's edits where they were. */
async function returnVersions(journal: Journal, world: ChangesWorld, context: ChangeContext): Promise<void> {
  const { repositories, api, home } = world;
  const { app, entry } = journal.page;
  const { title, undo } = dataOf(journal);
  const folder = join(api, app);
  const copies = copiesOf(journal, world);
  if (undo.kept !== null) {
    await movePieces(keptPlace(home, undo.kept).files, copies, undo.own, home);
    dropEmptyKept(home, undo.kept);
  }
  for (const [below, commit] of Object.entries(undo.checkouts)) {
    const place = join(folder, below);
    const head = await repositories.head(place);
    if (head === commit || head === null) continue;
    try {
      await bringTo({ folder: place, commit, copies: join(copies, below), repositories, context });
    } catch (error) {
      const why = toWireError(error).message; // a script may have put another repository there, or half of one
      world.tell("warning", `${below} of ${title} stays as its script has left it: ${why}`, app);
    }
  }
  const later = join(entryOf(journal, world), "later");
  if ((await repositories.head(folder)) !== undo.from) {
    const conflicts = await bringTo({ folder, commit: undo.from, copies: later, repositories, context });
    dropCopies(later, conflicts);
  }
  await returnEdits(folder, copies, repositories);
  await returnEdits(folder, later, repositories);
  await putBack({ from: later, to: copies, home, taken: "beside" });
  const places = filesBelow(copies);
  if (places.length === 0) return;
  const name = freeKeptName(home, app);
  await keepPieces(world, { app, entry, title, name, from: copies, places, afterInstall: false });
  const what = places.length === 1 ? `Your version of ${places[0] ?? ""} is` : "Your versions of files are";
  world.tell("info", `${what} in ${keptPlace(home, name).files}: ${title} has others in their place`, app);
}

/** A person's files as its script had left them are an entry of the trash like any other. */
async function putAside(journal: Journal, world: ChangesWorld, { title }: UpdateData): Promise<boolean> {
  const { home } = world;
  const { app, at } = journal.page;
  const copies = copiesOf(journal, world);
  await putBack({ from: asideOf(journal, world), to: copies, home, taken: "beside" });
  if (filesBelow(copies).length === 0) return false;
  const said = ["How these files were left by an update that failed"];
  writeTrashRecord(entryOf(journal, world), { at, app, title, said, why: "update", from: home });
  return true;
}

const asideOf = (journal: Journal, world: ChangesWorld): string => join(entryOf(journal, world), "aside");

function standingText({ runId, isSaved, lost }: UpdateData, isAside: boolean): string {
  if (runId !== null && !isSaved) return "its code is as it was before; what scripts have changed beside it stays";
  const over = lost.length === 0 ? "" : `, but for what its script has written over in place: ${listText(lost)}`;
  const aside = isAside ? ". How that had left files of yours is in the trash" : "";
  return `all is as it was before${over}${aside}`;
}

const halfText = (half: readonly string[]): string =>
  half.length === 0 ? "" : `, but for ${listText(half)}: the update had begun to write there`;

const differencesText = (differences: readonly string[]): string =>
  differences.length === 0
    ? ""
    : `; packages of its environments changed: ${listText(differences)}. Reset it if it does not start`;

const MOST_NAMED = 5;

function listText(words: readonly string[]): string {
  const more = words.length > MOST_NAMED ? ` and ${words.length - MOST_NAMED} more` : "";
  return `${words.slice(0, MOST_NAMED).join(", ")}${more}`;
}
