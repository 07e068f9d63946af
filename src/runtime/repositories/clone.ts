import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { makeFolder } from "../base/make-folder.js";
import { PinokioError } from "../protocol/errors.js";
import { fillIn } from "./fill-in.js";
import type { FetchProgress } from "./fill-order.js";
import type { Git, GitRemote } from "./git.js";
import { nameUnsupported } from "./git-errors.js";
import type { GitProgress } from "./git-progress.js";

export interface CloneOrder {
  remote: GitRemote;
  branch: string | null;
  commit: string | null;
  /** Where it goes; whatever an earlier try has left there is removed. */
  folder: string;
  /** Where large files are kept until all of it is here; what an earlier try has put there counts. */
  objects: string;
  signal: AbortSignal;
  tell(progress: FetchProgress): void;
  /** How long it waits before it tries again where the network failed. */
  retryMs?: readonly number[];
}

export interface Cloned {
  /** The address it is at now. */
  url: string;
  isMoved: boolean;
  /** Null where it stands at a commit of no branch. */
  branch: string | null;
  commit: string;
}

const RETRY_MS = [1_000, 4_000];
const LONGEST_NAME_BYTES = 255;

/** A clone with its whole history, in which the contents of old files are fetched when somebody wants them. */
export async function cloneRepository(git: Git, order: CloneOrder): Promise<Cloned> {
  const { folder, signal, retryMs = RETRY_MS } = order;
  for (let tries = 0; ; tries++) {
    await rm(folder, { recursive: true, force: true });
    makeFolder(dirname(folder));
    try {
      return await cloneOnce(git, order);
    } catch (error) {
      const waitMs = retryMs[tries];
      const isWorthTrying = error instanceof PinokioError && error.code === "network-failed" && waitMs !== undefined;
      if (!isWorthTrying || signal.aborted) throw error;
      await delay(waitMs, undefined, { signal });
    }
  }
}

async function cloneOnce(git: Git, order: CloneOrder): Promise<Cloned> {
  const { remote, branch, commit, folder, objects, signal, tell } = order;
  let movedTo: string | null = null;
  tell({ phase: "fetch", progress: null });
  const onProgress = (progress: GitProgress): void => tell(toldOf(progress));
  await git.run(
    [
      ...["clone", "--no-checkout", "--filter=blob:none", "--progress", "--template="],
      ...(branch === null ? [] : ["--branch", branch]),
      ...["--", remote.url, folder],
    ],
    {
      cwd: dirname(folder),
      signal,
      remote,
      wanted: branch,
      onProgress,
      onRedirect: (address) => (movedTo = address),
    },
  );
  const at = { cwd: folder, signal, remote, wanted: commit ?? branch, onProgress };
  if (movedTo !== null) await git.run(["remote", "set-url", "origin", movedTo], at);
  const url = movedTo ?? remote.url;
  const now: GitRemote = { ...remote, url };
  if (commit !== null) await haveCommit(git, commit, { ...at, remote: now });
  if ((await git.ask(["rev-parse", "--verify", "--quiet", "HEAD"], at)) === null) {
    throw new PinokioError("app-invalid", `${url} is an empty repository`, {
      hint: "Check the address and the branch",
    });
  }
  const target = commit ?? "HEAD";
  await refuseNames(git, target, { ...at, remote: now });
  const checkout =
    commit === null ? ["checkout", "--progress", "--force"] : ["checkout", "--progress", "--force", "--detach", commit];
  await git.run(checkout, { ...at, remote: now });
  await fillIn(git, { folder, objects, remote: now, signal, tell });
  return {
    url,
    isMoved: movedTo !== null,
    branch: (await git.ask(["symbolic-ref", "--quiet", "--short", "HEAD"], at))?.trim() ?? null,
    commit: (await git.run(["rev-parse", "HEAD"], at)).trim(),
  };
}

/** A commit of no branch can be had by name from most servers. */
async function haveCommit(git: Git, commit: string, at: Parameters<Git["run"]>[1]): Promise<void> {
  if ((await git.ask(["rev-parse", "--verify", "--quiet", `${commit}^{commit}`], at)) !== null) return;
  await git.run(["fetch", "--progress", "--filter=blob:none", "origin", commit], at);
}

/** Asked before anything is written: half an app helps nobody. */
async function refuseNames(git: Git, target: string, at: Parameters<Git["run"]>[1]): Promise<void> {
  const names = (await git.run(["ls-tree", "-r", "-z", "--name-only", target], at)).split("\0");
  const wrong = names.find((name) => name.length > LONGEST_NAME_BYTES / 4 && name.split("/").some(isTooLong));
  if (wrong !== undefined) throw nameUnsupported(at.remote?.url ?? at.cwd, wrong);
}

const isTooLong = (part: string): boolean => Buffer.byteLength(part) > LONGEST_NAME_BYTES;

const toldOf = ({ part, done, total }: GitProgress): FetchProgress =>
  part === "files"
    ? { phase: "files", progress: { done, total, unit: "files" } }
    : { phase: "fetch", progress: { done, total, unit: "objects" } };
