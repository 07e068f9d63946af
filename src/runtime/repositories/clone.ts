import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { makeFolder } from "../base/make-folder.js";
import { PinokioError } from "../protocol/errors.js";
import { fillIn } from "./fill-in.js";
import type { FetchProgress } from "./fill-order.js";
import type { Git, GitOrder, GitRemote } from "./git.js";
import type { GitProgress } from "./git-progress.js";
import { refuseNames } from "./refuse-names.js";

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
const BRANCHES = "refs/heads/";

/** What only this machine is asked. */
type LocalOrder = Pick<GitOrder, "cwd" | "signal">;

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
      ...(branch === null || commit !== null ? [] : ["--branch", branch]),
      ...["--", remote.url, folder],
    ],
    {
      cwd: dirname(folder),
      signal,
      remote,
      wanted: commit === null ? branch : null,
      onProgress,
      onRedirect: (address) => (movedTo = address),
    },
  );
  const here: LocalOrder = { cwd: folder, signal };
  if (movedTo !== null) await git.run(["remote", "set-url", "origin", movedTo], here);
  const url = movedTo ?? remote.url;
  const now: GitRemote = movedTo === null ? remote : { ...remote, url };
  const at: GitOrder = { ...here, remote: now, wanted: commit ?? branch, onProgress };
  const target = commit === null ? await tipOf(git, here, url) : await choose(git, branch, commit, at);
  await refuseNames(git, target.commit, here, url);
  const on = target.branch === null ? ["--detach", target.commit] : ["-B", target.branch, target.commit];
  await git.run(["checkout", "--progress", "--force", ...(commit === null ? [] : on)], at);
  if (commit !== null && target.branch !== null) {
    await git.run(["branch", "--quiet", `--set-upstream-to=origin/${target.branch}`, target.branch], here);
  }
  await fillIn(git, { folder, objects, remote: now, signal, tell });
  return { url, isMoved: movedTo !== null, ...target };
}

interface Target {
  branch: string | null;
  commit: string;
}

/** A commit, on a branch where that is wanted and there. */
async function choose(git: Git, branch: string | null, commit: string, at: GitOrder): Promise<Target> {
  const found = { branch: null, commit: await haveCommit(git, commit, at) };
  if (branch === null) return found;
  const name = ["rev-parse", "--verify", "--quiet", `refs/remotes/origin/${branch}`];
  return (await git.ask(name, { cwd: at.cwd, signal: at.signal })) === null ? found : { ...found, branch };
}

/** Where a clone stands before its files are there. */
async function tipOf(git: Git, here: LocalOrder, url: string): Promise<Target> {
  const found = await git.ask(["rev-parse", "HEAD", "--symbolic-full-name", "HEAD"], here);
  const [commit, name] = found?.trim().split("\n") ?? [];
  if (commit === undefined || name === undefined) {
    throw new PinokioError("app-invalid", `${url} is an empty repository`, {
      hint: "Check the address and the branch",
    });
  }
  return { branch: name.startsWith(BRANCHES) ? name.slice(BRANCHES.length) : null, commit };
}

/** The whole name of a commit. One of no branch can be had by name from most servers. */
async function haveCommit(git: Git, commit: string, at: GitOrder): Promise<string> {
  const name = ["rev-parse", "--verify", "--quiet", `${commit}^{commit}`];
  const here: LocalOrder = { cwd: at.cwd, signal: at.signal };
  const known = await git.ask(name, here);
  if (known !== null) return known.trim();
  await git.run(["fetch", "--progress", "--filter=blob:none", "origin", commit], at);
  return (await git.run(name, here)).trim();
}

const toldOf = ({ part, done, total }: GitProgress): FetchProgress =>
  part === "files"
    ? { phase: "files", progress: { done, total, unit: "files" } }
    : { phase: "fetch", progress: { done, total, unit: "objects" } };
