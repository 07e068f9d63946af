import { copyFileSync, cpSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "../../base/make-folder.js";
import { movePath } from "../../base/move-path.js";
import { sameContent } from "../../base/same-content.js";
import { PinokioError } from "../../protocol/errors.js";
import { isThere } from "./put-back.js";
import type { Edit, UpdateRepositories } from "./repositories.js";
import type { ChangeContext } from "./world.js";

interface BringOrder {
  folder: string;
  commit: string;
  /** Where a person's versions of files are put before git touches those, at the same places. */
  copies: string;
  repositories: UpdateRepositories;
  context: ChangeContext;
}

/**
 * Brings a checkout to another commit. Edits are merged where git can do that; where it cannot, the commit's version
 * stands in the folder and the person's among the copies. Returns what could not be merged.
 */
export async function bringTo({ folder, commit, copies, repositories, context }: BringOrder): Promise<string[]> {
  const keep = (paths: readonly string[]): void => {
    for (const path of paths) copyOnce(path, join(copies, path.slice(folder.length + 1)));
  };
  // Once git has begun it goes on to its end: it stands at one of the two commits then.
  const { signal } = new AbortController();
  const order = { commit, edits: "merge", keep, signal, tell: (now: object) => context.tell(now) } as const;
  try {
    await repositories.moveTo(folder, order);
    return [];
  } catch (error) {
    const conflicts = conflictsIn(error);
    if (conflicts.length === 0) throw error;
    const inTheWay = await repositories.editsInTheWay(folder, commit);
    const edits = inTheWay.filter(({ path }) => conflicts.includes(path));
    keep(edits.filter(({ kind }) => kind !== "deleted").map(({ path }) => join(folder, path)));
    await takeAway(folder, edits, repositories);
    await repositories.moveTo(folder, order);
    return edits.map(({ path }) => path);
  }
}

/** Makes room for the commit's own version. Copies are safe by now. */
async function takeAway(folder: string, edits: readonly Edit[], repositories: UpdateRepositories): Promise<void> {
  const ofKind = (...kinds: Edit["kind"][]): string[] =>
    edits.filter(({ kind }) => kinds.includes(kind)).map(({ path }) => path);
  const added = ofKind("added");
  if (added.length > 0) await repositories.unstage(folder, added);
  for (const path of [...added, ...ofKind("untracked")]) rmSync(join(folder, path), { recursive: true, force: true });
  const tracked = ofKind("changed", "deleted");
  if (tracked.length > 0) await repositories.discardEdits(folder, tracked);
}

/** The first copy counts: what is there when it is called again is git's. */
function copyOnce(from: string, to: string): void {
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return;
  const found = lstatSync(from, { throwIfNoEntry: false });
  if (found === undefined) return;
  makeFolder(dirname(to));
  const arriving = join(dirname(to), `.${basename(to)}.copying`);
  rmSync(arriving, { recursive: true, force: true });
  if (found.isFile()) copyFileSync(from, arriving);
  else cpSync(from, arriving, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  movePath(arriving, to);
}

function conflictsIn(error: unknown): string[] {
  if (!(error instanceof PinokioError) || error.code !== "app-edited") return [];
  return (error.context?.["files"] ?? "").split("\n").filter((path) => path !== "");
}

/**
 * Puts a person's versions back where they were before a checkout was brought to another commit and back. What has been
 * edited since is not overwritten.
 */
export async function returnEdits(folder: string, copies: string, repositories: UpdateRepositories): Promise<void> {
  const edited = new Set((await repositories.edits(folder)).map(({ path }) => path));
  const known = new Set(await filesAtHead(folder, repositories));
  for (const path of filesBelow(copies)) {
    const place = join(folder, path);
    const isGits = known.has(path) && !edited.has(path);
    const isFree = !isThere(place);
    if (isGits || isFree) movePath(join(copies, path), place);
    else if (isSame(join(copies, path), place)) rmSync(join(copies, path));
  }
}

/** What was merged stands in the folder: only of the rest the copies are needed. */
export function dropCopies(copies: string, needed: readonly string[]): void {
  for (const path of filesBelow(copies)) {
    if (!needed.some((one) => path === one || path.startsWith(one))) rmSync(join(copies, path));
  }
}

function isSame(one: string, other: string): boolean {
  try {
    return sameContent(one, other);
  } catch {
    return false;
  }
}

async function filesAtHead(folder: string, repositories: UpdateRepositories): Promise<string[]> {
  const head = await repositories.head(folder);
  return head === null ? [] : repositories.filesAt(folder, head);
}

/** Files and links below a folder, by their places. */
export function filesBelow(folder: string, below = ""): string[] {
  if (lstatSync(join(folder, below), { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? filesBelow(folder, path) : [path];
  });
}
