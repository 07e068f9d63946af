import { copyFileSync, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { writeFileAtomic } from "../../base/atomic-file.js";
import { makeFolder } from "../../base/make-folder.js";
import { namesIn } from "../../base/names-in.js";
import type { UpdateLook, UpdatePart } from "../../protocol/changes.js";
import { toWireError } from "../../protocol/errors.js";
import type { AppId } from "../../protocol/ids.js";
import { isMadeByPrograms, LAUNCHER_FOLDERS } from "../environment-folders.js";
import { hasSameScripts, readScripts } from "../fingerprint.js";
import { InstalledApp } from "../installed-store.js";
import { canKeepBefore } from "./before-script.js";
import type { UpdateRepositories } from "./repositories.js";
import type { ChangesWorld } from "./world.js";

const MOST_COMMITS = 50;
const MOST_FILES = 100;
const MOST_CHECKOUTS = 10;
const DEEPEST = 3;
const MOST_EDITS = 5;

/** Asks where an app came from what is new there. Nothing of the app is changed. */
export async function lookForUpdate(app: AppId, world: ChangesWorld, signal: AbortSignal): Promise<UpdateLook> {
  const folder = join(world.api, app);
  const title = await world.titleOf(app);
  const checkedAt = world.now().toISOString();
  const script = updateScriptOf(folder);
  const nobody = { parts: [], edited: [], scripts: [], fingerprint: null, notes: [], stops: [] };
  const nothing = { appId: app, title, checkedAt, script, ...nobody };
  if (lstatSync(join(folder, ".git"), { throwIfNoEntry: false }) === undefined) {
    const from = world.originOf(app);
    const why = from === null ? "It is no git repository" : `It was copied from ${from}`;
    return { ...nothing, isAvailable: false, refused: `${why}: there is nothing to fetch an update from` };
  }
  const [own, ...others] = await Promise.all(
    ["", ...checkoutsBelow(folder)].map((below) => lookAt(folder, below, world.repositories, signal)),
  );
  if (own === undefined) return { ...nothing, isAvailable: false, refused: null };
  const isNew = (part: UpdatePart): boolean => part.problem === null && part.from !== part.to;
  // Only the launcher's own script updates what is below.
  const parts = [own, ...others.filter((part) => isNew(part) || part.problem !== null)];
  const fresh = [own, ...others].filter(isNew);
  const isAvailable = isNew(own) || (script !== null && others.some(isNew));
  const next = isNew(own) ? await updateScriptAt(folder, own.to, world.repositories) : script;
  const runs = isAvailable ? next : null;
  const asked = isNew(own) || runs !== null ? await scriptsOf(app, own, world, runs !== null) : NOTHING_ASKED;
  const edited = (await Promise.all(fresh.map((part) => editedIn(folder, part, world.repositories)))).flat();
  const notes = [
    ...(await ownCommitTexts(folder, fresh, runs, world.repositories)),
    ...(await ownEditTexts(folder, others, runs, edited, world.repositories)),
  ];
  return {
    ...nothing,
    isAvailable,
    script: next,
    parts,
    edited,
    ...asked,
    stops: isAvailable ? [...world.liveRuns(app)] : [],
    notes: runs !== null && !canKeepBefore(app, world) ? [...notes, oneNameText(runs)] : notes,
    refused: own.problem,
  };
}

const NOTHING_ASKED: Pick<UpdateLook, "scripts" | "fingerprint"> = { scripts: [], fingerprint: null };

/** Files that somebody has edited and that are new too, by their places in the app. */
async function editedIn(
  app: string,
  { folder, to }: Pick<UpdatePart, "folder" | "to">,
  repositories: UpdateRepositories,
): Promise<string[]> {
  const edits = await repositories.editsInTheWay(join(app, folder), to);
  return edits.map(({ path }) => join(folder, path));
}

/** The app's own repository follows its branch in any case; what becomes of those below is up to its script. */
async function ownCommitTexts(
  app: string,
  parts: readonly UpdatePart[],
  script: string | null,
  repositories: UpdateRepositories,
): Promise<string[]> {
  const texts: string[] = [];
  for (const { folder, from, to, isRewritten } of parts) {
    if (isRewritten || (script === null && folder !== "")) continue;
    const { count } = await repositories.commitsBetween(join(app, folder), { from: to, to: from, most: 1 });
    if (count === 0) continue;
    if (folder === "") {
      const only =
        count === 1 ? "A commit that only this copy has goes" : `${count} commits that only this copy has go`;
      texts.push(`${only} to a branch of its own, where nothing removes ${count === 1 ? "it" : "them"}`);
      continue;
    }
    const has = count === 1 ? "a commit that is" : `${count} commits that are`;
    texts.push(`${folder} has ${has} not where it came from: ${script} may not bring it forward`);
  }
  return texts;
}

/** A script may do to a part whatever it likes, also where nothing new touches what somebody has edited. */
async function ownEditTexts(
  app: string,
  parts: readonly UpdatePart[],
  script: string | null,
  told: readonly string[],
  repositories: UpdateRepositories,
): Promise<string[]> {
  const texts: string[] = [];
  for (const { folder, problem } of script === null ? [] : parts) {
    if (problem !== null) continue;
    const edits = (await repositories.edits(join(app, folder))).filter(
      ({ path, kind }) => kind !== "untracked" && !told.includes(join(folder, path)),
    );
    if (edits.length === 0) continue;
    const named = edits.slice(0, MOST_EDITS).map(({ path }) => path);
    const more = edits.length > named.length ? ` and ${edits.length - named.length} more` : "";
    texts.push(
      `You have changed in ${folder}: ${named.join(", ")}${more}. What becomes of that is up to ${script ?? ""}`,
    );
  }
  return texts;
}

const UPDATE_SCRIPTS = ["pinokio/update.js", "pinokio/update.json", "update.js", "update.json"];

/** The script that a launcher updates itself by. */
export const updateScriptOf = (folder: string): string | null =>
  UPDATE_SCRIPTS.find((name) => existsSync(join(folder, name))) ?? null;

async function updateScriptAt(
  folder: string,
  commit: string,
  repositories: UpdateRepositories,
): Promise<string | null> {
  const files = new Set(await repositories.filesAt(folder, commit));
  return UPDATE_SCRIPTS.find((name) => files.has(name)) ?? null;
}

const oneNameText = (script: string): string =>
  `If ${script} fails, only the app's code goes back to what it is now: its disk takes no second names of files, so ` +
  "environments and files beside the code stay as it has left them";

async function lookAt(
  app: string,
  below: string,
  repositories: UpdateRepositories,
  signal: AbortSignal,
): Promise<UpdatePart> {
  const folder = join(app, below);
  const from = (await repositories.head(folder)) ?? "";
  const branch = await repositories.branch(folder);
  const part = { folder: below, branch, from, to: from, commits: [], count: 0, files: [], fileCount: 0 };
  if (branch === null) {
    const problem = from === "" ? UNREADABLE : "It stands at a commit of its own, on no branch";
    return { ...part, isRewritten: false, problem };
  }
  try {
    const known = await repositories.commitNamed(folder, `refs/remotes/origin/${branch}`);
    const to = await repositories.fetch(folder, branch, signal);
    if (to === from || (await repositories.isBefore(folder, to, from)))
      return { ...part, isRewritten: false, problem: null };
    const isForward = await repositories.isBefore(folder, from, to);
    const isRewritten = !isForward && known !== null && (await repositories.isBefore(folder, from, known));
    const { commits, count } = await repositories.commitsBetween(folder, { from, to, most: MOST_COMMITS });
    // What somebody has committed in a part is not new, and stays.
    const isOwnToo = below !== "" && !isForward && !isRewritten;
    const base = isOwnToo ? await repositories.commonBefore(folder, from, to) : from;
    const files = (await repositories.filesBetween(folder, base ?? from, to)).map(({ path }) => path);
    const shown = files.slice(0, MOST_FILES);
    return { ...part, to, commits, count, files: shown, fileCount: files.length, isRewritten, problem: null };
  } catch (error) {
    signal.throwIfAborted();
    return { ...part, isRewritten: false, problem: toWireError(error).message };
  }
}

const UNREADABLE = "Its repository cannot be read: git finds no commit in it";

/** Checkouts that an app's scripts have made below it. */
export function checkoutsBelow(app: string): string[] {
  const found: string[] = [];
  const visit = (below: string, depth: number): void => {
    if (found.length >= MOST_CHECKOUTS) return;
    const folder = join(app, below);
    if (below !== "" && lstatSync(join(folder, ".git"), { throwIfNoEntry: false })?.isDirectory() === true)
      found.push(below);
    if (depth === DEEPEST || ["pyvenv.cfg", "conda-meta"].some((mark) => existsSync(join(folder, mark)))) return;
    for (const name of foldersIn(folder)) {
      if (name !== ".git" && !isMadeByPrograms(app, join(below, name))) visit(join(below, name), depth + 1);
    }
  };
  visit("", 0);
  return found;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
}

const SCRIPTS = new Set([".js", ".cjs", ".mjs", ".json"]);

/**
 * The scripts that would be others than those a person has agreed to, and what stands for all of them. Where one of them
 * is to run, those that somebody has edited here count too.
 */
async function scriptsOf(
  app: AppId,
  { from, to }: Pick<UpdatePart, "from" | "to">,
  { api, record, repositories, describe }: Pick<ChangesWorld, "api" | "record" | "repositories" | "describe">,
  willRun: boolean,
): Promise<Pick<UpdateLook, "scripts" | "fingerprint">> {
  const folder = join(api, app);
  const known = InstalledApp.safeParse(record(app));
  const agreed = known.success ? known.data.scripts : {};
  const next = mkdtempSync(join(tmpdir(), "pinokiocloud-next-"));
  try {
    const changed = new Set((await repositories.filesBetween(folder, from, to)).map(({ path }) => path));
    for (const path of await repositories.filesAt(folder, to)) {
      if (!SCRIPTS.has(extname(path).toLowerCase())) continue;
      if (changed.has(path)) writeFileAtomic(join(next, path), await repositories.textAt(folder, to, path));
      else copyIfThere(join(folder, path), join(next, path));
    }
    const isEdited = willRun && !(await hasSameScripts(folder, agreed, new Map()));
    const beside = isEdited ? scriptsBeside(folder).filter((path) => !changed.has(path)) : [];
    for (const path of beside) copyIfThere(join(folder, path), join(next, path));
    const counts = (path: string): boolean => changed.has(path) || (isEdited && isWatched(path, agreed));
    const { files, fingerprint } = await readScripts(next);
    const others = Object.entries(files).filter(([path, digest]) => counts(path) && agreed[path] !== digest);
    if (others.length === 0) return { scripts: [], fingerprint: null };
    const paths = others.map(([path]) => path);
    const described = await describe(next, paths);
    return { scripts: described.filter(({ path }) => paths.includes(path)), fingerprint };
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

/** Scripts that lie in the launcher's folders, git's or not. */
const scriptsBeside = (folder: string): string[] =>
  LAUNCHER_FOLDERS.flatMap((below) => namesIn(join(folder, below)).map((name) => join(below, name))).filter((path) =>
    SCRIPTS.has(extname(path).toLowerCase()),
  );

/** Of what lies deeper only what was agreed to is watched: scripts make more of their own there. */
const isWatched = (path: string, agreed: Readonly<Record<string, string>>): boolean =>
  Object.hasOwn(agreed, path) || LAUNCHER_FOLDERS.includes(dirname(path) === "." ? "" : dirname(path));

function copyIfThere(from: string, to: string): void {
  if (lstatSync(from, { throwIfNoEntry: false })?.isFile() !== true) return;
  makeFolder(dirname(to));
  copyFileSync(from, to);
}
