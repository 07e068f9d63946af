import type { CheckFinding, CheckMachine } from "../protocol/check.js";
import { isObject } from "../script/script.js";
import { commandsIn, foreignPlatform, foreignWheel, linesOf, platformName } from "./commands.js";
import { type MethodTable, strayParams, wrongParams } from "./params.js";
import type { TemplateProblem } from "./render.js";
import { holdsUnknown, Unknown } from "./unknown.js";
import type { Visit } from "./walk.js";

type Told = Pick<CheckFinding, "level" | "kind" | "message" | "hint">;

export interface StepCheck {
  machine: CheckMachine;
  methods: MethodTable;
  /** Where a failing step leaves the app: an error, when it cannot be avoided. */
  level: CheckFinding["level"];
}

/** What is wrong with a step that may run, apart from the files it names. */
export function findingsOfStep(visit: Visit, check: StepCheck): Told[] {
  return [
    ...(visit.lostAt === undefined ? [] : [tell(check.level, "method", `It goes on at ${visit.lostAt}`)]),
    ...ofMethod(visit, check),
    ...ofTemplates(visit),
    ...ofCommands(visit, check),
    ...ofPatterns(visit, check),
  ];
}

/** Methods of the first Pinokio, which old scripts still name. */
const GONE = new Set(["python", "browser", "process.start", "process.run", "sleep", "sh", "shell.reset"]);

/** Mistakes of old scripts that a person is told of and that decide nothing. */
const isOldHabit = (method: string, params: unknown): boolean =>
  GONE.has(method) || (method === "fs.copy" && isObject(params) && "from" in params);

function ofMethod({ method, params, written }: Visit, { methods, level: usual }: StepCheck): Told[] {
  const level = typeof method === "string" && isOldHabit(method, params) ? "warning" : usual;
  if (method === undefined || method === null || method === "") return [tell(level, "method", "It names no method")];
  if (typeof method !== "string" || typeof written["uri"] === "string" || method.startsWith("kernel.")) return [];
  const found = methods.find(method);
  if (found === undefined) {
    const near = methods.like(method);
    const hint = near.length === 0 ? undefined : `Did you mean ${near.join(" or ")}?`;
    return [{ ...tell(level, "method", `No method is named "${method}"`), ...(hint === undefined ? {} : { hint }) }];
  }
  return [
    ...wrongParams(found.params, params).map((wrong) => tell(level, "params", `${method}: ${wrong}`)),
    ...strayParams(method, found.params, params).map(({ level: how, message }) => tell(how, "params", message)),
  ];
}

function ofTemplates({ problems, params }: Visit): Told[] {
  const message = isObject(params) ? params["message"] : undefined;
  // A word of a command in parts that comes to nothing is left out on purpose.
  const leftOut = isObject(message) ? JSON.stringify(message) : "";
  return problems
    .filter(({ why, text }) => why !== "no-value" || !leftOut.includes(JSON.stringify(text).slice(1, -1)))
    .map((problem) => tell("warning", "template", wordsFor(problem)));
}

function wordsFor({ text, why, detail }: TemplateProblem): string {
  switch (why) {
    case "no-name":
      return `${text}: there is no name "${detail}"`;
    case "no-value":
      return `${text} has no value here and stays as it is`;
    case "fails":
      return `${text} cannot be resolved: ${detail}`;
    case "syntax":
      return `${text} is no expression and stays as it is`;
  }
}

function ofCommands({ method, params }: Visit, { machine, level }: StepCheck): Told[] {
  if (typeof method !== "string") return [];
  const forgives = forgivesErrors(params);
  return linesOf(method, params).flatMap((line) => {
    const wheel = foreignWheel(line, machine);
    const told: Told[] = [];
    if (wheel !== null) {
      const message = `It installs ${wheel.file}, which is made for ${platformName(wheel.platform)}`;
      told.push(tell(forgives || line.includes("||") ? "warning" : level, "platform", message));
    }
    for (const command of commandsIn(line)) {
      const foreign = command.isFallback ? null : foreignPlatform(command, machine);
      if (foreign === null) continue;
      told.push(tell("warning", "platform", `It calls ${command.program}, which is made for ${platformName(foreign)}`));
    }
    return told;
  });
}

/** Whether a step goes on when its output speaks of an error. */
function forgivesErrors(params: unknown): boolean {
  const on = isObject(params) ? params["on"] : undefined;
  return Array.isArray(on) && on.some((handler: unknown) => isObject(handler) && handler["break"] === false);
}

const WORDS = ["stdout", "stderr", "end"];

function ofPatterns({ method, params }: Visit, { level }: StepCheck): Told[] {
  if (typeof method !== "string" || !method.startsWith("shell.") || !isObject(params)) return [];
  const { on } = params;
  if (!Array.isArray(on)) return [];
  return on.flatMap((handler: unknown) => {
    const event = isObject(handler) ? handler["event"] : undefined;
    if (typeof event !== "string" || WORDS.includes(event) || event.includes("…")) return [];
    const [, source, flags = ""] = /^\/(.*)\/([dgimsuy]*)$/s.exec(event) ?? [];
    if (source === undefined) return [tell(level, "params", `The pattern ${event} is not written as /…/`)];
    try {
      new RegExp(source, flags);
      return [];
    } catch (error) {
      return [tell(level, "params", `The pattern ${event} is wrong: ${error instanceof Error ? error.message : ""}`)];
    }
  });
}

const WORKING =
  /^(?:shell\.(?:run|start|enter|write)|exec|hf\.(?:download|upload)|fs\.(?:download|copy|write|unzip|move)|net(?:\.\w+)?|app\.\w+|script\.download|gradio\.predict)$/;
const OPENING = /^(?:web|browser|tab|uri)\.open$|^process\.wait$/;

/** Whether a step does something for an app, rather than talk to a person or keep a value. */
export function isWork(method: unknown, step: Record<string, unknown>): boolean {
  if (typeof method !== "string" || typeof step["uri"] === "string" || method.startsWith("kernel.")) return true;
  return WORKING.test(method) || OPENING.test(method);
}

/** The programs of a step that are all made for other platforms; null when one is not, or nobody can say. */
export function allForeign({ method, params }: Visit, machine: CheckMachine): string[] | null {
  if (typeof method !== "string" || !/^(?:shell\.(?:run|start|enter|write)|exec)$/.test(method)) return null;
  if (!isObject(params) || params["message"] instanceof Unknown || holdsUnknown(params["message"])) return null;
  const commands = linesOf(method, params).flatMap(commandsIn);
  if (commands.length === 0) return params["venv"] || params["conda"] ? null : [];
  const foreign = commands.filter((command) => foreignPlatform(command, machine) !== null);
  return foreign.length === commands.length ? foreign.map(({ program }) => program) : null;
}

const tell = (level: CheckFinding["level"], kind: CheckFinding["kind"], message: string): Told => ({
  level,
  kind,
  message,
});
