import { isOutOfSpace } from "../base/file-errors.js";
import { type GitAddress, type GitLogin, parseGitAddress } from "../base/git-address.js";
import { remoteOf as addressIn } from "../base/git-uri.js";
import { PinokioError } from "../protocol/errors.js";
import { type Cloned, type CloneOrder, cloneRepository } from "./clone.js";
import { fetchContents } from "./contents.js";
import { dropFetched, dropHalfWritten, objectsOf as objectsIn } from "./drop-fetched.js";
import type { FetchProgress } from "./fill-order.js";
import { createGit, endLeftGit, type GitRemote, markOf, originOf } from "./git.js";
import type { GitProgress } from "./git-progress.js";
import {
  branchOf,
  commonBefore,
  type ChangedFile,
  type Commit,
  commitsBetween,
  fetchBranch,
  filesBetween,
  headOf,
  isBefore,
  type LocalEdit,
  localEdits,
} from "./look.js";
import { editsInTheWay, moveTo, type MoveOrder } from "./move-to.js";
import { remoteOf } from "./remote.js";
import { dropUnfinished, type Standing, standingOf, type Unfinished } from "./unfinished.js";
import { commitNamed, discardEdits, filesAt, nameCommit, textAt, unstage } from "./versions.js";

/** Everything that is done with git for installed apps. A `folder` is a checkout of this machine. */
export interface Repositories {
  clone(
    address: GitAddress,
    order: Pick<CloneOrder, "folder" | "objects" | "signal" | "tell" | "retryMs">,
    login?: GitLogin | null,
  ): Promise<Cloned & { needsLogin: boolean }>;
  /** Resolves when nothing works any more that a sidecar which was killed has left. */
  settled(): Promise<void>;
  /** What git is let in with where a folder was cloned from; null where nothing is known, or it may not travel there. */
  loginOf(folder: string): { origin: string; login: GitLogin } | null;
  head(folder: string): Promise<string | null>;
  branch(folder: string): Promise<string | null>;
  /** Asks its remote what a branch stands at. */
  fetch(folder: string, branch: string, signal: AbortSignal, tell?: (progress: FetchProgress) => void): Promise<string>;
  /** Asks its remote for all that is needed to bring it to a commit which was fetched. */
  fetchContents(
    folder: string,
    commit: string,
    signal: AbortSignal,
    tell?: (progress: FetchProgress) => void,
  ): Promise<void>;
  commitsBetween(
    folder: string,
    range: { from: string; to: string; most: number },
  ): Promise<{ commits: Commit[]; count: number }>;
  filesBetween(folder: string, from: string, to: string): Promise<ChangedFile[]>;
  isBefore(folder: string, first: string, second: string): Promise<boolean>;
  commonBefore(folder: string, one: string, other: string): Promise<string | null>;
  edits(folder: string): Promise<LocalEdit[]>;
  editsInTheWay(folder: string, commit: string): Promise<LocalEdit[]>;
  /** The commit that a name stands for here; null where it stands for none. */
  commitNamed(folder: string, name: string): Promise<string | null>;
  filesAt(folder: string, commit: string): Promise<string[]>;
  textAt(folder: string, commit: string, path: string): Promise<string>;
  /** What differs in these files from the commit is lost. */
  discardEdits(folder: string, paths: readonly string[]): Promise<void>;
  unstage(folder: string, paths: readonly string[]): Promise<void>;
  nameCommit(folder: string, branch: string, commit: string): Promise<void>;
  /** How a folder stands before it is moved to a commit. */
  standing(folder: string, commit: string): Promise<Standing>;
  /** Takes away what a move that was cut off has written; returns what of it is left. */
  dropUnfinished(folder: string, order: Unfinished): Promise<string[]>;
  /** Gives back the room of a commit that was fetched and that there is no room to move to. */
  dropFetched(folder: string, commit: string): Promise<void>;
  /** Forward or back; `edits` says what becomes of files that somebody has edited. */
  moveTo(folder: string, order: Omit<MoveOrder, "folder" | "remote" | "objects">): Promise<void>;
}

export interface RepositoriesOptions {
  /** What git inherits. */
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  /** Where the large files of an app arrive. */
  objectsOf(folder: string): string;
  /** What is known of a login at a host, or null. */
  loginFor(host: string): GitLogin | null;
}

export function createRepositories({ env, home, objectsOf, loginFor }: RepositoriesOptions): Repositories {
  const mark = markOf(home);
  const git = createGit({ env, mark });
  const left = endLeftGit(mark); // what the sidecar before this one has left would write where we do

  const knownRemote = (folder: string): GitRemote | null => {
    const origin = addressIn(folder);
    const address = origin === null ? null : parseGitAddress(origin);
    return address === null ? null : remoteOf(address, loginFor(address.host));
  };
  const remoteFor = (folder: string): GitRemote => {
    const remote = knownRemote(folder);
    if (remote !== null) return remote;
    throw new PinokioError("repository-missing", `${folder} was not cloned from anywhere`, {
      hint: "It is a copy of a folder of this machine: there is nothing to fetch",
    });
  };
  const quiet = (folder: string) => ({ cwd: folder });
  const asking = (folder: string) => ({ cwd: folder, remote: remoteFor(folder) });
  const fetching = (folder: string, signal: AbortSignal, tell?: (progress: FetchProgress) => void) => ({
    ...asking(folder),
    signal,
    onProgress: ({ done, total }: GitProgress) =>
      tell?.({ phase: "fetch", progress: { done, total, unit: "objects" } }),
  });
  /** Of what found no room nothing stays. */
  const arriving = async <Value>(folder: string, work: () => Promise<Value>): Promise<Value> => {
    await left;
    try {
      return await work();
    } catch (error) {
      if (isOutOfSpace(error)) dropHalfWritten(await objectsIn(git, quiet(folder)));
      throw error;
    }
  };

  return {
    clone: async (address, order, login = null) => {
      await left;
      const { branch, commit } = address;
      const from = async (using: GitLogin | null) => {
        const remote = remoteOf(address, using);
        return cloneRepository(git, { ...order, remote, branch, commit });
      };
      const known = loginFor(address.host);
      if (login !== null || known === null) return { ...(await from(login)), needsLogin: login !== null };
      try {
        return { ...(await from(null)), needsLogin: false };
      } catch (error) {
        if (!(error instanceof PinokioError) || error.code !== "login-needed") throw error;
        return { ...(await from(known)), needsLogin: true };
      }
    },
    settled: () => left,
    loginOf: (folder) => {
      const remote = knownRemote(folder);
      const isWeb = remote !== null && /^https?:/.test(remote.url);
      return isWeb && remote.login !== null ? { origin: originOf(remote.url), login: remote.login } : null;
    },
    head: (folder) => headOf(git, quiet(folder)),
    branch: (folder) => branchOf(git, quiet(folder)),
    fetch: (folder, branch, signal, tell) =>
      arriving(folder, () => fetchBranch(git, { ...fetching(folder, signal, tell), branch })),
    fetchContents: (folder, commit, signal, tell) =>
      arriving(folder, () => fetchContents(git, fetching(folder, signal, tell), commit)),
    commitsBetween: (folder, range) => commitsBetween(git, quiet(folder), range),
    filesBetween: (folder, from, to) => filesBetween(git, quiet(folder), from, to),
    isBefore: (folder, first, second) => isBefore(git, quiet(folder), first, second),
    commonBefore: (folder, one, other) => commonBefore(git, quiet(folder), one, other),
    edits: (folder) => localEdits(git, quiet(folder)),
    editsInTheWay: (folder, commit) => editsInTheWay(git, quiet(folder), commit),
    commitNamed: (folder, name) => commitNamed(git, quiet(folder), name),
    filesAt: (folder, commit) => filesAt(git, quiet(folder), commit),
    textAt: (folder, commit, path) => textAt(git, asking(folder), commit, path),
    discardEdits: (folder, paths) => discardEdits(git, quiet(folder), paths),
    unstage: (folder, paths) => unstage(git, quiet(folder), paths),
    nameCommit: (folder, branch, commit) => nameCommit(git, quiet(folder), branch, commit),
    standing: (folder, commit) => standingOf(git, quiet(folder), commit),
    dropUnfinished: (folder, order) => dropUnfinished(git, quiet(folder), order),
    dropFetched: (folder, commit) => dropFetched(git, quiet(folder), commit),
    moveTo: (folder, order) => moveTo(git, { ...order, folder, objects: objectsOf(folder), remote: remoteFor(folder) }),
  };
}
