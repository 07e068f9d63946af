import { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { cp, rm } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { copyTree } from "../../base/copy-tree.js";
import { errnoOf } from "../../base/file-errors.js";
import { PinokioError } from "../../protocol/errors.js";
import { isMadeByPrograms } from "../environment-folders.js";
import type { ChangesWorld } from "./world.js";

type FreshWorld = Pick<ChangesWorld, "programs" | "repositories">;

/** In front of a folder below `api` that is being made for an app: none itself, and removed when it is cut off. */
export const FRESH = ".fresh-";

/** Makes an app's folder anew, as it was fetched: from its commit, or from the folder that it was copied from. */
export async function makeFresh(
  app: string,
  fresh: string,
  { origin, world, signal }: { origin: string | null; world: FreshWorld; signal: AbortSignal },
): Promise<void> {
  await rm(fresh, { recursive: true, force: true });
  if (lstatSync(join(app, ".git"), { throwIfNoEntry: false })?.isDirectory() === true) {
    await fromCommit(app, fresh, world, signal);
  } else if (origin !== null) {
    const isWanted = (path: string): boolean =>
      basename(path) !== "pyvenv.cfg" && !isMadeByPrograms(origin, relative(origin, path)) && holdsSomething(path);
    await cp(origin, fresh, { recursive: true, verbatimSymlinks: true, filter: isWanted });
  } else mkdirSync(fresh); // all there is is a person's
}

async function fromCommit(
  app: string,
  fresh: string,
  { programs, repositories }: FreshWorld,
  signal: AbortSignal,
): Promise<void> {
  if (programs.find("git") === null) {
    throw new PinokioError("tool-missing", "The program git was not found", {
      hint: "Install the system package git, then try again; nothing was changed",
    });
  }
  mkdirSync(fresh);
  await copyRepository(join(app, ".git"), join(fresh, ".git"), signal);
  const steps = [["reset", "--hard", "--quiet", "HEAD"]];
  if (lstatSync(join(app, ".gitmodules"), { throwIfNoEntry: false }) !== undefined)
    steps.push(["submodule", "update", "--init", "--recursive", "--force", "--quiet"]);
  for (const args of steps) {
    signal.throwIfAborted();
    const settings = ["-c", `safe.directory=${fresh}`, "-c", "core.fsmonitor=false"];
    const { exitCode, stderr } = await programs.run({ program: "git", args: [...settings, ...args], cwd: fresh });
    if (exitCode !== 0) {
      throw new PinokioError("step-failed", `git cannot make ${basename(app)} anew: ${stderr.toString().trim()}`, {
        hint: "Look whether git works in the app's folder; nothing was changed",
      });
    }
  }
  const commit = hasLargeFiles(fresh) ? await repositories.head(fresh) : null;
  if (commit === null) return;
  const order = { commit, edits: "merge", keep: () => undefined, signal, tell: () => undefined } as const;
  await repositories.moveTo(fresh, order); // fetches what is behind the pointers
}

/** Whether git has only pointers to some of its files. */
function hasLargeFiles(folder: string): boolean {
  try {
    return readFileSync(join(folder, ".gitattributes"), "utf8").includes("filter=lfs");
  } catch {
    return false;
  }
}

/** What git never changes once it is written: another name for it is as good as a copy. */
const UNCHANGING = new Set(["objects", "lfs"]);

async function copyRepository(from: string, to: string, signal: AbortSignal): Promise<void> {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name === "index" || name.endsWith(".lock")) continue;
    if (UNCHANGING.has(name)) await linkTree(join(from, name), join(to, name), signal);
    else await copyTree(join(from, name), join(to, name), { signal });
  }
}

async function linkTree(from: string, to: string, signal: AbortSignal): Promise<void> {
  const waiting: [string, string][] = [[from, to]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [source, place] = next;
    if (lstatSync(source).isDirectory()) {
      mkdirSync(place);
      for (const name of readdirSync(source)) waiting.push([join(source, name), join(place, name)]);
    } else await linkOrCopy(source, place, signal);
  }
}

async function linkOrCopy(source: string, place: string, signal: AbortSignal): Promise<void> {
  try {
    linkSync(source, place);
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "EXDEV", "EMLINK"].includes(errnoOf(error) ?? "")) throw error;
    await copyTree(source, place, { signal }); // not every disk knows a second name
  }
}

function holdsSomething(path: string): boolean {
  const found = lstatSync(path);
  return found.isFile() || found.isDirectory() || found.isSymbolicLink();
}
