import { closeSync, existsSync, fstatSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { readState } from "./base/atomic-file.js";
import { findFreePort } from "./base/free-port.js";
import { thisProcess } from "./base/processes.js";
import { environmentKinds } from "./environments/index.js";
import { shellEnvironment, type Variables } from "./environments/shell-environment.js";
import { RUN_TOKEN_VARIABLE, RunRecord, RunRequest } from "./protocol/channel.js";
import { PinokioError, toWireError, type WireError } from "./protocol/errors.js";
import type { Outcome, Run } from "./protocol/runs.js";
import { VERSION } from "./protocol/version.js";
import { callMethod, type SharedContext } from "./runner/call-method.js";
import { openChannel } from "./runner/channel.js";
import { endProcesses, killProcesses } from "./runner/end-processes.js";
import { OutputLog } from "./runner/output-log.js";
import { processesOfRun } from "./runner/processes-of-run.js";
import { RunStateKeeper } from "./runner/run-state.js";
import { RunShells } from "./runner/shells.js";
import { runScript, type ScriptEvent } from "./script/interpreter.js";
import { createKernel, type KernelFacts } from "./script/kernel.js";
import { machineNames } from "./script/machine-names.js";

/** What programs get to end by themselves when their script is over or has failed; a stop says its own time. */
const END_GRACE_MS = 3_000;
const INTERRUPT_MS = 1_000;
const END_INTERRUPT_MS = 300;
const LAST_OUTPUT_MS = 1_000;
const RECORD_TRIES = 5;

/** Why a run ends before its script does. */
class StopRequested extends Error {}

async function main(runFolder: string): Promise<void> {
  const request = RunRequest.parse(JSON.parse(readFileSync(join(runFolder, "request.json"), "utf8")));
  const stopping = new AbortController();
  let stopBy = Number.POSITIVE_INFINITY;
  const stop = (graceMs: number): void => {
    stopBy = Math.min(stopBy, Date.now() + graceMs);
    if (stopping.signal.aborted) return;
    if (state.run.state !== "ended" && state.run.state !== "stopping") state.moveTo("stopping");
    stopping.abort(new StopRequested("The run was asked to stop"));
  };

  const local: Record<string, unknown> = {};
  const global: Record<string, unknown> = {};
  const output = new OutputLog(join(runFolder, "output.log"), {
    onSize: (bytes) => {
      state.update({ outputBytes: bytes });
      channel?.announceOutput(bytes);
    },
    onRoom: () => shells.resume(),
    onLoss: (reason) => warn(`Output is being lost: ${reason}`),
  });
  const state = new RunStateKeeper({
    record: {
      run: firstState(runFolder, request, output.size),
      socket: request.socket,
      process: thisProcess(),
      version: VERSION,
    },
    file: join(runFolder, "run.json"),
    local: () => local,
    onChanged: () => channel?.announceState(),
  });
  const warn = (message: string): void => {
    if (state.warn(message)) output.print(`\x1b[33m${message}\x1b[0m\r\n`);
  };
  const environmentFor = environmentOf(request.home);
  const shells = new RunShells({
    runId: request.runId,
    output,
    environmentFor,
    onCountChanged: (count) => state.update({ shells: count }),
    warn,
  });
  const find = (): number[] => processesOfRun(request.runId, shells.sessions);
  let channel: Awaited<ReturnType<typeof openChannel>> | null = null;

  endWithTheProcess(() => state.run.state !== "ended", find, state);
  // Code of the script that fails outside of any step ends the script, as a failing step does.
  const unforeseen = new Promise<never>((_, reject) => {
    process.on("uncaughtException", reject);
    process.on("unhandledRejection", reject);
  });
  unforeseen.catch(() => undefined);
  process.on("SIGHUP", () => undefined); // a closed terminal ends no run
  process.on("SIGTERM", () => stop(END_GRACE_MS));
  process.on("SIGINT", () => stop(END_GRACE_MS));

  state.publish(); // before anybody is told of the run, so that it can be found again
  channel = await openChannel({
    path: request.socket,
    tokenFile: request.tokenFile,
    run: () => state.run,
    onStop: stop,
  });
  tellReady();

  const facts = factsOf(request, { local, global, run: () => state.run, environment: environmentFor });
  const kernel = createKernel(facts);
  const shared: SharedContext = {
    home: request.home,
    signal: stopping.signal,
    local,
    global,
    shells,
    environments: {
      venv: (wanted) => environmentKinds.venv.prepare(wanted, { ...environmentTools(), warn }),
    },
    memoryChanged: () => state.memoryChanged(),
    print: (text) => output.print(text),
    warn,
  };
  function environmentTools() {
    const { PATH = "" } = environmentFor(PLAIN);
    return {
      searchPath: PATH,
      run: (program: string, args: readonly string[], cwd: string) => shells.runProgram(program, args, cwd),
    };
  }

  const script = runScript(
    { file: request.scriptFile, action: request.action, input: request.input },
    {
      signal: stopping.signal,
      facts,
      slowNames: { port: () => findFreePort(), _: async () => (await import("lodash")).default },
      local: () => local,
      global: () => global,
      call: (call) => callMethod(call, shared, kernel),
      report: (event) => follow(event, state, warn),
    },
  );
  const end = await Promise.race([script, unforeseen]).then(async ({ outcome }): Promise<RunEnd> => {
    if (outcome === "finished") return { outcome, error: null };
    state.moveTo("ready");
    return await Promise.race([aborted(stopping.signal), unforeseen]).catch(endOf);
  }, endOf);

  function endOf(error: unknown): RunEnd {
    if (stopping.signal.aborted) return { outcome: "stopped", error: null };
    const known = error instanceof PinokioError ? error : unforeseenError(error, request);
    output.print(`\x1b[31m${known.message}\x1b[0m\r\n`);
    if (known.hint !== undefined) output.print(`${known.hint}\r\n`);
    return { outcome: "failed", error: toWireError(known) };
  }

  const isStop = end.outcome === "stopped";
  const graceEnds = Date.now() + END_GRACE_MS;
  const began = Date.now();
  const left = await endProcesses({
    find,
    shells: shells.leaders,
    interruptMs: isStop ? INTERRUPT_MS : END_INTERRUPT_MS,
    graceMs: () => Math.min(stopBy, isStop ? Number.POSITIVE_INFINITY : graceEnds) - began,
  });
  if (left > 0) warn(`${left} processes of this run could not be ended`);
  await shells.allGone(LAST_OUTPUT_MS);
  await output.close();
  state.update({ outputBytes: output.size });
  if (!state.end(end.outcome, end.error)) await persist(state);
  await channel.close();
  process.exit(0);
}

interface RunEnd {
  outcome: Outcome;
  error: WireError | null;
}

const PLAIN = { activation: null, env: {}, without: [], requireVirtualenv: true } as const;

/** The sidecar has written the run's folder; what it said there goes on. */
function firstState(runFolder: string, request: RunRequest, outputBytes: number): Run {
  const found = readState(join(runFolder, "run.json"), RunRecord);
  const { runId: id, appId, script, action } = request;
  return {
    id,
    appId,
    script,
    action,
    state: "starting",
    daemon: false,
    end: null,
    step: null,
    local: {},
    shells: 0,
    startedAt: found.kind === "read" ? found.value.run.startedAt : new Date().toISOString(),
    outputBytes,
    warnings: [],
  };
}

function environmentOf(home: string) {
  const base = { ...process.env };
  // A shell gets it anew, and nobody else needs it.
  Reflect.deleteProperty(base, RUN_TOKEN_VARIABLE);
  type Wishes = Pick<Parameters<typeof shellEnvironment>[0], "activation" | "without" | "requireVirtualenv"> & {
    env: Record<string, unknown>;
  };
  return ({ env, ...wishes }: Wishes): Variables =>
    shellEnvironment({ ...wishes, base, home, files: [], step: env, exists: existsSync });
}

function factsOf(
  request: RunRequest,
  own: {
    local: Record<string, unknown>;
    global: Record<string, unknown>;
    run(): Run;
    environment(wishes: typeof PLAIN): Variables;
  },
): KernelFacts {
  let env: Variables | null = null;
  return {
    home: request.home,
    machine: machineNames({ platform: process.platform, arch: process.arch, gpu: gpuHere() }),
    env: () => (env ??= own.environment(PLAIN)),
    script: (path) => {
      if (path !== request.scriptFile) return null;
      const { state } = own.run();
      return { running: state !== "ended", ready: state === "ready", local: own.local, global: own.global };
    },
    scripts: () => [request.scriptFile],
  };
}

function gpuHere(): string {
  if (existsSync("/proc/driver/nvidia/version")) return "nvidia";
  return existsSync("/dev/kfd") ? "amd" : "none";
}

function follow(event: ScriptEvent, state: RunStateKeeper, warn: (message: string) => void): void {
  switch (event.type) {
    case "started":
      state.update({ daemon: event.daemon });
      state.moveTo("running");
      break;
    case "step": {
      const { index, total, method } = event;
      state.update({ step: { index, total, method, startedAt: new Date().toISOString() } });
      break;
    }
    case "warning":
      warn(event.message);
      break;
    case "result":
      state.memoryChanged(); // code in the script may have changed it without a method
      break;
    case "skipped":
      break;
  }
}

function aborted(signal: AbortSignal): Promise<RunEnd> {
  return new Promise((resolve) => {
    const end = (): void => resolve({ outcome: "stopped", error: null });
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

function unforeseenError(error: unknown, request: RunRequest): PinokioError {
  const message = error instanceof Error ? error.message : String(error);
  return new PinokioError("step-failed", `Code of ${request.script} failed outside of its steps: ${message}`, {
    cause: error,
    context: error instanceof Error && error.stack !== undefined ? { stack: error.stack } : undefined,
  });
}

/** Script code can end this process from inside. Then nothing may be left, and the record must say what happened. */
function endWithTheProcess(isLive: () => boolean, find: () => number[], state: RunStateKeeper): void {
  process.on("exit", (code) => {
    if (!isLive()) return;
    killProcesses(find);
    state.end(
      "failed",
      toWireError(
        new PinokioError("step-failed", `Code of the script ended its own process with exit code ${code}`, {
          hint: "The script calls process.exit() where it should return",
        }),
      ),
    );
  });
}

/** The starter waits on descriptor 3 for the socket to listen. Without a starter something else may have that number. */
function tellReady(): void {
  try {
    const given = fstatSync(3);
    if (!given.isFIFO() && !given.isSocket()) return;
    writeSync(3, "ready\n");
    closeSync(3);
  } catch {
    // nobody waits
  }
}

/** How the run ended must be on disk; a full disk may have room again in a moment. */
async function persist(state: RunStateKeeper): Promise<void> {
  for (let attempt = 1; attempt <= RECORD_TRIES; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
    if (state.publish()) return;
  }
}

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write("usage: runner.mjs <folder of the run>\n");
  process.exit(2);
}
await main(folder);
