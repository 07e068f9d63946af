import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readState } from "./base/atomic-file.js";
import { findFreePort } from "./base/free-port.js";
import { thisProcess } from "./base/processes.js";
import { environmentKinds } from "./environments/index.js";
import { RunRecord, RunRequest } from "./protocol/channel.js";
import { toWireError, type WireError } from "./protocol/errors.js";
import type { Outcome, Run } from "./protocol/runs.js";
import { VERSION } from "./protocol/version.js";
import { callMethod, type SharedContext } from "./runner/call-method.js";
import { type Channel, openChannel } from "./runner/channel.js";
import { endProcesses, killProcesses } from "./runner/end-processes.js";
import { failureOutsideSteps, onOwnProcessEnded } from "./runner/outside-steps.js";
import { OutputLog } from "./runner/output-log.js";
import { processesOfRun } from "./runner/processes-of-run.js";
import { RunStateKeeper } from "./runner/run-state.js";
import { RunShells } from "./runner/shells.js";
import { StopRequest } from "./runner/stop-request.js";
import { tellReady } from "./runner/tell-ready.js";
import { environmentsOf, factsFor } from "./runner/world.js";
import { type Effects, runScript, type ScriptEvent } from "./script/interpreter.js";
import { createKernel } from "./script/kernel.js";

/** One script from its first step until nothing of it is left; then this process ends. */
async function main(folder: string): Promise<void> {
  const request = RunRequest.parse(JSON.parse(readFileSync(join(folder, "request.json"), "utf8")));
  const stop = new StopRequest();
  const parts = buildParts(folder, request, stop);
  const { state, output, shells } = parts;

  process.on("SIGHUP", () => undefined); // a closed terminal ends no run
  for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => parts.askToStop(PROGRAMS_GRACE_MS));
  const outsideSteps = failureOutsideSteps(request.script);
  onOwnProcessEnded((error) => {
    if (state.run.state === "ended") return;
    killProcesses(parts.findProcesses);
    output.writeAtOnce();
    state.update({ outputBytes: output.size });
    state.end("failed", toWireError(error));
  });

  state.publish(); // before anybody hears of the run, so that it can be found again
  const channel = await openChannel({
    path: request.socket,
    tokenFile: request.tokenFile,
    run: () => state.run,
    onStop: parts.askToStop,
  }).catch(async (error: unknown) => {
    await writeEnd(state, { outcome: "failed", error: toWireError(error) });
    throw error;
  });
  parts.watchers.channel = channel;
  tellReady();

  const end = await play(request, parts, stop, outsideSteps);
  await parts.endPrograms();
  await shells.allGone(LAST_OUTPUT_MS);
  await output.close();
  state.update({ outputBytes: output.size });
  await writeEnd(state, end);
  await channel.close();
  process.exit(0);
}

/** What programs get to end by themselves when their script is over or has failed; a stop brings its own time. */
const PROGRAMS_GRACE_MS = 3_000;
const LONGEST_INTERRUPT_MS = 1_000;
const LAST_OUTPUT_MS = 1_000;
const LAST_STEP_MS = 100;
const RECORD_TRIES = 5;

type Parts = ReturnType<typeof buildParts>;

function buildParts(folder: string, request: RunRequest, stop: StopRequest) {
  const memory = { local: {}, global: {} };
  const watchers: { channel: Channel | null } = { channel: null };
  const environment = environmentsOf(request.home);

  const output = new OutputLog(join(folder, "output.log"), {
    onSize: (bytes) => {
      state.update({ outputBytes: bytes });
      watchers.channel?.announceOutput(bytes);
    },
    onRoom: () => shells.resume(),
    onLoss: (reason) => warn(`Output is being lost: ${reason}`),
  });
  const run = firstState(folder, request, output.size);
  const state = new RunStateKeeper({
    record: { run, socket: request.socket, process: thisProcess(), version: VERSION, key: request.key },
    file: join(folder, "run.json"),
    local: () => memory.local,
    onChanged: () => watchers.channel?.announceState(),
  });
  const warn = (message: string): void => {
    if (state.warn(message)) output.print(`\x1b[33m${message}\x1b[0m\r\n`);
  };
  const shells = new RunShells({
    runId: request.runId,
    output,
    environmentFor: environment,
    onCountChanged: (count) => state.update({ shells: count }),
    warn,
  });
  const facts = factsFor(request, { ...memory, run: () => state.run, environment });
  const kernel = createKernel(facts);
  const context: SharedContext = {
    ...memory,
    home: request.home,
    signal: stop.signal,
    shells,
    environments: {
      venv: (wanted) =>
        environmentKinds.venv.prepare(wanted, {
          searchPath: environment()["PATH"] ?? "",
          run: (program, args, cwd) => shells.runProgram(program, args, cwd),
          warn,
        }),
    },
    memoryChanged: () => state.memoryChanged(),
    print: (text) => output.print(text),
    note: (text) => output.print(text),
    warn,
  };
  const effects: Effects = {
    signal: stop.signal,
    facts,
    slowNames: { port: () => findFreePort(), _: async () => (await import("lodash")).default },
    local: () => memory.local,
    global: () => memory.global,
    call: (call) => callMethod(call, context, kernel),
    report: (event) => follow(event, state, warn),
  };
  const findProcesses = (): number[] => processesOfRun(request.runId, shells.sessions);
  let ending: Promise<void> | null = null;
  return {
    state,
    output,
    shells,
    effects,
    watchers,
    findProcesses,
    /** Whoever asks while it goes on waits for the same end: a second Ctrl-C would make programs drop everything. */
    endPrograms: () => (ending ??= endPrograms({ findProcesses, shells, warn }, stop).finally(() => (ending = null))),
    askToStop: (graceMs: number) => {
      if (!stop.isMade && !["stopping", "ended"].includes(state.run.state)) state.moveTo("stopping");
      stop.make(graceMs);
    },
  };
}

/** The sidecar has written the run's folder; when it did is when the run began. */
function firstState(folder: string, request: RunRequest, outputBytes: number): Run {
  const found = readState(join(folder, "run.json"), RunRecord);
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
    case "result":
      state.memoryChanged(); // code of the script may have changed it without a method
      break;
    case "warning":
      warn(event.message);
      break;
    case "skipped":
      break;
  }
}

interface RunEnd {
  outcome: Outcome;
  error: WireError | null;
}

/** Runs the script; a daemon's programs then stay until somebody asks it to stop. */
async function play(
  { scriptFile: file, action, input }: RunRequest,
  parts: Parts,
  stop: StopRequest,
  outsideSteps: Promise<never>,
): Promise<RunEnd> {
  const { effects, state, output } = parts;
  // A step is over when its programs are; one that waits for something else is left alone.
  const programsEnded = stop.made().then(async () => {
    await parts.endPrograms();
    await delay(LAST_STEP_MS);
    throw stop.signal.reason;
  });
  try {
    const { outcome } = await Promise.race([runScript({ file, action, input }, effects), outsideSteps, programsEnded]);
    if (outcome === "finished") return { outcome, error: null };
    if (!stop.isMade) state.moveTo("ready");
    await Promise.race([stop.made(), outsideSteps]);
    return { outcome: "stopped", error: null };
  } catch (error) {
    if (stop.isMade) return { outcome: "stopped", error: null };
    const known = toWireError(error);
    output.print(`\x1b[31m${known.message}\x1b[0m\r\n`);
    if (known.hint !== undefined) output.print(`${known.hint}\r\n`);
    return { outcome: "failed", error: known };
  }
}

/** Ends everything the run has started, wherever it went. */
async function endPrograms(
  { findProcesses, shells, warn }: { findProcesses(): number[]; shells: RunShells; warn(message: string): void },
  stop: StopRequest,
): Promise<void> {
  const began = Date.now();
  const own = began + (stop.isMade ? Number.POSITIVE_INFINITY : PROGRAMS_GRACE_MS);
  const graceMs = (): number => Math.min(stop.by, own) - began;
  const left = await endProcesses({
    find: findProcesses,
    shells: shells.leaders,
    interruptMs: Math.min(LONGEST_INTERRUPT_MS, graceMs() / 3),
    graceMs,
  });
  if (left > 0) warn(`${left} processes of this run could not be ended`);
}

/** How the run ended must be on disk; a full disk may have room again in a moment. */
async function writeEnd(state: RunStateKeeper, { outcome, error }: RunEnd): Promise<void> {
  let isWritten = state.end(outcome, error);
  for (let attempt = 1; attempt <= RECORD_TRIES && !isWritten; attempt++) {
    await delay(200 * attempt);
    isWritten = state.publish();
  }
}

const runFolder = process.argv[2];
if (runFolder === undefined) {
  process.stderr.write("usage: runner.mjs <folder of the run>\n");
  process.exit(2);
}
try {
  await main(runFolder);
} catch (error) {
  // The last line is what the sidecar tells a person.
  if (error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
