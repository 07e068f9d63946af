import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readState } from "./base/atomic-file.js";
import { findFreePort } from "./base/free-port.js";
import { toPlainData } from "./base/plain-data.js";
import { thisProcess } from "./base/processes.js";
import { EnvironmentFiles } from "./environments/environment-files.js";
import type { EnvironmentTools } from "./environments/environment.js";
import { environmentKinds } from "./environments/index.js";
import { RunRecord, RunRequest } from "./protocol/channel.js";
import { toWireError, type WireError } from "./protocol/errors.js";
import type { Outcome, Run } from "./protocol/runs.js";
import { VERSION } from "./protocol/version.js";
import { callMethod, type SharedContext } from "./runner/call-method.js";
import { type Channel, openChannel } from "./runner/channel.js";
import { endProcesses, killProcesses } from "./runner/end-processes.js";
import { failureOutsideSteps, onOwnProcessEnded } from "./runner/outside-steps.js";
import { appFolderOf, programsOf } from "./runner/method-world.js";
import { OutputLog } from "./runner/output-log.js";
import { processesOfRun } from "./runner/processes-of-run.js";
import { RunStateKeeper } from "./runner/run-state.js";
import { RunShells } from "./runner/shells.js";
import { StopRequest } from "./runner/stop-request.js";
import { tellReady } from "./runner/tell-ready.js";
import { environmentsOf, factsFor } from "./runner/world.js";
import { Modules } from "./runner/modules.js";
import { KnownScripts, otherScripts } from "./runner/other-scripts.js";
import { Questions } from "./runner/questions.js";
import { SidecarRequests } from "./runner/sidecar-requests.js";
import { runStopHook } from "./runner/stop-hook.js";
import { openTrace, type Trace } from "./runner/trace.js";
import { tracedParams } from "./runner/traced-params.js";
import { type Effects, type MethodCall, runScript, type ScriptEvent } from "./script/interpreter.js";
import { createKernel, type KernelFacts } from "./script/kernel.js";
import { isObject } from "./script/script.js";
import { loadFile, resolveExport } from "./script/load.js";

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
    parts.trace.error(undefined, error.message);
    parts.trace.end("failed");
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
    onServing: () => parts.watchers.channel?.announceShared(state.record.global ?? {}, state.record.value),
    onServed: () => parts.requests.sendAgain(),
    onReply: (reply) => parts.requests.settle(reply),
    onScripts: (news) => parts.known.learn(news),
    onAnswer: (question, value) => parts.questions.answer(question, value),
  }).catch(async (error: unknown) => {
    await writeEnd(state, { outcome: "failed", error: toWireError(error) });
    throw error;
  });
  parts.watchers.channel = channel;
  parts.requests.send = (id, name, params) => channel.request(id, name, params);
  tellReady();

  const end = await play(request, parts, stop, outsideSteps);
  await parts.endPrograms();
  await shells.allGone(LAST_OUTPUT_MS);
  await output.close();
  state.update({ outputBytes: output.size });
  parts.trace.end(end.outcome === "finished" || end.outcome === "stopped" ? end.outcome : "failed");
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

/** After this a runner finds a port by itself. */
const SIDECAR_LIMIT_MS = 1_000;

type Parts = ReturnType<typeof buildParts>;

function buildParts(folder: string, request: RunRequest, stop: StopRequest) {
  const known = new KnownScripts(request.scripts);
  const memory = { local: {}, global: { ...known.find(request.scriptFile)?.global } };
  const requests = new SidecarRequests(stop.signal);
  const trace = openTrace(request.trace, request.script);
  const watchers: { channel: Channel | null } = { channel: null };
  const app = appFolderOf(request.home, request.scriptFile);
  const files = new EnvironmentFiles(request.home, app);
  files.create();
  const environment = environmentsOf(request.home, files);

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
    record: {
      run,
      socket: request.socket,
      process: thisProcess(),
      version: VERSION,
      global: memory.global,
      key: request.key,
    },
    file: join(folder, "run.json"),
    local: () => memory.local,
    global: () => memory.global,
    onChanged: () => watchers.channel?.announceState(),
    onShared: (global, value) => watchers.channel?.announceShared(global, value),
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
  const questions = new Questions({
    runId: request.runId,
    requests,
    signal: stop.signal,
    onChanged: (open) => {
      state.update({ questions: open });
      state.publish();
    },
  });
  const call: NonNullable<KernelFacts["call"]> = async (method, params, onData) => {
    const asked = { ...context, print: (_: number, text: string) => onData?.({ raw: text }) };
    return (await callMethod(callFromCode(request, method, params), asked, kernel)).value;
  };
  const freePort = async (): Promise<number> => {
    const alone = delay(SIDECAR_LIMIT_MS, null, { ref: false });
    const reply = await Promise.race([requests.ask("port", {}).catch(() => null), alone]);
    return reply === null ? findFreePort() : reply.port;
  };
  const facts = factsFor(request, { ...memory, files, run: () => state.run, environment, known, call });
  const kernel = createKernel(facts);
  const programs = programsOf({ signal: stop.signal, environmentFor: environment });
  const environmentTools = (): EnvironmentTools => ({
    home: request.home,
    searchPath: environment()["PATH"] ?? "",
    run: (program, args, cwd) => shells.runProgram(program, args, cwd),
    ask: async (program, args, cwd) => {
      const { exitCode, stdout } = await programs.run({ program, args, cwd });
      return { exitCode, stdout: stdout.toString("utf8") };
    },
    warn,
  });
  const context: SharedContext = {
    ...memory,
    home: request.home,
    signal: stop.signal,
    shells,
    environments: {
      venv: (wanted) => environmentKinds.venv.prepare(wanted, environmentTools()),
      conda: (wanted) => environmentKinds.conda.prepare(wanted, environmentTools()),
    },
    programs,
    app,
    env: () => facts.env(),
    setEnvironment: (values) => files.set(values),
    load: async (path) => resolveExport((await loadFile(path)).exported, kernel),
    tell: (kind, params) => watchers.channel?.tell(kind, toPlainData(params)),
    runId: request.runId,
    modules: new Modules(),
    scripts: otherScripts(known, requests),
    runProgram: (program, args, cwd) => shells.runProgram(program, args, cwd),
    trigger: (action, input) => void trigger(action, input),
    ask: (index, kind, params) => {
      trace.input(index, params);
      return questions.ask(kind, params);
    },
    memoryChanged: () => state.memoryChanged(),
    print: (index, text) => {
      trace.log(index, text);
      output.print(text);
    },
    note: (text) => output.print(text),
    warn,
  };
  let turns = 0;
  const effects: Effects = {
    signal: stop.signal,
    facts,
    slowNames: { port: freePort, _: async () => (await import("lodash")).default },
    local: () => memory.local,
    global: () => memory.global,
    call: (call) => callMethod(call, context, kernel),
    inTurn: async (queue, work) => {
      const turn = `${request.runId}-${++turns}`;
      await requests.ask("enter", { queue, turn });
      try {
        return await work();
      } finally {
        void requests.ask("leave", { queue, turn }, { lasting: true }).catch(() => undefined);
      }
    },
    report: (event) => follow(event, { state, trace, warn, note: context.note }),
  };
  let failTriggered: (error: unknown) => void = () => undefined;
  const triggered = new Promise<never>((_, reject) => (failTriggered = reject));
  triggered.catch(() => undefined);
  /** Another list of the same script, beside the one that runs. */
  const trigger = async (action: string, input: unknown): Promise<void> => {
    const report = (event: ScriptEvent): void => {
      if (event.type !== "started") effects.report(event);
    };
    await runScript({ file: request.scriptFile, action, input }, { ...effects, report }).catch((error: unknown) => {
      if (!stop.isMade) failTriggered(error);
    });
  };
  const findProcesses = (): number[] => processesOfRun(request.runId, shells.sessions);
  let ending: Promise<void> | null = null;
  return {
    state,
    output,
    shells,
    effects,
    trace,
    known,
    requests,
    questions,
    triggered,
    stopHook: () =>
      runStopHook(request.scriptFile, {
        context,
        kernel,
        known,
        requests,
        by: stop.by,
        callFromCode: (method, params) => callFromCode(request, method, params),
      }),
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
    ...(request.parent === undefined ? {} : { parent: request.parent }),
  };
}

/** A call that no step of the script makes, but its code or its `on.stop`. */
function callFromCode(request: RunRequest, method: string, params: unknown): MethodCall {
  const cwd = dirname(request.scriptFile);
  const script = { file: request.scriptFile, value: {}, warnings: [] };
  return { method, params, input: undefined, args: {}, step: { method, params }, index: 0, total: 1, cwd, script };
}

interface Listeners {
  state: RunStateKeeper;
  trace: Trace;
  warn(message: string): void;
  note(text: string): void;
}

function follow(event: ScriptEvent, { state, trace, warn, note }: Listeners): void {
  switch (event.type) {
    case "started":
      state.update({ daemon: event.daemon });
      state.moveTo("running");
      break;
    case "step": {
      const { index, total, method, params } = event;
      trace.step(index, method, tracedParams(method, params));
      state.update({ step: { index, total, method, startedAt: new Date().toISOString() } });
      break;
    }
    case "result":
      trace.result(event.index, event.value);
      state.memoryChanged(); // code of the script may have changed it without a method
      break;
    case "notice":
      note(`${noticeText(event.notice) ?? `Step ${event.index + 1} is over`}\r\n`);
      break;
    case "warning":
      warn(event.message);
      break;
    case "skipped":
      break;
  }
}

function noticeText(notice: unknown): string | null {
  return isObject(notice) && typeof notice["html"] === "string" ? notice["html"] : null;
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
  const { effects, state, output, trace, triggered } = parts;
  // A step is over when its programs are; one that waits for something else is left alone.
  const stopped = stop.made().then(async () => {
    await parts.stopHook();
    await parts.endPrograms();
  });
  const programsEnded = stopped.then(async () => {
    await delay(LAST_STEP_MS);
    throw stop.signal.reason;
  });
  try {
    const failures = [outsideSteps, triggered];
    const { outcome, value } = await Promise.race([
      runScript({ file, action, input }, effects),
      programsEnded,
      ...failures,
    ]);
    state.setValue(value);
    if (outcome === "finished") return { outcome, error: null };
    if (!stop.isMade) {
      trace.end("daemon");
      state.moveTo("ready");
    }
    await Promise.race([stopped, ...failures]);
    return { outcome: "stopped", error: null };
  } catch (error) {
    if (stop.isMade) return { outcome: "stopped", error: null };
    const known = toWireError(error);
    const step = known.context?.["step"];
    trace.error(step === undefined ? undefined : Number(step), known.message);
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
