import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findFreePort } from "../base/free-port.js";
import { withOwnArguments } from "../base/own-arguments.js";
import { toPlainData } from "../base/plain-data.js";
import { isSameProcess, processId, thisProcess } from "../base/processes.js";
import { EnvironmentFiles } from "../environments/environment-files.js";
import { lackingVariables } from "../environments/lacking-variables.js";
import { groupFolders, REAPED, type RunRequest } from "../protocol/channel.js";
import type { WireError } from "../protocol/errors.js";
import { secretAnswers } from "../protocol/questions.js";
import { resized } from "../protocol/terminal.js";
import { toldLine } from "../protocol/told.js";
import { VERSION } from "../protocol/version.js";
import { type Effects, runScript, type ScriptEvent } from "../script/interpreter.js";
import { createKernel, type KernelFacts } from "../script/kernel.js";
import { loadFile, resolveExport } from "../script/load.js";
import { runPaths } from "../storage/paths.js";
import { callFromCode } from "./call-from-code.js";
import { callMethod, type SharedContext } from "./call-method.js";
import type { Channel } from "./channel.js";
import { asking, cudaVersion } from "./cuda.js";
import { programsEnder } from "./end-programs.js";
import { environmentService } from "./environment-service.js";
import { errorLogOf } from "./error-log.js";
import { firstState } from "./first-state.js";
import { follow } from "./follow-script.js";
import { noteUnasked, withGitLogin } from "./git-login.js";
import { KeptValues } from "./kept-values.js";
import { appFolderOf, programsOf } from "./method-world.js";
import { Modules } from "./modules.js";
import { KnownScripts, otherScripts } from "./other-scripts.js";
import { outputLimit, OutputLog, type OutputLogListener } from "./output-log.js";
import { pageVariablesFor } from "./page-variables.js";
import { processesOfRun } from "./processes-of-run.js";
import { ProgramBounds } from "./program-bounds.js";
import { Questions } from "./questions.js";
import { fillRequiredValues } from "./required-values.js";
import { RetryPoint } from "./retry-point.js";
import { RunSecrets } from "./run-secrets.js";
import { RunStateKeeper } from "./run-state.js";
import { RunShells } from "./shells.js";
import { ShownByRun } from "./shown.js";
import { SidecarRequests } from "./sidecar-requests.js";
import { StepRecord } from "./step-record.js";
import { runStopHook } from "./stop-hook.js";
import type { StopRequest } from "./stop-request.js";
import { openTrace } from "./trace.js";
import { environmentsOf, factsFor } from "./world.js";

/** A program that prints without a break keeps nobody waiting. */
const PRINTED_LIMIT_MS = 200;

/** After this a runner finds a port by itself. */
const SIDECAR_LIMIT_MS = 1_000;

/** What a run is made of. */
export type Parts = ReturnType<typeof buildParts>;

/** Its number stays in the record when it is gone; nothing is adopted by it then. */
const reaper = process.argv[3] === REAPED ? processId(process.ppid) : null;

export function buildParts(folder: string, request: RunRequest, stop: StopRequest) {
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
  void stop.made().then(() => steps.stopping());
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
