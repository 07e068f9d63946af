import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readState, writeJsonAtomic } from "./base/atomic-file.js";
import { overMemoryOf } from "./base/cgroups.js";
import { errnoOf } from "./base/file-errors.js";
import { withOwnArguments } from "./base/own-arguments.js";
import { findFreePort } from "./base/free-port.js";
import { toPlainData } from "./base/plain-data.js";
import { isSameProcess, processId, thisProcess } from "./base/processes.js";
import { EnvironmentFiles } from "./environments/environment-files.js";
import { lackingVariables } from "./environments/lacking-variables.js";
import { groupFolders, REAPED, RunRecord, RunRequest } from "./protocol/channel.js";
import { toWireError, type WireError } from "./protocol/errors.js";
import { secretAnswers } from "./protocol/questions.js";
import { resized } from "./protocol/terminal.js";
import { readTold, toldLine } from "./protocol/told.js";
import type { Outcome, Run } from "./protocol/runs.js";
import { VERSION } from "./protocol/version.js";
import { callMethod, type SharedContext } from "./runner/call-method.js";
import { type Channel, openChannel } from "./runner/channel.js";
import { environmentService } from "./runner/environment-service.js";
import { killProcesses } from "./runner/end-processes.js";
import { noteUnasked, withGitLogin } from "./runner/git-login.js";
import { pageVariablesFor } from "./runner/page-variables.js";
import { programsEnder, PROGRAMS_GRACE_MS } from "./runner/end-programs.js";
import { failureOutsideSteps, onOwnProcessEnded } from "./runner/outside-steps.js";
import { appFolderOf, programsOf } from "./runner/method-world.js";
import { OutputLog, type OutputLogListener, outputLimit } from "./runner/output-log.js";
import { processesOfRun } from "./runner/processes-of-run.js";
import { ProgramBounds } from "./runner/program-bounds.js";
import { fillRequiredValues } from "./runner/required-values.js";
import { RunStateKeeper } from "./runner/run-state.js";
import { RunShells } from "./runner/shells.js";
import { ShownByRun } from "./runner/shown.js";
import { RetryPoint } from "./runner/retry-point.js";
import { RunSecrets } from "./runner/run-secrets.js";
import { StepRecord } from "./runner/step-record.js";
import { StopRequest } from "./runner/stop-request.js";
import { tellReady } from "./runner/tell-ready.js";
import { tidyWhenWaiting } from "./runner/tidy-memory.js";
import { environmentsOf, factsFor } from "./runner/world.js";
import { asking, cudaVersion } from "./runner/cuda.js";
import { errorLogOf } from "./runner/error-log.js";
import { KeptValues } from "./runner/kept-values.js";
import { Modules } from "./runner/modules.js";
import { KnownScripts, otherScripts } from "./runner/other-scripts.js";
import { Questions } from "./runner/questions.js";
import { SidecarRequests } from "./runner/sidecar-requests.js";
import { runStopHook } from "./runner/stop-hook.js";
import { openTrace, type Trace } from "./runner/trace.js";
import { tracedParams } from "./runner/traced-params.js";
import { type Effects, type MethodCall, runScript, type ScriptEvent } from "./script/interpreter.js";
import { createKernel, type KernelFacts } from "./script/kernel.js";
import { loadFile, resolveExport } from "./script/load.js";
import type { StepError } from "./script/step-error.js";
import { runPaths } from "./storage/paths.js";

/** One script from its first step until nothing of it is left; then this process ends. */
async function main(folder: string): Promise<void> {
  if (!begins(join(folder, "begun"))) return;
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
    onLeft: () => state.stayFindable(),
    onReply: (reply) => parts.requests.settle(reply),
    onScripts: (news) => parts.known.learn(news),
    onAnswer: (question, value) => parts.questions.answer(question, value),
    onTyped: (text) => shells.typed(text),
    onResize: (columns, rows) => shells.resize(columns, rows),
    onNice: (nice, because) => parts.beNice(nice, because),
    steps: (after) => parts.steps.since(after),
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
  keepSteps(folder, parts.steps);
  if (end.outcome !== "stopped") keepRetryPoint(folder, parts);
  const overMemory = overMemoryOf(request.groups);
  if (overMemory !== null) state.update({ overMemory });
  await writeEnd(state, end);
  await channel.close();
  process.exit(0);
}

/** False where another process is this run's runner already. */
function begins(mark: string): boolean {
  try {
    closeSync(openSync(mark, "wx", 0o600));
    return true;
  } catch (error) {
    return errnoOf(error) !== "EEXIST";
  }
}

const LAST_OUTPUT_MS = 1_000;
const LAST_STEP_MS = 100;
const RECORD_TRIES = 5;

/** A program that prints without a break keeps nobody waiting. */
const PRINTED_LIMIT_MS = 200;

/** After this a runner finds a port by itself. */
const SIDECAR_LIMIT_MS = 1_000;

type Parts = ReturnType<typeof buildParts>;

/** Its number stays in the record when it is gone; nothing is adopted by it then. */
const reaper = process.argv[3] === REAPED ? processId(process.ppid) : null;

function buildParts(folder: string, request: RunRequest, stop: StopRequest) {
  const known = new KnownScripts(request.scripts);
  const app = appFolderOf(request.home, request.scriptFile);
  const kept = new KeptValues(app);
  const memory = {
    local: request.resume?.local ?? kept.defaults,
    global: { ...known.find(request.scriptFile)?.global },
  };
  const requests = new SidecarRequests(stop.signal);
  const secrets = new RunSecrets(runPaths(dirname(folder), request.runId).secrets);
  secrets.learnFrom(request.input);
  const trace = openTrace(request.trace, request.script, secrets);
  const watchers: { channel: Channel | null } = { channel: null };
  const files = new EnvironmentFiles(request.home, app, request.secrets);
  files.create();
  const lacking = lackingVariables(request.lacks, dirname(request.socket));
  const environment = environmentsOf(request.home, files, { ...lacking, ...request.env }, secrets);

  const ofPrograms = withGitLogin(environment, request, app ?? request.home);

  const onOutput: OutputLogListener = {
    onSize: (bytes) => {
      state.update({ outputBytes: bytes });
      watchers.channel?.announceOutput(bytes);
    },
    onRoom: () => shells.resume(),
    onLoss: (reason) => warn(`Output is being lost: ${reason}`),
  };
  const output = new OutputLog(join(folder, "output.log"), onOutput, outputLimit(request.outputMB));
  const run = firstState(folder, request, output.size);
  const state = new RunStateKeeper({
    record: {
      run,
      socket: request.socket,
      process: thisProcess(),
      reaper,
      version: VERSION,
      global: memory.global,
      key: request.key,
    },
    file: join(folder, "run.json"),
    local: () => memory.local,
    global: () => memory.global,
    hide: secrets.hide,
    onChanged: () => watchers.channel?.announceState(),
    onShared: (global, value) => watchers.channel?.announceShared(global, value),
  });
  const steps = new StepRecord(() => output.printed, secrets.hideCutOff);
  const retry = new RetryPoint({
    file: request.scriptFile,
    local: () => memory.local,
    openShells: () => shells.count,
  });
  const shown = new ShownByRun((now) => state.update({ shown: now }));
  const warn = (message: string): void => {
    if (state.warn(message)) output.print(`\x1b[33m${message}\x1b[0m\r\n`);
  };
  const bounds = new ProgramBounds(request);
  const shells = new RunShells({
    runId: request.runId,
    output,
    environmentFor: ofPrograms,
    onCountChanged: (count) => state.update({ shells: count }),
    onResized: (size) => state.update({ terminal: resized(state.run.terminal, size, output.end) }),
    warn,
    bounds,
    commandFor: (line) => withOwnArguments(line, request.ownArguments),
    variablesFor: pageVariablesFor(request.pagePath, (text) => output.print(text)),
    onOutput: [
      ...(request.trace === undefined ? [] : [trace.output]),
      ...(request.unattended === true ? [noteUnasked(warn)] : []),
    ],
  });
  /** Before something is told: what was printed until then can be read by whoever hears it. */
  const printed = async (): Promise<void> => {
    await Promise.race([output.flush(), delay(PRINTED_LIMIT_MS, null, { ref: false })]);
    state.update({ outputBytes: output.size });
  };
  const questions = new Questions({
    runId: request.runId,
    requests,
    signal: stop.signal,
    printed,
    onChanged: (open) => {
      state.update({ questions: open });
      state.publish();
    },
  });
  const askPerson = async (kind: string, params: unknown): Promise<unknown> => {
    const answer = await questions.ask(kind, params);
    secrets.add(secretAnswers(params, answer));
    secrets.learnFrom(answer);
    return answer;
  };
  const call: NonNullable<KernelFacts["call"]> = async (method, params, onData) => {
    const asked = { ...context, print: (_: number, text: string) => onData?.({ raw: text }) };
    return (await callMethod(callFromCode(request, method, params), asked, kernel)).value;
  };
  const freePort = async (): Promise<number> => {
    const alone = delay(SIDECAR_LIMIT_MS, null, { ref: false });
    const reply = await Promise.race([requests.ask("port", {}).catch(() => null), alone]);
    return reply === null ? findFreePort() : reply.port;
  };
  const facts = factsFor(request, { ...memory, files, run: () => state.run, environment, known, freePort, call });
  const kernel = createKernel(facts);
  const programs = programsOf({ signal: stop.signal, environmentFor: ofPrograms, bounds });
  const environments = environmentService({
    home: request.home,
    app: request.appId,
    takesLinks: !request.lacks.links,
    signal: stop.signal,
    environment,
    programs,
    runProgram: (program, args, cwd) => shells.runProgram(program, args, cwd),
    note: (text) => output.print(text),
    warn,
    askPerson: request.unattended === true ? null : (params) => askPerson("input", params),
  });
  const context: SharedContext = {
    ...memory,
    home: request.home,
    signal: stop.signal,
    shells,
    environments,
    programs,
    app,
    env: () => facts.env(),
    setEnvironment: (values) => files.set(values),
    keep: (values) => kept.keep(values),
    mayAskLinkLocal: request.mayAskLinkLocal,
    takesLinks: !request.lacks.links,
    // Nobody is stopped because the sidecar is away.
    checkRoom: async () =>
      void (await Promise.race([requests.ask("room", {}), delay(SIDECAR_LIMIT_MS, null, { ref: false })])),
    load: async (path) => resolveExport((await loadFile(path)).exported, kernel),
    tell: (kind, params) => {
      shown.note(kind, params);
      watchers.channel?.tell(kind, toPlainData(params));
      const line = toldLine(kind, params);
      if (line !== null) output.print(`${line}\r\n`);
    },
    runId: request.runId,
    modules: new Modules(),
    scripts: otherScripts(known, requests, {
      resume: request.resume?.child ?? null,
      onFailed: (id) => retry.childFailed(id),
    }),
    runProgram: (program, args, cwd) => shells.runProgram(program, args, cwd),
    trigger: (action, input) => void trigger(action, input),
    ask: async (index, kind, params) => {
      trace.input(index, params);
      shown.note(kind, params);
      const answer = await askPerson(kind, params);
      shown.noteAnswer(kind, params, answer);
      return answer;
    },
    memoryChanged: () => state.memoryChanged(),
    print: (index, text) => {
      trace.log(index, text);
      output.print(text);
    },
    note: (text) => output.print(text),
    warn,
  };
  const noteError = errorLogOf(request.home, secrets.hideIn);
  let turns = 0;
  let knownCuda: Promise<string | null> | null = null;
  const cuda = () => (knownCuda ??= cudaVersion(asking(environment)));
  const effects: Effects = {
    signal: stop.signal,
    facts,
    slowNames: { port: freePort, _: async () => (await import("lodash")).default, cuda },
    around: { app: request.appId ?? "", platform: request.platform },
    // A person who starts a script sees a form; a program that starts one is not kept waiting by it.
    fillRequired: async (items) => {
      if (request.consent === true || request.parent !== undefined) return;
      const ask = (params: unknown) => context.ask(0, "input", params);
      await fillRequiredValues(items, { home: request.home, env: facts.env, ask, set: (values) => files.set(values) });
    },
    meetRequires: (requires) => environments.meetRequires(requires, facts.machine),
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
    report: (event) => {
      retry.note(event);
      report(event);
    },
  };
  const report = (event: ScriptEvent): void =>
    follow(event, { state, secrets, trace, steps, warn, tell: context.tell, noteError });
  let failTriggered: (error: unknown) => void = () => undefined;
  const triggered = new Promise<never>((_, reject) => (failTriggered = reject));
  triggered.catch(() => undefined);
  /** Another list of the same script, beside the one that runs. */
  const trigger = async (action: string, input: unknown): Promise<void> => {
    const reportToo = (event: ScriptEvent): void => {
      if (event.type !== "started") report(event);
    };
    await runScript(
      { file: request.scriptFile, isProgram: request.program, action, input },
      { ...effects, report: reportToo },
    ).catch((error: unknown) => {
      if (!stop.isMade) failTriggered(error);
    });
  };
  const findProcesses = (): number[] =>
    processesOfRun({
      runId: request.runId,
      sessions: shells.sessions,
      reaper: reaper !== null && isSameProcess(reaper) ? reaper.pid : null, // its number may be another's by then
      groups: request.groups === undefined ? [] : groupFolders(request.groups),
    });
  let hook: Promise<void> | null = null;
  return {
    state,
    output,
    printed,
    shells,
    effects,
    trace,
    steps,
    retry,
    known,
    requests,
    questions,
    triggered,
    stopHook: () =>
      (hook ??= runStopHook(request.scriptFile, {
        context,
        kernel,
        known,
        requests,
        by: stop.by,
        isProgram: request.program,
        callFromCode: (method, params) => callFromCode(request, method, params),
      })),
    watchers,
    findProcesses,
    endPrograms: programsEnder(
      {
        find: findProcesses,
        shells: () => shells.leaders,
        onEnding: (ending) => state.update({ ending }),
        runs: dirname(folder),
        warn,
      },
      stop,
    ),
    askToStop: (graceMs: number, failure?: WireError) => {
      if (!stop.isMade && !["stopping", "ended"].includes(state.run.state)) state.moveTo("stopping");
      stop.make(graceMs, failure);
    },
    beNice: (nice: number, because: string | null) => {
      bounds.beNice(nice, findProcesses());
      if (because !== null) warn(because);
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
  secrets: RunSecrets;
  trace: Trace;
  steps: StepRecord;
  warn(message: string): void;
  tell(kind: string, params: unknown): void;
  noteError(error: StepError): void;
}

const noteStep = tidyWhenWaiting();

const takesInput = (method: string, params: unknown): boolean =>
  method === "shell.run" && typeof params === "object" && params !== null && "input" in params && Boolean(params.input);

function follow(event: ScriptEvent, { state, secrets, trace, steps, warn, tell, noteError }: Listeners): void {
  switch (event.type) {
    case "started":
      state.update({ daemon: event.daemon });
      state.moveTo("running");
      break;
    case "step": {
      noteStep();
      const { index, total, method, params } = event;
      secrets.learnFrom(params);
      trace.step(index, method, tracedParams(method, params));
      steps.begin(event);
      const typing = takesInput(method, params) ? { takesInput: true } : {};
      state.update({ step: { index, total, method, startedAt: new Date().toISOString(), ...typing } });
      break;
    }
    case "result":
      trace.result(event.index, event.value);
      steps.finish(event.index, event.failure);
      state.memoryChanged(); // code of the script may have changed it without a method
      break;
    case "failed":
      noteError(event.error);
      break;
    case "notice":
      tell("notify", noticeOf(event.notice, `Step ${event.index + 1} is over`));
      break;
    case "warning":
      warn(event.message);
      break;
    case "skipped":
      steps.skip(event);
      break;
  }
}

/** What `notify` of a step asks to be told; with nothing to read it says which step is over. */
function noticeOf(notice: unknown, usual: string): unknown {
  return readTold("notify", notice) === null ? { html: usual } : notice;
}

interface RunEnd {
  outcome: Outcome;
  error: WireError | null;
}

/** Runs the script; a daemon's programs then stay until somebody asks it to stop. */
async function play(
  { scriptFile: file, program: isProgram, action, input, resume }: RunRequest,
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
  const printError = ({ message, hint }: WireError): void => {
    output.print(`\x1b[31m${message}\x1b[0m\r\n`);
    if (hint !== undefined) output.print(`${hint}\r\n`);
  };
  if (resume !== undefined) {
    output.print(`Goes on at step ${resume.index + 1} of ${resume.methods.length}, where an earlier run failed\r\n`);
  }
  const asAsked = (): RunEnd => {
    if (stop.failure === null) return { outcome: "stopped", error: null };
    printError(stop.failure);
    return { outcome: "failed", error: stop.failure };
  };
  try {
    const failures = [outsideSteps, triggered];
    const { outcome, value } = await Promise.race([
      runScript({ file, isProgram, action, input, resume }, effects),
      programsEnded,
      ...failures,
    ]);
    state.setValue(value);
    if (outcome === "finished") {
      await parts.stopHook();
      return { outcome, error: null };
    }
    await parts.printed();
    if (!stop.isMade) {
      trace.end("daemon");
      state.moveTo("ready");
    }
    await Promise.race([stopped, ...failures]);
    return asAsked();
  } catch (error) {
    if (stop.isMade) return asAsked();
    const known = toWireError(error);
    const step = known.context?.["step"];
    trace.error(step === undefined ? undefined : Number(step), known.message);
    if (step !== undefined) parts.steps.finish(Number(step), known.message);
    printError(known);
    await parts.stopHook();
    return { outcome: "failed", error: known };
  }
}

/** For who looks when this process is gone. */
function keepSteps(folder: string, steps: StepRecord): void {
  steps.stop();
  if (!existsSync(dirname(folder))) return; // what was removed as a whole does not come back
  try {
    writeJsonAtomic(join(folder, "steps.json"), steps.since(0), 0o600);
  } catch {
    // a full disk: how it ended is more important, and is written next
  }
}

/** For who wants to go on where it failed. */
function keepRetryPoint(folder: string, { retry, state }: Parts): void {
  const point = retry.found();
  if (point === null || !existsSync(folder)) return;
  try {
    writeJsonAtomic(join(folder, "resume.json"), point, 0o600);
    state.update({ failedStep: { index: point.index, total: point.methods.length } });
  } catch {
    // a full disk: it can be started again from its beginning
  }
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
