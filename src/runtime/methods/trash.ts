import { existsSync, lstatSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isInside } from "../base/inside-folder.js";
import { moveToTrash } from "../base/trash.js";
import type { MethodContext } from "./method.js";

type Context = Pick<MethodContext, "home" | "note" | "programs">;

/**
 * Removes a file or folder. Below `<home>/api`, what a person may have made is kept in `<home>/trash`: whatever git
 * does not know, or knows otherwise, unless an environment or a cache of code owns it.
 */
export async function removeKeeping(path: string, context: Context): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  const api = join(context.home, "api");
  const real = join(realpathSync(dirname(path)), basename(path));
  const realApi = existsSync(api) ? realpathSync(api) : api;
  const isOfApps = isInside(realApi, real) && real !== realApi;
  if (isOfApps && !found.isSymbolicLink() && !belongsToEnvironment(real, realApi)) {
    const kept = await filesToKeep(real, found.isDirectory(), realApi, context);
    if (kept.length > 0) keepInTrash(kept, realApi, context);
  }
  rmSync(path, { recursive: true, force: true });
}

/** Keeps files that a script would lose; `from` is the folder their places in the trash are told by. */
export function keepInTrash(files: readonly string[], from: string, { home, note }: Context): void {
  const folder = moveToTrash(home, files, from);
  note(`${files.length === 1 ? "1 item was" : `${files.length} items were`} kept in ${folder}\r\n`);
}

/** What programs make again by themselves. */
const DERIVED = new Set([
  ".git",
  "__pycache__",
  "node_modules",
  ".venv",
  ".cache",
  ".pytest_cache",
  ".ipynb_checkpoints",
]);

const isEnvironment = (folder: string): boolean =>
  existsSync(join(folder, "pyvenv.cfg")) || existsSync(join(folder, "conda-meta"));

function belongsToEnvironment(path: string, api: string): boolean {
  for (let above = path; above !== api && above !== dirname(above); above = dirname(above)) {
    if (isEnvironment(above) || DERIVED.has(basename(above))) return true;
  }
  return false;
}

async function filesToKeep(path: string, isFolder: boolean, api: string, context: Context): Promise<string[]> {
  const repository = repositoryAround(isFolder ? path : dirname(path), api);
  const known = repository === null ? new Set<string>() : await knownToGit(repository, context);
  if (!isFolder) return known.has(path) ? [] : [path];
  return collect(path, known, context);
}

/** A folder of which nothing is known is kept as one. */
async function collect(folder: string, known: ReadonlySet<string>, context: Context): Promise<string[]> {
  const kept: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (DERIVED.has(entry.name)) continue;
    if (entry.isDirectory()) {
      if (isEnvironment(path)) continue;
      const own = existsSync(join(path, ".git")) ? await knownToGit(path, context) : known;
      kept.push(...(await collect(path, own, context)));
    } else if (!known.has(path) && (entry.isFile() || entry.isSymbolicLink())) {
      kept.push(path);
    }
  }
  return kept;
}

function repositoryAround(folder: string, api: string): string | null {
  for (let above = folder; above !== api && isInside(api, above); above = dirname(above)) {
    if (existsSync(join(above, ".git"))) return above;
  }
  return null;
}

/** Files of a working tree that git can bring back: tracked, and not changed since. */
async function knownToGit(repository: string, { programs }: Context): Promise<Set<string>> {
  if (programs.find("git") === null) return new Set();
  const list = async (...args: string[]): Promise<string[]> => {
    // Somebody else may own the folder, as in containers; reading its list is harmless all the same.
    const options = ["-c", `safe.directory=${repository}`, "-c", "core.fsmonitor=false"];
    const command = { program: "git", args: [...options, "ls-files", "-z", ...args], cwd: repository };
    const { exitCode, stdout } = await programs.run(command);
    const names = exitCode === 0 ? stdout.toString("utf8").split("\0") : [];
    return names.filter((name) => name !== "").map((name) => join(repository, name));
  };
  const known = new Set(await list());
  if (known.size > 0) for (const changed of await list("-m")) known.delete(changed);
  return known;
}
