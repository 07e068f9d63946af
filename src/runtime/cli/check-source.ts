import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { nearText } from "../base/app-missing.js";
import { errnoOf } from "../base/file-errors.js";
import { type GitAddress, isAddress, parseGitAddress } from "../base/git-address.js";
import { namesIn } from "../base/names-in.js";
import { PinokioError } from "../protocol/errors.js";
import { AppId, bareAppName } from "../protocol/ids.js";

/** What is to be checked: folders with a launcher in each. */
export interface CheckSource {
  folders: string[];
  /** The name of each folder for a person. */
  nameOf(folder: string): string;
  /** It is one app, not a folder of apps. */
  isSingle: boolean;
  /** Removes what was fetched for the check. */
  [Symbol.dispose](): void;
}

const LAUNCHERS = ["pinokio.js", "pinokio.json", "pinokio/pinokio.js", "pinokio/pinokio.json"];

export async function openCheckSource(text: string, home: string): Promise<CheckSource> {
  const written = resolve(text.startsWith("~/") ? join(home, text.slice(2)) : text);
  const isFolder = !isAddress(text) && (isPath(text) || existsSync(written));
  const address = isFolder ? null : parseGitAddress(text);
  if (address?.login === null) return clone(address.url, address);
  if (isAddress(text)) return clone(text, { branch: null, commit: null });
  const folder = existsSync(written) ? written : (installed(text, home) ?? written);
  const source = { nameOf: (path: string) => basename(path), [Symbol.dispose]: () => undefined };
  if (isApp(folder)) return { ...source, folders: [folder], isSingle: true };
  const folders = appsIn(folder);
  if (folders.length > 0) return { ...source, folders, isSingle: false };
  const near = existsSync(folder) ? null : nearText(text, { here: installedIn(home), gone: [] });
  throw new PinokioError(
    "app-invalid",
    existsSync(folder) ? `${folder} holds no Pinokio launcher` : `There is no folder ${folder}`,
    {
      hint:
        near ??
        `Give a folder with one of ${LAUNCHERS.join(", ")}, a folder of such folders, or the address of a repository`,
    },
  );
}

const isPath = (text: string): boolean => /^(?:[~.]?\.?\/|~$|\.{1,2}$)/.test(text);

const installedIn = (home: string): string[] =>
  namesIn(join(home, "api")).filter((name) => AppId.safeParse(name).success);

/** The folder of the app that is called so, where one is installed. */
function installed(name: string, home: string): string | null {
  const id = bareAppName(name);
  return installedIn(home).includes(id) ? join(home, "api", id) : null;
}

const isApp = (folder: string): boolean =>
  LAUNCHERS.some((launcher) => existsSync(join(folder, launcher))) || filesIn(folder).some(isScript);

const LONGEST_SCRIPT = 512 * 1024;

/** The oldest apps are scripts without a launcher. */
function isScript(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size > LONGEST_SCRIPT) return false;
  const text = readFileSync(path, "utf8");
  return /["']?\brun["']?\s*:\s*\[/.test(text) && /["']?\bmethod["']?\s*:/.test(text);
}

const filesIn = (folder: string): string[] =>
  shownNamesIn(folder)
    .filter((name) => /\.(?:js|json)$/i.test(name))
    .map((name) => join(folder, name));

function appsIn(folder: string): string[] {
  return shownNamesIn(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && isApp(path));
}

const shownNamesIn = (folder: string): string[] =>
  namesIn(folder)
    .filter((name) => !name.startsWith("."))
    .sort();

const CLONE_MS = 120_000;

type Wanted = Pick<GitAddress, "branch" | "commit">;

/** Only what one commit holds, without anything of the repository being run. */
async function clone(address: string, wanted: Wanted): Promise<CheckSource> {
  const temporary = mkdtempSync(join(tmpdir(), "pinokiocloud-check-"));
  const remove = (): void => rmSync(temporary, { recursive: true, force: true });
  const name =
    basename(address.replace(/\/+$/, ""))
      .replace(/\.git$/, "")
      .replace(/[^\w.-]/g, "_") || "app";
  const folder = join(temporary, "api", name);
  mkdirSync(join(temporary, "api"));
  process.once("exit", remove);
  try {
    await fetchInto(folder, address, wanted);
  } catch (error) {
    remove();
    if (isNotThere(error)) {
      throw new PinokioError("tool-missing", "The program git was not found", {
        hint: "Install the system package git, then try again",
      });
    }
    if (error instanceof PinokioError) throw error;
    throw new PinokioError("source-unsupported", `${address} could not be cloned: ${whyNot(error)}`, {
      hint: "Check the address; a private repository is cloned by hand first",
    });
  }
  if (isApp(folder)) {
    return { folders: [folder], nameOf: () => name, isSingle: true, [Symbol.dispose]: remove };
  }
  remove();
  throw new PinokioError("app-invalid", `${address} holds no Pinokio launcher`, {
    hint: `A launcher is one of ${LAUNCHERS.join(", ")}`,
  });
}

const FOR_ALL = ["-c", `core.hooksPath=${devNull}`, "-c", "protocol.ext.allow=never", "-c", "core.symlinks=true"];

async function git(...args: string[]): Promise<string> {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_LFS_SKIP_SMUDGE: "1" };
  return (await promisify(execFile)("git", [...FOR_ALL, ...args], { env, timeout: CLONE_MS })).stdout;
}

async function fetchInto(folder: string, address: string, { branch, commit }: Wanted): Promise<void> {
  if (commit !== null) return fetchCommit(folder, address, commit);
  const wanted = branch === null ? [] : ["--branch", branch];
  await git("clone", "--quiet", "--depth", "1", "--no-tags", "--single-branch", ...wanted, "--", address, folder);
}

/** The first digits of a commit lead to it only where the history is known. */
async function fetchCommit(folder: string, address: string, commit: string): Promise<void> {
  await git("clone", "--quiet", "--no-checkout", "--filter=blob:none", "--", address, folder);
  const here = ["-C", folder];
  const known = await git(...here, "rev-parse", "--verify", "--quiet", `${commit}^{commit}`).catch(() => null);
  try {
    // One of no branch can be had by its whole name from most servers.
    if (known === null) await git(...here, "fetch", "--quiet", "--depth", "1", "origin", commit);
    await git(...here, "checkout", "--quiet", "--force", "--detach", known === null ? "FETCH_HEAD" : commit);
  } catch (error) {
    if (known !== null) throw error;
    throw new PinokioError("branch-missing", `${address} has no commit ${commit}`, {
      hint: "Look at its commits, and write one behind the address: @commit",
    });
  }
}

const isNotThere = (error: unknown): boolean => errnoOf(error) === "ENOENT";

function whyNot(error: unknown): string {
  const words = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
  const lines = words.trim().split("\n");
  const fatal = lines.find((line) => line.startsWith("fatal: "));
  return fatal?.slice("fatal: ".length) ?? lines[0] ?? "";
}
