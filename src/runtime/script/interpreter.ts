import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setPath } from "../base/dotted-path.js";
import { PinokioError } from "../protocol/errors.js";
import { createInfo, type KernelFacts } from "./kernel.js";
import { readJson } from "./load-for-code.js";
import { createMemory, type Memory, namesIn, type Position, resolveNames, type SlowNames } from "./memory.js";
import { isDaemon, isObject, loadScript, resolveSteps, type Script, type Step } from "./script.js";
import { type StepError, stepErrorOf } from "./step-error.js";
import { ownTextsOf, renderStep } from "./template.js";

/** One step's method, to be carried out. */
export interface MethodCall {
  /** Its name, or a function that stands in the script. */
  method: unknown;
  params: unknown;
  input: unknown;
  args: unknown;
  /** The whole step, rendered. */
  step: Step;
  index: number;
  total: number;
  /** Folder of the script. */
  cwd: string;
  /** The script's file, as it is now. */
  script: Script;
}

export interface MethodOutcome {
  value: unknown;
  /** Where the script goes on instead of at the next step, when the method says so. */
  jump?: { id: unknown } | { index: unknown };
}

/** What a script tells while it runs. */
export type ScriptEvent =
  | { type: "started"; daemon: boolean; total: number; methods: readonly string[] }
  /** `input` is what the step before it gave. */
  | { type: "step"; index: number; total: number; method: string; params: unknown; input: unknown }
  | { type: "skipped"; index: number; total: number; method: string; when: unknown }
  /** `failure` when the script wants to go on all the same. */
  | { type: "result"; index: number; value: unknown; failure?: string }
  | { type: "failed"; index: number; error: StepError }
  /** The step wants a person to know that it is over. */
  | { type: "notice"; index: number; notice: unknown }
  | { type: "warning"; message: string };

/** What a script needs from the world around it. The runner supplies the real one. */
export interface Effects {
  /** Somebody asked the script to stop: the present step may still end, no other one begins. */
  readonly signal: AbortSignal;
  readonly facts: KernelFacts;
  readonly slowNames: SlowNames;
  /** What an error says of its surroundings besides file, step and method. */
  readonly around?: Record<string, string>;
  /** Sees to it that the variables which the script says it needs are known. */
  fillRequired?(items: unknown): Promise<void>;
  /** Gets what the script says it needs, as far as that can be had. */
  meetRequires?(requires: unknown): Promise<void>;
  local(): Record<string, unknown>;
  global(): Record<string, unknown>;
  call(call: MethodCall): Promise<MethodOutcome>;
  /** Carries out work once no other script of the home is in the queue of that name. */
  inTurn?<Result>(queue: string, work: () => Promise<Result>): Promise<Result>;
  report(event: ScriptEvent): void;
}

export interface ScriptRequest {
  file: string;
  /** Whether JavaScript that exports nothing is to be run, instead of being a mistake. */
  isProgram?: boolean | undefined;
  action: string;
  input: unknown;
  /** Where to begin instead of at the first step, with what the step before that gave, if the steps are still these. */
  resume?: { index: number; input?: unknown; methods: readonly string[] } | undefined;
}

/** How a script came to its end without an error; a daemon stays up after its last step. */
export interface ScriptEnd {
  outcome: "finished" | "daemon";
  value: unknown;
}

/** Runs a script from its first step to its last. Throws what ended it, or the signal's reason. */
export async function runScript(request: ScriptRequest, effects: Effects): Promise<ScriptEnd> {
  const play = await load(request, effects);
  const methods = play.steps.map((step) => (step === null ? "" : nameOf(step["method"])));
  effects.report({ type: "started", daemon: isDaemon(play.script), total: play.steps.length, methods });
  const { resume } = request;
  if (resume !== undefined) requireSameSteps(play, methods, resume.methods);
  const { pre, env, requires } = play.script.value;
  if (pre ?? env) await effects.fillRequired?.(pre ?? env);
  if (requires) await effects.meetRequires?.(requires);

  let input: unknown = resume === undefined ? play.args : resume.input;
  let value: unknown;
  let index: number | null = resume?.index ?? 0;
  const letOthersIn = turns();
  while (index !== null && index < play.steps.length) {
    await letOthersIn();
    effects.signal.throwIfAborted();
    const step = play.steps[index];
    if (step === null || step === undefined) {
      index++;
      continue;
    }
    await refresh(play);
    const done: StepEnd = await runStep(play, step, { input, current: index, next: nextInList(play, index) }, effects);
    input = done.input;
    value = done.input;
    index = done.next;
  }
  effects.signal.throwIfAborted();
  return { outcome: isDaemon(play.script) ? "daemon" : "finished", value };
}

function requireSameSteps({ file }: Play, now: readonly string[], before: readonly string[]): void {
  if (now.length === before.length && now.every((method, index) => method === before[index])) return;
  throw new PinokioError("script-invalid", `${file} has other steps than when it failed`, {
    hint: "Start it again from its beginning",
    context: { file },
  });
}

const LONGEST_TURN_MS = 10;

/** Steps that wait for nothing would keep out what else the process has to do: hear a stop, write output down. */
function turns(): () => Promise<void> | undefined {
  let end = performance.now() + LONGEST_TURN_MS;
  return () => {
    if (performance.now() < end) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        end = performance.now() + LONGEST_TURN_MS;
        resolve();
      });
    });
  };
}

/** A script being run: its steps are fixed when it starts, `self` is the file as it is now. */
interface Play {
  readonly file: string;
  readonly args: unknown;
  readonly steps: (Step | null)[];
  readonly memory: Memory;
  script: Script;
  version: string;
  isOwnText: (text: string) => boolean;
  /** The slow names that the script's own text mentions, found out for a step that brings it in through `self`. */
  mentions: Map<Step, string[]>;
  readonly around: Record<string, string>;
  readonly isProgram: boolean | undefined;
}

async function load({ file, isProgram, action, input }: ScriptRequest, effects: Effects): Promise<Play> {
  const args = input === undefined ? {} : input;
  const held: { play: Play | null } = { play: null };
  const memory = createMemory({
    file,
    args,
    facts: effects.facts,
    local: effects.local,
    global: effects.global,
    self: () => (held.play === null ? undefined : withSiblings(held.play.script.value, dirname(file))),
  });
  const version = versionOf(file);
  const script = await loadScript(file, memory.kernel, { isProgram });
  const play: Play = {
    file,
    args,
    steps: [],
    memory,
    script,
    version,
    isOwnText: ownTextsOf(script.value),
    mentions: new Map(),
    around: effects.around ?? {},
    isProgram,
  };
  held.play = play;
  for (const message of script.warnings) effects.report({ type: "warning", message });

  const info = createInfo(effects.facts, file, dirname(file));
  const makesSteps = typeof script.value[action] === "function";
  const slow = makesSteps ? await resolveNames(["port"], effects.slowNames) : {};
  const context = makesSteps ? memory.contextFor(action, info, slow) : {};
  play.steps.push(...(await resolveSteps(script, action, memory.kernel, info, context)));
  return play;
}

/** A script may change its own file, or an update may: what templates read through `self` follows. */
async function refresh(play: Play): Promise<void> {
  const version = versionOf(play.file);
  if (version === play.version) return;
  play.version = version;
  try {
    play.script = await loadScript(play.file, play.memory.kernel, { isProgram: play.isProgram });
    play.isOwnText = ownTextsOf(play.script.value);
    play.mentions.clear();
  } catch {
    // Gone or broken meanwhile: the run goes on with what it began with.
  }
}

/** Launchers of 2023 read `session.json` beside them as `self.session`; what the script itself says wins. */
function withSiblings(value: Record<string, unknown>, folder: string): Record<string, unknown> {
  return new Proxy(value, {
    get: (target, key) => {
      const own: unknown = Reflect.get(target, key, target);
      if (typeof own === "function") return own.bind(target) as unknown;
      if (own !== undefined || typeof key !== "string" || !/^[\w-]+$/.test(key)) return own;
      return readJson(join(folder, `${key}.json`));
    },
  });
}

function versionOf(file: string): string {
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts === undefined ? "" : `${facts.mtimeMs} ${facts.size} ${facts.ino}`;
}

interface StepEnd {
  input: unknown;
  /** Null when the script is over. */
  next: number | null;
}

async function runStep(play: Play, step: Step, position: Position, effects: Effects): Promise<StepEnd> {
  const { current: index } = position;
  const slow = await resolveNames(mentionedBy(play, step, effects.slowNames), effects.slowNames);
  const scope = play.memory.scopeAt(position, slow);
  const rendered = renderStep(step, { scope, isOwnText: play.isOwnText });
  const ready = rendered.step as Step;
  if (ready["method"] === undefined || ready["method"] === null || ready["method"] === "") {
    throw stepError(play, index, "", new PinokioError("script-invalid", `Step ${index + 1} names no method`));
  }
  if (!rendered.isWanted) {
    const skipped = { index, total: play.steps.length, method: nameOf(ready["method"]), when: step["when"] };
    effects.report({ type: "skipped", ...skipped });
    return { input: null, next: position.next };
  }

  for (const text of rendered.unresolved) effects.report({ type: "warning", message: unresolved(index, text) });
  const { method, params } = ready;
  const total = play.steps.length;
  const name = nameOf(method);
  effects.report({ type: "step", index, total, method: name, params, input: position.input });
  const call: MethodCall = {
    method,
    params,
    input: position.input,
    args: play.args,
    step: ready,
    index,
    total,
    cwd: dirname(play.file),
    script: play.script,
  };
  const carryOut = (): Promise<MethodOutcome> => effects.call(call);
  let outcome: MethodOutcome;
  let survived: { failure?: string } = {};
  try {
    const queue = typeof ready["uri"] === "string" ? `${ready["uri"]}/${name}` : name;
    outcome = await (ready["queue"] && effects.inTurn !== undefined ? effects.inTurn(queue, carryOut) : carryOut());
  } catch (error) {
    effects.signal.throwIfAborted();
    const failure = stepError(play, index, name, error);
    const told = stepErrorOf(failure);
    effects.report({ type: "failed", index, error: told });
    if (ready["on_error"] !== "continue") throw failure;
    effects.report({ type: "warning", message: failure.message });
    outcome = { value: told };
    survived = { failure: failure.message };
  }
  store(ready["returns"], outcome.value, effects);
  effects.report({ type: "result", index, value: outcome.value, ...survived });
  if (ready["notify"]) effects.report({ type: "notice", index, notice: ready["notify"] });
  return { input: outcome.value, next: nextOf(play, ready, position, outcome) };
}

const nameOf = (method: unknown): string => (typeof method === "function" ? "<function>" : String(method));

const nextInList = (play: Play, index: number): number | null => (index + 1 < play.steps.length ? index + 1 : null);

/** A jump wins over the step's own `next`, which wins over the order of the list. */
function nextOf(play: Play, step: Step, position: Position, { jump }: MethodOutcome): number | null {
  if (jump !== undefined) return jumpTarget(play, jump, position);
  if (!Object.hasOwn(step, "next")) return position.next;
  const { next } = step;
  if (next === null || next === undefined) return null;
  if (typeof next === "string") {
    const found = play.steps.findIndex((candidate) => candidate?.["id"] === next);
    if (found >= 0) return found;
    throw unknownTarget(play, position.current, `"${next}", which is no step's id`);
  }
  return existingIndex(play, position.current, next);
}

function jumpTarget(play: Play, jump: { id: unknown } | { index: unknown }, position: Position): number | null {
  if ("index" in jump) return jump.index === null ? null : existingIndex(play, position.current, jump.index);
  // Ids are looked up in `run`, also from another list, and the last one of a name counts.
  const { run } = play.script.value;
  const list = Array.isArray(run) ? run : play.steps;
  const found = list.findLastIndex((candidate: unknown) => isObject(candidate) && candidate["id"] === jump.id);
  return found >= 0 && found < play.steps.length ? found : position.next;
}

function existingIndex(play: Play, from: number, target: unknown): number {
  const index = Number(target);
  if (Number.isInteger(index) && index >= 0 && index < play.steps.length) return index;
  throw unknownTarget(play, from, `${JSON.stringify(target)}, but the script has steps 0 to ${play.steps.length - 1}`);
}

function unknownTarget(play: Play, index: number, what: string): PinokioError {
  const ids = play.steps.flatMap((step) => (typeof step?.["id"] === "string" ? [step["id"]] : []));
  return new PinokioError("script-invalid", `Step ${index + 1} goes on at ${what}`, {
    hint: ids.length === 0 ? "No step of this script has an id" : `Ids in this script: ${ids.join(", ")}`,
    context: { file: play.file, step: String(index) },
  });
}

/** The slow names a step needs, looked up once: in its own text, and in the whole script when it says `self`. */
function mentionedBy(play: Play, step: Step, slow: SlowNames): string[] {
  const known = play.mentions.get(step);
  if (known !== undefined) return known;
  const text = textOf(step);
  const found = namesIn(templatesIn(/\bself\b/.test(text) ? text + textOf(play.script.value) : text), slow);
  play.mentions.set(step, found);
  return found;
}

const templatesIn = (text: string): string => text.match(/\{\{.*?\}\}+/gs)?.join(" ") ?? "";

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return ""; // built by code, with a cycle in it
  }
}

/** The old way to keep a result: `"returns": "local.name"`. */
function store(target: unknown, value: unknown, effects: Effects): void {
  if (typeof target !== "string" || !value) return;
  const [, scope, key] = /^(local|global)\.(.+)$/s.exec(target) ?? [];
  if (key !== undefined) setPath(scope === "local" ? effects.local() : effects.global(), key, value);
}

const unresolved = (index: number, text: string): string =>
  `Step ${index + 1}: ${text} has no value here and stays as it is`;

/** Adds where it happened. An error that is not one of ours came from a method or from the author's code. */
function stepError({ file, around }: Play, index: number, method: string, error: unknown): PinokioError {
  const context = { file, step: String(index), ...(method === "" ? {} : { method }), ...around };
  if (error instanceof PinokioError) {
    const details = { hint: error.hint, cause: error.cause, context: { ...context, ...error.context } };
    return new PinokioError(error.code, error.message, details);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new PinokioError("step-failed", `Step ${index + 1} (${method}) failed: ${message}`, { cause: error, context });
}
