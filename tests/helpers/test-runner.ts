import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { frameSocket } from "../../src/runtime/base/frame-socket.js";
import { outputParts } from "../../src/runtime/base/output-parts.js";
import { processesWith } from "../../src/runtime/base/processes.js";
import {
  type FromRunner,
  REAPED,
  RUN_TOKEN_VARIABLE,
  type RunGroups,
  RunRecord,
} from "../../src/runtime/protocol/channel.js";
import type { Run } from "../../src/runtime/protocol/runs.js";
import { BUNDLES, until } from "./command-line.js";
import { temporaryFolder } from "./temporary-folder.js";

export { until };

const REAPER = new URL("../../pinokiocloud/reaper.py", import.meta.url).pathname;

const TOKEN = "5".repeat(64);

/** A runner process of its own, without a sidecar. When its scope ends, everything of it is gone. */
export interface TestRunner extends AsyncDisposable {
  readonly id: string;
  readonly pid: number;
  readonly home: string;
  /** Folder of the script. */
  readonly app: string;
  readonly folder: string;
  /** Resolves when the runner process is gone. */
  readonly exited: Promise<number | null>;
  /** What it wrote on its own standard error. */
  stderr(): string;
  record(): RunRecord;
  output(): string;
  connect(token?: string): Promise<Watcher>;
  /** Processes that carry this run's mark, the runner included. */
  processes(): number[];
}

/** Whoever follows a run over its socket. */
export interface Watcher {
  readonly messages: FromRunner[];
  readonly closed: Promise<void>;
  latest(): Run | null;
  waitFor(wanted: (run: Run) => boolean, limitMs?: number): Promise<Run>;
  stop(graceMs: number): void;
  leave(): void;
}

export interface RunnerOptions {
  /** Files of the app besides the script, by name. */
  files?: Record<string, string>;
  /** A folder to copy as the app. */
  appFolder?: string;
  scriptName?: string;
  input?: unknown;
  env?: Record<string, string>;
  /** Folder of `runner.mjs`. */
  bundles?: string;
  /** Starts it as the sidecar does, below a process that adopts whatever it starts. */
  isReaped?: boolean;
  /** Folders of the system's groups that are the run's own. */
  groups?: RunGroups;
  /** Where the run's folder lies, when not in the home. */
  runFolder?: string;
}

export async function startRunner(script: unknown, options: RunnerOptions = {}): Promise<TestRunner> {
  const scope = temporaryFolder();
  const home = join(scope.path, "home");
  const app = join(home, "api", "app");
  const id = `run_${randomBytes(6).toString("hex")}`;
  const folder = options.runFolder ?? join(home, "runs", id);
  const scriptName = options.scriptName ?? "start.json";
  for (const path of [app, folder]) mkdirSync(path, { recursive: true });
  if (options.appFolder !== undefined) cpSync(options.appFolder, app, { recursive: true });
  if (script !== null) {
    writeFileSync(join(app, scriptName), typeof script === "string" ? script : JSON.stringify(script));
  }
  for (const [name, text] of Object.entries(options.files ?? {})) {
    mkdirSync(dirname(join(app, name)), { recursive: true });
    writeFileSync(join(app, name), text);
  }
  const socket = join(scope.path, "r.sock");
  const tokenFile = join(scope.path, "token");
  writeFileSync(tokenFile, `${TOKEN}\n`);
  const request = {
    runId: id,
    home,
    scriptFile: join(app, scriptName),
    script: `app/${scriptName}`,
    appId: "app",
    action: "run",
    input: options.input,
    ...(options.groups === undefined ? {} : { groups: options.groups }),
    socket,
    tokenFile,
  };
  writeFileSync(join(folder, "request.json"), JSON.stringify(request));

  const node = process.env["PINOKIOCLOUD_NODE"] ?? process.execPath;
  const runner = ["--disable-warning=ExperimentalWarning", join(options.bundles ?? BUNDLES, "runner.mjs"), folder];
  const isReaped = options.isReaped === true;
  const reaper = ["-I", "-S", REAPER, `${RUN_TOKEN_VARIABLE}=${id}`, options.groups?.trail ?? "-", node];
  const child = spawn(isReaped ? "python3" : node, isReaped ? [...reaper, ...runner, REAPED] : runner, {
    cwd: folder,
    detached: true,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: process.env["HOME"] ?? "",
      ...(isReaped ? {} : { [RUN_TOKEN_VARIABLE]: id }),
      ...options.env,
    },
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const processes = () => processesWith(RUN_TOKEN_VARIABLE, id);
  await Promise.race([ready(child), exited]);

  return {
    id,
    pid: child.pid ?? 0,
    home,
    app,
    folder,
    exited,
    stderr: () => stderr,
    record: () => RunRecord.parse(JSON.parse(readFileSync(join(folder, "run.json"), "utf8"))),
    output: () =>
      outputParts(join(folder, "output.log"))
        .map(({ path }) => readText(path))
        .join(""),
    connect: (token = TOKEN) => watch(socket, token),
    processes,
    [Symbol.asyncDispose]: async () => {
      for (let left = processes(); left.length > 0; left = processes()) {
        for (const pid of left) end(pid);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      scope[Symbol.dispose]();
    },
  };
}

/** Runs a script to its end and returns how it was. */
export async function runToEnd(script: unknown, options: RunnerOptions = {}): Promise<{ run: Run; output: string }> {
  await using runner = await startRunner(script, options);
  await runner.exited;
  return { run: runner.record().run, output: runner.output() };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.stdio[3]?.once("data", () => resolve());
    child.stdio[3]?.on("error", () => undefined);
  });
}

function watch(path: string, token: string): Promise<Watcher> {
  const messages: FromRunner[] = [];
  const socket = connect(path);
  let markClosed: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (markClosed = resolve));
  const frames = frameSocket(socket, {
    onFrame: (frame) => void messages.push(JSON.parse(String(frame)) as FromRunner),
    onClosed: () => markClosed(),
  });
  const latest = (): Run | null => {
    const state = messages.findLast((message) => message.t === "state");
    const output = messages.findLast((message) => message.t === "output");
    if (state === undefined) return null;
    return { ...state.run, outputBytes: Math.max(state.run.outputBytes, output?.bytes ?? 0) };
  };
  const watcher: Watcher = {
    messages,
    closed,
    latest,
    waitFor: async (wanted, limitMs) => {
      const run = await until(latest, (state) => state !== null && wanted(state), limitMs);
      if (run === null) throw new Error("unreachable");
      return run;
    },
    stop: (graceMs) => void frames.send(JSON.stringify({ t: "stop", graceMs })),
    leave: () => frames.destroy(),
  };
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("connect", () => {
      frames.send(JSON.stringify({ t: "auth", token }));
      resolve(watcher);
    });
  });
}

const readText = (path: string): string => (existsSync(path) ? readFileSync(path, "latin1") : "");

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone already
  }
}
