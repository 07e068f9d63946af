import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { RUN_TOKEN_VARIABLE } from "../protocol/channel.js";
import { PinokioError } from "../protocol/errors.js";
import type { RunId } from "../protocol/ids.js";
import type { RunPaths } from "../storage/paths.js";

export interface RunnerProgram {
  /** Node 24. */
  node: string;
  bundle: string;
  /** What shells of the run start from. */
  env: Readonly<Record<string, string>>;
}

const START_LIMIT_MS = 15_000;

/** Starts a runner in a session of its own and resolves once its socket listens. */
export function launchRunner(program: RunnerProgram, id: RunId, paths: RunPaths): Promise<void> {
  const log = openSync(paths.runnerLog, "a", 0o600);
  const child = spawn(program.node, ["--disable-warning=ExperimentalWarning", program.bundle, paths.folder], {
    cwd: paths.folder,
    detached: true,
    env: { ...program.env, [RUN_TOKEN_VARIABLE]: id },
    stdio: ["ignore", log, log, "pipe"],
  });
  closeSync(log);
  child.unref();
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
      child.kill("SIGKILL");
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
