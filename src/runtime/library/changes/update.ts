import { rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import {
  placeInTrash,
  readTrashRecord,
  trashEntries,
  trashFolder,
  type TrashRecord,
  writeTrashRecord,
} from "../../base/trash.js";
import { PinokioError, toWireError } from "../../protocol/errors.js";
import { type AppId, RunId } from "../../protocol/ids.js";
import { isCancelled } from "../jobs.js";
import { dropEmptyEntry } from "../trash.js";
import { bringTo, dropCopies, returnEdits } from "./bring-to.js";
import { beginJournal, type Journal } from "./journal.js";
import { checkoutsBelow, lookForUpdate, updateScriptOf } from "./look.js";
import { packageDifferences, packagesOf } from "./packages.js";
import { putBack } from "./put-back.js";
import type { UpdateRepositories } from "./repositories.js";
import type { ChangeContext, ChangesWorld, Json } from "./world.js";

/** What an update has to know to be taken back. */
const UpdateUndo = z.object({
  from: z.string(),
  to: z.string(),
  record: z.json(),
  /** What the checkouts below stood at. */
  checkouts: z.record(z.string(), z.string()),
  packages: z.record(z.string(), z.record(z.string(), z.string())),
});
type UpdateUndo = z.infer<typeof UpdateUndo>;

const Data = z.object({ title: z.string(), undo: UpdateUndo, runId: RunId.nullable() });
type Data = z.infer<typeof Data>;

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
  context.tell({ phase: "stop" });
  await world.stopRuns(app);
  signal.throwIfAborted();
  const undo: UpdateUndo = {
    from: own.from,
    to: own.to,
    record: world.record(app),
    checkouts: await commitsOf(folder, world),
    packages: await packagesOf(folder),
  };
  const at = world.now().toISOString();
  const data: Data = { title: look.title, undo, runId: null };
  const journal = beginJournal(world.home, { kind: "update", app, entry, at, step: "move", data });
  context.tell({ phase: "files", canCancel: false });
  try {
    writeEntry(journal, world, data, []);
    const said = await bringForward(journal, world, data, context);
    if (agreed !== null) await world.agree(app);
    await runScript(order, journal, world, data, context);
    writeEntry(journal, world, data, said);
  } catch (error) {
    if (signal.aborted && !isCancelled(signal)) throw error; // the next sidecar goes on from the journal
    context.tell({ phase: "undo", canCancel: false });
    const differences = await rollBack(journal, world, data, context);
    throw withDifferences(error, differences);
  }
  dropOlder(journal, world);
  journal.close();
  world.changed(app);
}

/** Undoes one that was cut off, or finishes it where its script has run to its end. */
export async function settleUpdate(journal: Journal, world: ChangesWorld): Promise<string> {
  const data = Data.parse(journal.page.data);
  const { title, runId } = data;
  const outcome = runId === null ? "failed" : await world.outcomeOf(runId);
  if (journal.page.step === "script" && outcome === "finished") {
    dropOlder(journal, world);
    journal.close();
    world.changed(journal.page.app);
    return `Updating ${title} was cut off, and is finished now`;
  }
  const differences = await rollBack(journal, world, data, unheard());
  return `Updating ${title} was cut off: it is as it was before${differencesText(differences)}`;
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
  const data: Data = { title: record.title || app, undo: undo.data, runId: null };
  const journal = beginJournal(world.home, { kind: "update", app, entry, at, step: "undo", data });
  const differences = await rollBack(journal, world, data, context);
  if (differences.length > 0) world.tell("warning", `${data.title}${differencesText(differences)}`, app);
}

async function bringForward(
  journal: Journal,
  world: ChangesWorld,
  { title, undo }: Data,
  context: ChangeContext,
): Promise<string[]> {
  const { repositories, api } = world;
  const { app, at } = journal.page;
  const folder = join(api, app);
  const said: string[] = [];
  if (undo.from === undo.to) return said; // only what its script fetches is new
  if (!(await isKnownElsewhere(folder, undo.from, world))) {
    const branch = `before-update-${at.slice(0, 19).replace(/[:T]/g, "-")}`;
    await repositories.nameCommit(folder, branch, undo.from);
    said.push(`Commits that only this copy of ${title} had are on its branch ${branch}`);
  }
  const copies = copiesOf(journal, world);
  const conflicts = await bringTo({ folder, commit: undo.to, copies, repositories, context });
  return [...said, ...conflicts.map((path) => `Your version of ${path} is in ${join(copies, path)}`)];
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
  data: Data,
  context: ChangeContext,
): Promise<void> {
  const script = updateScriptOf(join(world.api, app));
  if (script === null) return;
  context.tell({ phase: "script", progress: null, canCancel: true });
  const onRun = (runId: RunId): void => {
    journal.step("script", { ...data, runId });
    context.tell({ runId });
  };
  await world.runScript(app, script, { unattended, signal: context.signal, onRun });
}

/** Brings everything back to what it stood at; returns which packages are not as they were. */
async function rollBack(
  journal: Journal,
  world: ChangesWorld,
  { undo }: Data,
  context: ChangeContext,
): Promise<string[]> {
  const { repositories, api, home } = world;
  const { app, entry } = journal.page;
  const folder = join(api, app);
  const copies = copiesOf(journal, world);
  await world.stopRuns(app);
  await releaseLocks(folder, repositories);
  for (const [below, commit] of Object.entries(undo.checkouts)) {
    const place = join(folder, below);
    if ((await repositories.head(place)) === commit || (await repositories.head(place)) === null) continue;
    await bringTo({ folder: place, commit, copies: join(copies, below), repositories, context });
  }
  const later = join(trashFolder(home), entry, "later");
  if ((await repositories.head(folder)) !== undo.from) {
    const conflicts = await bringTo({ folder, commit: undo.from, copies: later, repositories, context });
    dropCopies(later, conflicts);
  }
  await returnEdits(folder, copies, repositories);
  await returnEdits(folder, later, repositories);
  await putBack({ from: later, to: copies, home, taken: "beside" });
  world.setRecord(app, undo.record);
  const differences = packageDifferences(undo.packages, await packagesOf(folder));
  dropEmptyEntry(join(trashFolder(home), entry));
  journal.close();
  world.changed(app);
  return differences;
}

/** Whoever was killed in the middle has left marks that keep others from the checkout. */
async function releaseLocks(folder: string, repositories: UpdateRepositories): Promise<void> {
  await repositories.settled();
  for (const name of ["index.lock", "HEAD.lock", "ORIG_HEAD.lock"]) {
    rmSync(join(folder, ".git", name), { force: true });
  }
}

async function commitsOf(folder: string, { repositories }: ChangesWorld): Promise<Record<string, string>> {
  const commits: Record<string, string> = {};
  for (const below of checkoutsBelow(folder)) {
    const head = await repositories.head(join(folder, below));
    if (head !== null) commits[below] = head;
  }
  return commits;
}

function writeEntry({ page }: Journal, { home }: ChangesWorld, { title, undo }: Data, said: string[]): void {
  const { app, at, entry } = page;
  const versions = `${undo.from.slice(0, 7)} → ${undo.to.slice(0, 7)}`;
  const record: TrashRecord = {
    ...{ at, app, title, said: [versions, ...said], why: "update", from: home },
    undo: undo satisfies Json,
  };
  writeTrashRecord(join(trashFolder(home), entry), record);
}

/** Only the latest update can be taken back; of those before nothing is needed but a person's own versions. */
function dropOlder({ page }: Journal, { home }: ChangesWorld): void {
  for (const { name, folder, record } of trashEntries(home)) {
    if (name !== page.entry && record.app === page.app && record.why === "update") dropEmptyEntry(folder);
  }
}

const copiesOf = ({ page }: Journal, { home }: ChangesWorld): string =>
  placeInTrash(join(trashFolder(home), page.entry), home, join(home, "api", page.app));

const unheard = (): ChangeContext => ({ signal: new AbortController().signal, tell: () => undefined });

const MOST_DIFFERENCES = 5;

function differencesText(differences: readonly string[]): string {
  if (differences.length === 0) return "";
  const more = differences.length > MOST_DIFFERENCES ? ` and ${differences.length - MOST_DIFFERENCES} more` : "";
  const shown = differences.slice(0, MOST_DIFFERENCES).join(", ");
  return `; packages of its environments changed: ${shown}${more}. Reset it if it does not start`;
}

function withDifferences(error: unknown, differences: readonly string[]): unknown {
  const { code, message, hint } = toWireError(error);
  const said = `${message}: its code is as it was before; what scripts have changed beside it stays${differencesText(differences)}`;
  return new PinokioError(code, said, { hint, cause: error });
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
