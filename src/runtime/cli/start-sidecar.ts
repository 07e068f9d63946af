import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { explainFileError } from "../base/file-errors.js";
import { SIDECAR_MALLOC } from "../config/environment-variables.js";
import { makeFolder } from "../base/make-folder.js";
import { bootId, isSameProcess, signal } from "../base/processes.js";
import { cleanEnvironment } from "../environments/process-env.js";
import { fromWireError, PinokioError, WireError } from "../protocol/errors.js";
import { homePaths, localPaths } from "../storage/paths.js";
import { readSidecarRecord, type SidecarRecord } from "../storage/sidecar-record.js";
import { findRuntimeNode, nodeMajorOf } from "./find-node.js";

/** Where the command line looks and what it starts with. */
export interface Place {
  home: string;
  /** The folder that holds `sidecar.mjs`. */
  bundles: string;
  /** How long a sidecar that starts may say nothing. */
  startLimitMs?: number;
  env: Readonly<Record<string, string | undefined>>;
}

const START_LIMIT_MS = 20_000;
const END_LIMIT_MS = 10_000;

/** The sidecar that serves this home on this machine, or null. A record left by a dead one counts for nothing. */
export function findSidecar({ home, env }: Place): SidecarRecord | null {
  const local = localPaths(home, { env, uid: process.getuid?.() ?? 0, temporaryFolder: "/tmp" });
  const records = [homePaths(home).sidecarRecord, local.sidecarRecord].map(readSidecarRecord);
  return records.find((record) => record !== null && record.bootId === bootId() && isSameProcess(record)) ?? null;
}

/** Finds the home's sidecar or starts one; two callers at once get the same one. */
export async function ensureSidecar(place: Place): Promise<{ record: SidecarRecord; started: boolean }> {
  const found = findSidecar(place);
  if (found !== null) return { record: found, started: false };
  try {
    await startSidecar(place);
  } catch (error) {
    if (!(error instanceof PinokioError) || error.code !== "home-busy") throw error;
    // Somebody else was faster: wait until theirs listens.
    const record = await waitFor(() => findSidecar(place), place.startLimitMs ?? START_LIMIT_MS);
    if (record === null) throw error;
    return { record, started: false };
  }
  const record = findSidecar(place);
  if (record === null) {
    throw new PinokioError("sidecar-start-failed", "The sidecar started, but nothing says where it listens", {
      hint: `Look into ${homePaths(place.home).sidecarLog}`,
    });
  }
  return { record, started: true };
}

/** Ends the sidecar of a home, whatever version it is; runs go on. */
export async function endSidecar(place: Place): Promise<boolean> {
  const record = findSidecar(place);
  if (record === null) return false;
  signal(record.pid, "SIGTERM");
  if (await waitFor(() => (isSameProcess(record) ? null : true), END_LIMIT_MS)) return true;
  signal(record.pid, "SIGKILL");
  await waitFor(() => (isSameProcess(record) ? null : true), END_LIMIT_MS);
  return true;
}

async function startSidecar({ home, bundles, env, startLimitMs = START_LIMIT_MS }: Place): Promise<void> {
  const node = findRuntimeNode({
    env,
    bundles,
    execPath: process.execPath,
    version: process.version,
    majorOf: nodeMajorOf,
  });
  const log = openStartLog(home);
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", join(bundles, "sidecar.mjs"), "--home", home], {
    cwd: "/",
    detached: true,
    env: { ...SIDECAR_MALLOC, ...cleanEnvironment(env), ...ownVariables(env) },
    stdio: ["ignore", log, log, "pipe"],
  });
  closeSync(log);
  child.unref();
  const pipe = child.stdio[3];
  if (!pipe || !("on" in pipe)) throw new PinokioError("internal", "The sidecar's start pipe is missing");
  const answer = await new Promise<string>((resolve, reject) => {
    let heard = "";
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new PinokioError("sidecar-start-failed", `The sidecar said nothing for ${startLimitMs / 1000} s`));
    }, startLimitMs);
    const settle = () => {
      clearTimeout(timer);
      resolve(heard);
    };
    pipe.on("data", (chunk: Buffer) => {
      heard += chunk.toString("utf8");
      timer.refresh();
      if (heard.includes("\n")) settle();
    });
    pipe.on("close", settle);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(
        new PinokioError("sidecar-start-failed", `${node} could not be started: ${error.message}`, { cause: error }),
      );
    });
  });
  pipe.destroy();
  if (answer === "") {
    throw new PinokioError("sidecar-start-failed", "The sidecar ended while starting", {
      hint: `Look into ${startLogFile(home)}`,
    });
  }
  const parsed: unknown = JSON.parse(answer);
  if (typeof parsed === "object" && parsed !== null && "error" in parsed)
    throw fromWireError(WireError.parse(parsed.error));
}

/** Settings of ours that the sidecar reads; apps never see them. */
/** The sidecar's own: none of them reaches an app. By a hub's it knows where it is, and what people open pages through. */
const OWN = ["PINOKIOCLOUD_IDLE_MINUTES", "JUPYTERHUB_USER", "JUPYTERHUB_API_URL", "JUPYTERHUB_SERVICE_PREFIX"];

const ownVariables = (env: Place["env"]): Record<string, string> =>
  Object.fromEntries(OWN.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

const startLogFile = (home: string): string => join(homePaths(home).logs, "sidecar-start.log");

function openStartLog(home: string): number {
  try {
    makeFolder(homePaths(home).logs);
    return openSync(startLogFile(home), "a", 0o600);
  } catch (error) {
    const explained = explainFileError(error, home);
    if (explained instanceof PinokioError && explained.code === "home-not-writable") return openSync("/dev/null", "w");
    if (explained instanceof PinokioError) throw explained;
    throw new PinokioError("home-not-writable", `The home ${home} cannot be made: ${String(error)}`, {
      hint: "Choose another home with --home or PINOKIOCLOUD_HOME",
      cause: error,
    });
  }
}

async function waitFor<Value>(look: () => Value | null, limitMs: number): Promise<Value | null> {
  for (const end = performance.now() + limitMs; performance.now() < end; await delay(25)) {
    const found = look();
    if (found !== null) return found;
  }
  return look();
}
