import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { REAPED, RUN_TOKEN_VARIABLE } from "../protocol/channel.js";
import { PinokioError } from "../protocol/errors.js";
import type { RunId } from "../protocol/ids.js";
import type { RunPaths } from "../storage/paths.js";
import type { Reaper } from "./reaper.js";

export interface RunnerProgram {
  /** Node 24. */
  node: string;
  bundle: string;
  /** What shells of the run start from. */
  env: Readonly<Record<string, string>>;
  /** Folder where Node keeps compiled code, so that the next runner need not compile it again. */
  codeCache: string;
  /** What the runner is started through, where that can be had. */
  reaper(): Promise<Reaper | null>;
}

const START_LIMIT_MS = 15_000;

const NODE_FLAGS = [
  "--disable-warning=ExperimentalWarning",
  "--max-semi-space-size=8", // MB: a loop fills what it is given before anything is tidied up; less slows output down
  "--min-semi-space-size=1", // MB: most scripts never fill more
];

/** Starts a runner in a session of its own and resolves once its socket listens. `group` is where it is found again. */
export async function launchRunner(
  program: RunnerProgram,
  id: RunId,
  paths: RunPaths,
  group: string | null,
): Promise<void> {
  const reaper = await program.reaper();
  const runner = [program.node, ...NODE_FLAGS, program.bundle, paths.folder];
  const [first = "", ...rest] =
    reaper === null ? runner : [...reaper.command(RUN_TOKEN_VARIABLE, id, group), ...runner, REAPED];
  const log = openSync(paths.runnerLog, "a", 0o600);
  const child = spawn(first, rest, {
    cwd: paths.folder,
    detached: true,
    // A reaper does not carry the run's mark itself: it outlives what does.
    env: {
      ...program.env,
      NODE_COMPILE_CACHE: program.codeCache,
      ...(reaper === null ? { [RUN_TOKEN_VARIABLE]: id } : {}),
    },
    stdio: ["ignore", log, log, "pipe"],
  });
  closeSync(log);
  child.unref();
  // The system may take longer for it than for all the rest, and a runner starts nothing for a while.
  if (group !== null && reaper === null) void writeFile(join(group, "cgroup.procs"), String(child.pid)).catch(() => {});
  const ready = child.stdio[3];
  return new Promise((resolve, reject) => {
    const fail = (what: string, cause?: unknown) =>
      reject(
        new PinokioError("runner-lost", `The process for this run ${what}`, {
          hint: lastLine(paths.runnerLog) ?? `Look into ${paths.runnerLog}`,
          cause,
        }),
      );
    const timer = setTimeout(() => {
      child.kill(reaper === null ? "SIGKILL" : "SIGTERM"); // a reaper passes it on; what is left is found by its mark
      fail(`was not ready after ${START_LIMIT_MS / 1000} s`);
    }, START_LIMIT_MS);
    ready?.on("data", () => {
      clearTimeout(timer);
      ready.destroy();
      resolve();
    });
    ready?.on("error", () => undefined);
    child.on("error", (error) => {
      clearTimeout(timer);
      fail(`could not be started with ${program.node}`, error);
    });
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      fail(`ended at once (${signal ?? `exit code ${code ?? "unknown"}`})`);
    });
  });
}

function lastLine(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trimEnd().split("\n").at(-1) || null;
  } catch {
    return null;
  }
}
