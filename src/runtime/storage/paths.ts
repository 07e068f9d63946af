import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";

/** Every path of a home that we write, in one place. */
export interface HomePaths {
  home: string;
  api: string;
  drive: string;
  cache: string;
  logs: string;
  envs: string;
  trash: string;
  runs: string;
  settings: string;
  installed: string;
  /** What a person has written about apps, and how they are arranged. */
  favorites: string;
  /** How apps were used. */
  usageStats: string;
  activeEnvironment: string;
  packages: string;
  /** Sources of the catalog that a person has added, and what was fetched of them. */
  catalogSources: string;
  catalogKept: string;
  sidecarLog: string;
  /** Says where socket, token and lock are: `sidecar.json` in here. */
  run: string;
  sidecarRecord: string;
  lock: string;
  lockDatabase: string;
  /** What scripts share, while no sidecar is there. */
  shared: string;
  /** Whose turn it is where scripts wait for one another. */
  turns: string;
  /** For which start of the machine apps were launched. */
  launched: string;
  /** What is to be started again by itself. */
  again: string;
  /** Notices that stay until somebody has read them. */
  notices: string;
  /** How far a person is with the first minutes. */
  firstSteps: string;
}

export function homePaths(home: string): HomePaths {
  const run = join(home, "run");
  return {
    home,
    api: join(home, "api"),
    drive: join(home, "drive"),
    cache: join(home, "cache"),
    logs: join(home, "logs"),
    envs: join(home, "envs"),
    trash: join(home, "trash"),
    runs: join(home, "runs"),
    settings: join(home, "settings.json"),
    installed: join(home, "library", "installed.json"),
    favorites: join(home, "library", "favorites.json"),
    usageStats: join(home, "library", "usage_stats.json"),
    packages: join(home, "library", "packages.json"),
    activeEnvironment: join(home, "library", "active-environment.json"),
    catalogSources: join(home, "library", "sources.json"),
    catalogKept: join(home, "cache", "catalog"),
    sidecarLog: join(home, "logs", "sidecar.log"),
    run,
    sidecarRecord: join(run, "sidecar.json"),
    lock: join(run, "lock.json"),
    lockDatabase: join(run, "lock.db"),
    shared: join(run, "shared.json"),
    turns: join(run, "turns.json"),
    launched: join(run, "launched.json"),
    again: join(run, "again.json"),
    notices: join(home, "library", "notices.json"),
    firstSteps: join(home, "library", "first-steps.json"),
  };
}

/** One run's folder. */
export interface RunPaths {
  folder: string;
  request: string;
  record: string;
  output: string;
  runnerLog: string;
  /** Which of the answers that came with the run are used. */
  answers: string;
  /** Made by the runner: there is never a second one. */
  begun: string;
  /** The latest steps of a run that is over. */
  steps: string;
  /** What was secret while it ran. */
  secrets: string;
  /** Where another run can go on with what this one has failed to do. */
  resume: string;
}

export function runPaths(runs: string, id: string): RunPaths {
  const folder = join(runs, id);
  return {
    folder,
    request: join(folder, "request.json"),
    record: join(folder, "run.json"),
    output: join(folder, "output.log"),
    runnerLog: join(folder, "runner.log"),
    answers: join(folder, "answers.json"),
    begun: join(folder, "begun"),
    steps: join(folder, "steps.json"),
    secrets: join(folder, "secrets.json"),
    resume: join(folder, "resume.json"),
  };
}

/** What must lie on the local disk: network volumes ignore modes and cannot hold sockets, whose paths must be short. */
export interface LocalPaths {
  folder: string;
  socket: string;
  token: string;
  sidecarRecord: string;
  lockDatabase: string;
  /** Compiled code of our own programs. */
  codeCache: string;
  runnerSocket(id: string): string;
}

export interface LocalPlace {
  env: Readonly<Record<string, string | undefined>>;
  uid: number;
  temporaryFolder: string;
}

/** The same folder for everybody who asks for this home as this user, whatever their environment is otherwise. */
export function localPaths(home: string, { env, uid, temporaryFolder }: LocalPlace): LocalPaths {
  const hash = createHash("sha256").update(home).digest("hex").slice(0, 12);
  const runtimeFolders = [env["XDG_RUNTIME_DIR"], `/run/user/${uid}`].filter((folder) => folder !== undefined);
  const own = runtimeFolders.find((folder) => isOwnFolder(folder, uid));
  const folder =
    own === undefined ? join(temporaryFolder, `pinokiocloud-${uid}-${hash}`) : join(own, `pinokiocloud-${hash}`);
  return {
    folder,
    socket: join(folder, "sidecar.sock"),
    token: join(folder, "token"),
    sidecarRecord: join(folder, "sidecar.json"),
    lockDatabase: join(folder, "lock.db"),
    codeCache: join(folder, "code"),
    runnerSocket: (id) => join(folder, `${id}.sock`),
  };
}

function isOwnFolder(path: string, uid: number): boolean {
  try {
    const found = statSync(path);
    return path.startsWith("/") && found.isDirectory() && found.uid === uid && (found.mode & 0o700) === 0o700;
  } catch {
    return false;
  }
}
