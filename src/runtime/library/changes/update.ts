import { rm } from "node:fs/promises";
import { join } from "node:path";
import { quotedWord } from "../../base/command-words.js";
import { holdsFiles } from "../../base/holds-files.js";
import { isOutOfSpace } from "../../base/file-errors.js";
import { withReserve } from "../../base/reserve.js";
import { readTrashRecord, trashEntries, trashFolder, writeTrashRecord } from "../../base/trash.js";
import type { UpdateLook } from "../../protocol/changes.js";
import { PinokioError, toWireError } from "../../protocol/errors.js";
import type { AppId, RunId } from "../../protocol/ids.js";
import { isCancelled } from "../jobs.js";
import { dropEmptyKept, freeKeptName } from "../kept.js";
import { dropEmptyEntry } from "../trash.js";
import { beforeFolder, keepBefore } from "./before-script.js";
import { bringTo } from "./bring-to.js";
import { releaseLocks } from "./git-locks.js";
import { beginJournal, type Journal } from "./journal.js";
import { keepPieces } from "./keep.js";
import { checkoutsBelow, lookForUpdate, updateScriptOf } from "./look.js";
import { packagesOf } from "./packages.js";
import { rollBack } from "./roll-back.js";
import { copiesOf, entryOf, UpdateData, UpdateUndo, writeUpdateEntry } from "./update-data.js";
import type { ChangeContext, ChangesWorld, Settled } from "./world.js";

export interface UpdateOrder {
  app: AppId;
  entry: string;
  /** What a person agreed to, from the look; null where no script changes. */
  agreed: string | null;
  unattended: boolean | undefined;
}

/** Fetches what is new, brings the app to it and runs its update script; when that fails, all is as before. */
export async function update(order: UpdateOrder, world: ChangesWorld, context: ChangeContext): Promise<void> {
  const { app, entry, agreed } = order;
  const { signal } = context;
  const folder = join(world.api, app);
  context.tell({ phase: "fetch" });
  const look = await lookForUpdate(app, world, signal);
  const [own] = look.parts;
  if (look.refused !== null || own === undefined) throw refusal(look.title, look.refused);
  if (look.fingerprint !== null && look.fingerprint !== agreed) throw needsAgreement(look.title);
  if (!look.isAvailable) return;
  await fetchContents(folder, own.to, look, world, context);
  context.tell({ phase: "stop", progress: null });
  const stopped = world.liveRuns(app).length === 0 ? [] : [stoppedText(look.title, app)];
  await world.stopRuns(app);
  await releaseLocks(folder, world, null);
  signal.throwIfAborted();
  const undo = UpdateUndo.parse({
    from: own.from,
    to: own.to,
    record: world.record(app),
    checkouts: await commitsOf(folder, world),
    packages: await packagesOf(folder),
  });
  const at = world.now().toISOString();
  const standing = await world.repositories.standing(folder, own.to);
  const didLoad = (await world.launcherProblem(app)) === null;
  const data = UpdateData.parse({ title: look.title, undo, runId: null, standing, didLoad });
  const journal = beginJournal(world.home, { kind: "update", app, entry, at, step: "move", data });
  context.tell({ phase: "files", canCancel: false });
  try {
    writeUpdateEntry(journal, world, data);
    const forward = await bringForward(journal, world, data, context);
    if (agreed !== null) await world.agree(app);
    await runScript(order, journal, world, forward, context);
    const said = [...(await noteBehind(journal, world, look)), ...stopped];
    if (said.length > 0) context.tell({ said });
    await requireLoads(journal, world);
    await finish(journal, world);
  } catch (error) {
    if (signal.aborted && !isCancelled(signal)) throw error; // the next sidecar goes on from the journal
    context.tell({ phase: "undo", canCancel: false });
    const goingBack = withReserve(world.home, () => rollBack(journal, world, context));
    const { standing, differences } = await goingBack.catch((why: unknown) => {
      throw notBack(error, why);
    });
    if (isOutOfSpace(error)) await dropNew(folder, look, world);
    const now = [`${standing}${differences}`, ...stopped].join(". ");
    // Of a job that was cancelled nobody hears an error.
    if (isCancelled(signal)) world.tell("info", `Updating ${look.title} was cancelled: ${now}`, app);
    const { code, message, hint } = toWireError(error);
    throw new PinokioError(code, `${message}: ${now}`, { hint, cause: error });
  }
}

/** While it can be cancelled, and nothing is stopped or written yet. */
async function fetchContents(
  folder: string,
  commit: string,
  look: UpdateLook,
  world: ChangesWorld,
  { signal, tell }: ChangeContext,
): Promise<void> {
  try {
    await world.repositories.fetchContents(folder, commit, signal, tell);
  } catch (error) {
    if (isOutOfSpace(error)) await dropNew(folder, look, world);
    throw error;
  }
}

/** What was fetched takes room that nobody has use for now; it is fetched again with the next look. */
async function dropNew(folder: string, { parts }: UpdateLook, { home, repositories }: ChangesWorld): Promise<void> {
  const fresh = parts.filter(({ problem, from, to }) => problem === null && from !== to);
  await withReserve(home, async () => {
    for (const part of fresh) await repositories.dropFetched(join(folder, part.folder), part.to).catch(() => undefined); // why it failed matters more
  });
}

/** Undoes one that was cut off, or finishes it where its script has run to its end. */
export async function settleUpdate(journal: Journal, world: ChangesWorld): Promise<Settled> {
  const { title, runId } = UpdateData.parse(journal.page.data);
  const { step } = journal.page;
  const hasRun = step === "script" && runId !== null && (await world.outcomeOf(runId)) === "finished";
  const why = hasRun ? await whyNotLoaded(journal, world) : null;
  if ((hasRun && why === null) || step === "keep") {
    await finish(journal, world);
    return { message: `Updating ${title} was cut off, and is finished now`, isDone: true };
  }
  const { standing, differences } = await rollBack(journal, world, unheard());
  return { message: `${why ?? `Updating ${title} was cut off`}: ${standing}${differences}`, isDone: false };
}

/** Takes a finished update back. */
export async function undoUpdate(
  { app, entry }: { app: AppId; entry: string },
  world: ChangesWorld,
  context: ChangeContext,
): Promise<void> {
  const record = readTrashRecord(join(trashFolder(world.home), entry));
  const undo = UpdateUndo.safeParse(record?.undo);
  if (record === null || !undo.success) throw new PinokioError("trash-missing", `Nobody knows what ${entry} was`);
  const folder = join(world.api, app);
  const head = await world.repositories.head(folder);
  if (head !== undo.data.to && head !== undo.data.from) {
    throw new PinokioError("app-edited", `${record.title} has been changed since that update`, {
      hint: "Only the latest update of an app can be taken back",
    });
  }
  context.tell({ phase: "stop" });
  await world.stopRuns(app);
  context.tell({ phase: "undo", canCancel: false });
  const at = world.now().toISOString();
  const data = UpdateData.parse({ title: record.title || app, undo: undo.data, runId: null });
  const journal = beginJournal(world.home, { kind: "update", app, entry, at, step: "undo", data });
  const { differences } = await rollBack(journal, world, context);
  if (differences === "") return;
  const said = `${data.title} is back at what it was${differences}`;
  world.tell("warning", said, app);
  context.tell({ said: [said] });
}

/** Brings its own repository to what is new. */
async function bringForward(
  journal: Journal,
  world: ChangesWorld,
  data: UpdateData,
  context: ChangeContext,
): Promise<UpdateData> {
  const { repositories, api } = world;
  const { app, at } = journal.page;
  const { title, undo } = data;
  const folder = join(api, app);
  const said: string[] = [];
  if (undo.from === undo.to) return data; // only what its script fetches is new
  if (!(await isKnownElsewhere(folder, undo.from, world))) {
    const branch = `before-update-${at.slice(0, 19).replace(/[:T]/g, "-")}`;
    await repositories.nameCommit(folder, branch, undo.from);
    said.push(`Commits that only this copy of ${title} had are on its branch ${branch}`);
  }
  const copies = copiesOf(journal, world);
  const own = await bringTo({ folder, commit: undo.to, copies, repositories, context });
  return { ...data, said, undo: { ...undo, own } };
}

/** Whether a commit can be had again from where the app came from. */
async function isKnownElsewhere(folder: string, commit: string, { repositories }: ChangesWorld): Promise<boolean> {
  const branch = await repositories.branch(folder);
  const known = branch === null ? null : await repositories.commitNamed(folder, `refs/remotes/origin/${branch}`);
  return known !== null && (await repositories.isBefore(folder, commit, known));
}

async function runScript(
  { app, unattended }: UpdateOrder,
  journal: Journal,
  world: ChangesWorld,
  data: UpdateData,
  context: ChangeContext,
): Promise<void> {
  const script = updateScriptOf(join(world.api, app));
  if (script === null) return journal.step("move", data);
  const isSaved = await keepBefore(journal.page, world, context.signal);
  journal.step("move", { ...data, isSaved });
  context.tell({ phase: "script", progress: null, canCancel: true });
  const onRun = (runId: RunId): void => {
    journal.step("script", { ...data, isSaved, runId });
    context.tell({ runId });
  };
  await world.runScript(app, script, { unattended, signal: context.signal, onRun });
}

/** A script's programs may fail without it: then what it was to bring forward stands where it stood. */
async function noteBehind(journal: Journal, world: ChangesWorld, { parts, script }: UpdateLook): Promise<string[]> {
  if (script === null) return [];
  const behind: string[] = [];
  for (const { folder, from, to, problem } of parts) {
    if (folder === "" || problem !== null || from === to) continue;
    const head = await world.repositories.head(join(world.api, journal.page.app, folder));
    if (head === from) behind.push(`${folder} is still at ${from.slice(0, 7)}: ${script} did not bring it forward`);
  }
  if (behind.length === 0) return [];
  const data = UpdateData.parse(journal.page.data);
  journal.step(journal.page.step, { ...data, said: [...data.said, ...behind] });
  return behind;
}

async function requireLoads(journal: Journal, world: ChangesWorld): Promise<void> {
  const why = await whyNotLoaded(journal, world);
  if (why === null) return;
  throw new PinokioError("app-invalid", why, { hint: "It has to be put right where the app comes from" });
}

/** An app that could be used before is not left with a launcher that cannot be. */
async function whyNotLoaded({ page }: Journal, world: ChangesWorld): Promise<string | null> {
  const { title, didLoad } = UpdateData.parse(page.data);
  const problem = didLoad ? await world.launcherProblem(page.app) : null;
  return problem === null ? null : `The new version of ${title} has a launcher that fails: ${problem.message}`;
}

/** A person's own versions go where nothing empties them; what is still there of earlier updates is none any more. */
async function finish(journal: Journal, world: ChangesWorld): Promise<void> {
  const { app, entry } = journal.page;
  if (journal.page.step !== "keep") {
    const before = UpdateData.parse(journal.page.data);
    const kept = before.undo.own.length === 0 ? null : freeKeptName(world.home, app);
    journal.step("keep", { ...before, undo: { ...before.undo, kept } });
  }
  const data = UpdateData.parse(journal.page.data);
  const { title, undo } = data;
  if (undo.kept !== null) {
    const from = copiesOf(journal, world);
    await keepPieces(world, { app, entry, title, name: undo.kept, from, places: undo.own, afterInstall: false });
    dropEmptyKept(world.home, undo.kept);
  }
  const files = join(entryOf(journal, world), "files");
  if (!holdsFiles(files)) await rm(files, { recursive: true, force: true });
  writeUpdateEntry(journal, world, data);
  dropOlder(journal, world);
  journal.close();
  world.changed(app);
  await rm(beforeFolder(app, world), { recursive: true, force: true });
}

async function commitsOf(folder: string, { repositories }: ChangesWorld): Promise<Record<string, string>> {
  const commits: Record<string, string> = {};
  for (const below of checkoutsBelow(folder)) {
    const head = await repositories.head(join(folder, below));
    if (head !== null) commits[below] = head;
  }
  return commits;
}

/** Only the latest update can be taken back: of those before, files as they were before they were merged are left. */
function dropOlder({ page }: Journal, { home }: ChangesWorld): void {
  for (const { name, folder, record } of trashEntries(home)) {
    if (name === page.entry || record.app !== page.app || record.why !== "update" || record.undo === undefined)
      continue;
    const { undo: _, ...rest } = record;
    writeTrashRecord(folder, { ...rest, said: ["Your versions of files, before an update merged its own with them"] });
    dropEmptyEntry(folder);
  }
}

const stoppedText = (title: string, app: AppId): string =>
  `${title} was stopped; start it with: pinokiocloud run ${quotedWord(app)}`;

const unheard = (): ChangeContext => ({ signal: new AbortController().signal, tell: () => undefined });

/** Its page stays in the journal: whatever is changed next of the app goes back first. */
function notBack(error: unknown, why: unknown): PinokioError {
  const { code, message } = toWireError(error);
  const reason = toWireError(why);
  const standing = `and it could not be taken back whole: ${reason.message}`;
  return new PinokioError(code, `${message}, ${standing}`, {
    hint: `${isOutOfSpace(why) ? "Free some space on that disk, then update" : "Update"} it again or restart PinokioCloud: that goes back first`,
    cause: why,
  });
}

const refusal = (title: string, refused: string | null): PinokioError =>
  new PinokioError(
    "source-unsupported",
    `${title} cannot be updated. ${refused ?? "Nothing is known of where it came from"}`,
  );

const needsAgreement = (title: string): PinokioError =>
  new PinokioError("agreement-needed", `Nobody has agreed yet to what ${title} will run after the update`, {
    hint: "Look at what changes and agree; on the command line, --yes agrees",
  });
