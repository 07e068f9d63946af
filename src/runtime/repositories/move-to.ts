import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PinokioError } from "../protocol/errors.js";
import { fillIn } from "./fill-in.js";
import type { FillOrder } from "./fill-order.js";
import type { Git, GitOrder } from "./git.js";
import { headOf, type LocalEdit } from "./look.js";
import { statIn } from "./in-the-way.js";
import { dropUnfinished, lookBefore, type Standing } from "./unfinished.js";

export interface MoveOrder extends FillOrder {
  /** The commit to stand at. A branch that the folder is on goes with it. */
  commit: string;
  /** What to do where somebody has edited files that the commit changes too. */
  edits: "refuse" | "merge";
  /** Called with files before edits in them are merged: a copy of each has to be safe when it returns. */
  keep(paths: readonly string[]): void;
}

/** Files that somebody has edited and that the commit changes too: those keep a folder from moving there. */
export const editsInTheWay = async (git: Git, at: At, commit: string): Promise<LocalEdit[]> =>
  (await lookBefore(git, at, commit)).inTheWay;

/**
 * Brings a folder to another commit, forward or back. Edits stay: those in files that the commit leaves alone as they
 * are, others are merged or keep it from moving at all. It stands at one of the two commits, whatever happens.
 */
export async function moveTo(git: Git, order: MoveOrder): Promise<void> {
  const { folder, commit, edits, remote, signal } = order;
  const at = { cwd: folder, signal, remote };
  const { standing, inTheWay } = await lookBefore(git, at, commit);
  const parts = inTheWay.filter(({ path }) => statIn(join(folder, path), ".git") !== undefined);
  const own = await standingElsewhere(git, at, commit, parts);
  if (own.length > 0) throw ownCommits(folder, own);
  const files = inTheWay.filter((edit) => !parts.includes(edit));
  if (files.length === 0) await reach(git, at, commit, standing);
  else if (edits === "refuse") throw edited(folder, files);
  else await mergeEdits(git, at, { commit, inTheWay: files, standing, keep: order.keep });
  await fillIn(git, order);
}

/** Submodules that stand at other commits than either one has of them: somebody has committed there. */
async function standingElsewhere(
  git: Git,
  at: At,
  commit: string,
  parts: readonly LocalEdit[],
): Promise<readonly LocalEdit[]> {
  const found: LocalEdit[] = [];
  for (const part of parts) {
    const wanted = await git.ask(["rev-parse", "--verify", "--quiet", `${commit}:${part.path}`], at);
    const head = await headOf(git, { cwd: join(at.cwd, part.path), signal: at.signal });
    if (wanted !== null && head !== wanted.trim()) found.push(part);
  }
  return found;
}

/** Where git fails in the middle, its folder is what it was before. */
async function reach(git: Git, at: At, commit: string, standing: Standing): Promise<void> {
  try {
    await git.run(["reset", "--keep", commit], at);
  } catch (error) {
    const isFull = isDiskFull(at.cwd);
    await dropUnfinished(git, at, { commit, standing, mayBeTouched: false }).catch(() => undefined); // why it failed matters more
    throw isFull ? noRoom(at.cwd, error) : error;
  }
}

/** Git does not always say why it could not write a file. */
function isDiskFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < FULL_BYTES;
}

const FULL_BYTES = 1024 ** 2;

const noRoom = (folder: string, cause: unknown): PinokioError =>
  new PinokioError("out-of-space", `There is no space left for the new version of ${folder}`, {
    hint: "Free some space on that disk, then try again",
    cause,
  });

type At = Pick<GitOrder, "cwd" | "signal" | "remote">;

interface Merge {
  commit: string;
  inTheWay: readonly LocalEdit[];
  standing: Standing;
  keep(paths: readonly string[]): void;
}

/** Each file is merged beside its place first: where one cannot be, nothing was touched. */
async function mergeEdits(git: Git, at: At, { commit, inTheWay, standing, keep }: Merge): Promise<void> {
  const merged = new Map<string, { ours: Buffer; text: string }>();
  const conflicts: LocalEdit[] = [];
  for (const edit of inTheWay) {
    const ours = edit.kind === "changed" ? readFileSync(join(at.cwd, edit.path)) : null;
    const text = ours === null ? null : await mergedText(git, at, edit.path, commit);
    if (ours === null || text === null) conflicts.push(edit);
    else merged.set(edit.path, { ours, text });
  }
  if (conflicts.length > 0) throw edited(at.cwd, conflicts);
  const paths = [...merged.keys()];
  keep(paths.map((path) => join(at.cwd, path)));
  const whole = { ...at, signal: undefined }; // not left in the middle
  try {
    await git.run(["checkout", "HEAD", "--pathspec-from-file=-", "--pathspec-file-nul"], {
      ...whole,
      input: paths.join("\0"),
    });
    await reach(git, whole, commit, standing);
    for (const [path, { text }] of merged) writeFileSync(join(at.cwd, path), text);
  } catch (error) {
    for (const [path, { ours }] of merged) writeFileSync(join(at.cwd, path), ours);
    throw error;
  }
}

/** What the file becomes with both changes in it; null where they touch the same lines, or it is no text. */
async function mergedText(git: Git, at: At, path: string, commit: string): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), "pinokiocloud-merge-"));
  try {
    const files = { base: `HEAD:${path}`, theirs: `${commit}:${path}` };
    for (const [name, object] of Object.entries(files)) {
      const text = await git.ask(["cat-file", "blob", object], at);
      if (text === null) return null; // one of the two has no such file
      writeFileSync(join(folder, name), text);
    }
    const args = ["merge-file", "-p", join(at.cwd, path), join(folder, "base"), join(folder, "theirs")];
    return await git.ask(args, { cwd: folder, signal: at.signal });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const edited = (folder: string, edits: readonly LocalEdit[]): PinokioError =>
  new PinokioError(
    "app-edited",
    `Files in ${folder} were edited, and the new version changes them too: ${named(edits)}`,
    {
      hint: "Keep a copy of them elsewhere, undo the edits, then try again",
      context: { files: edits.map(({ path }) => path).join("\n") },
    },
  );

const ownCommits = (folder: string, parts: readonly LocalEdit[]): PinokioError =>
  new PinokioError(
    "app-edited",
    `Submodules of ${folder} stand at commits of their own, and the new version has others: ${named(parts)}`,
    { hint: "Keep what was committed there on a branch or elsewhere, run git submodule update there, then try again" },
  );

function named(edits: readonly LocalEdit[]): string {
  const names = edits.slice(0, 5).map(({ path }) => path);
  return edits.length > names.length ? `${names.join(", ")} and ${edits.length - names.length} more` : names.join(", ");
}
