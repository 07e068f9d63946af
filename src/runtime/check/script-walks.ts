import { posix } from "node:path";
import type { CheckFinding, CheckMachine } from "../protocol/check.js";
import { isObject, type Step } from "../script/script.js";
import { ownTextsOf } from "../script/template.js";
import type { AppLoader } from "./app-loader.js";
import { linesOf } from "./commands.js";
import { loadFinding, machineText, missingPackage, plainWords } from "./findings.js";
import { isScriptPath } from "./links.js";
import { namesFor } from "./names.js";
import { needsOfForm, needsOfLine, needsOfRequires, needsOfStep } from "./needs.js";
import type { MethodTable } from "./params.js";
import { readyOf } from "./ready.js";
import type { ScriptBook } from "./script-book.js";
import type { ScriptRecord } from "./script-record.js";
import { allForeign, findingsOfStep, isWork } from "./step-findings.js";
import { targetOf } from "./targets.js";
import { textOf, UNKNOWN, Watch } from "./unknown.js";
import { type Visit, walkSteps } from "./walk.js";

/** Which way a walk comes to a script. */
export interface Way {
  args: unknown;
  /** It is part of installing or starting the app. */
  isMain: boolean;
  /** Nothing unknown stands between the beginning and here. */
  isCertain: boolean;
  above: readonly string[];
}

/** What a walk through a script comes to on the machine. */
export interface Outcome {
  /** Whether it does anything there; null when nobody can say. */
  works: boolean | null;
  /** What it says to the person. */
  says: string;
  /** Programs it calls that are made for other platforms, when it calls no others. */
  foreign: readonly string[];
}

const NOBODY_KNOWS: Outcome = { works: null, says: "", foreign: [] };

/** Walks with different arguments through one script; further ones are walked with nothing known. */
const MOST_WAYS = 12;

export interface ScriptWalksOptions {
  machine: CheckMachine;
  loader: AppLoader;
  methods: MethodTable;
  book: ScriptBook;
}

/** Goes through scripts and those that they start, and notes in the book what each is and lacks. */
export class ScriptWalks {
  readonly #options: ScriptWalksOptions;
  readonly #done = new Map<string, Outcome>();
  readonly #ways = new Map<string, number>();

  constructor(options: ScriptWalksOptions) {
    this.#options = options;
  }

  async walk(path: string, way: Way): Promise<Outcome> {
    if (!isScriptPath(path) || way.above.includes(path)) return NOBODY_KNOWS;
    const ways = this.#ways.get(path) ?? 0;
    const args = ways > MOST_WAYS ? UNKNOWN : way.args;
    const key = `${path} ${way.isMain} ${way.isCertain} ${textOf(args)}`;
    const known = this.#done.get(key);
    if (known !== undefined) return known;
    this.#ways.set(path, ways + 1);
    this.#done.set(key, NOBODY_KNOWS);
    const record = await this.#options.book.openScript(path);
    record.reached = true;
    const outcome = await this.#walkRecord(record, { ...way, args });
    this.#done.set(key, outcome);
    return outcome;
  }

  async #walkRecord(record: ScriptRecord, way: Way): Promise<Outcome> {
    const { script } = record;
    if (script === null) return NOBODY_KNOWS;
    const { machine, loader } = this.#options;
    record.needs.push(...needsOfRequires(script.value["requires"], machine));
    record.needs.push(...needsOfForm(script.value["env"] ?? script.value["pre"]));
    for (const step of record.steps) {
      if (typeof step?.["method"] === "string") record.methods.add(step["method"]);
    }
    try {
      loader.aboutToWalk(record.path);
      const visits = this.#visits(record, script.value, way.args);
      record.ready.push(...readyOf(visits));
      return await this.#outcome(record, visits, way);
    } catch (error) {
      record.add(loadFinding(error, loader.folder, levelOf(way)));
      return NOBODY_KNOWS;
    }
  }

  #visits(record: ScriptRecord, self: Record<string, unknown>, args: unknown): Visit[] {
    const { machine, loader, book } = this.#options;
    const watch = new Watch();
    const hasJson = (name: string): boolean => {
      const json = posix.join(record.folder, `${name}.json`);
      return loader.exists(json) || book.made.mayMake(json);
    };
    const file = posix.join(loader.folder, record.path);
    const scopeAt = namesFor({ file, self, args, machine, facts: loader.facts, hasJson, watch });
    const options = { scopeAt, watch, isOwnText: ownTextsOf(self) };
    const visits = walkSteps(record.steps, { ...options, args });
    const other = triggeredBy(visits).flatMap((action) => {
      const list = self[action];
      if (!Array.isArray(list) || action === "run") return [];
      return walkSteps(list as Step[], { ...options, args: UNKNOWN });
    });
    return [...visits, ...other.map((visit) => ({ ...visit, isCertain: false }))];
  }

  async #outcome(record: ScriptRecord, visits: readonly Visit[], way: Way): Promise<Outcome> {
    let works = false;
    const foreign = new Set<string>();
    for (const visit of visits) {
      record.visited.add(visit.index);
      const began = await this.#step(record, visit, { ...way, isCertain: way.isCertain && visit.isCertain });
      if (began !== null) works ||= began.works !== false;
      else if (isWork(visit.method, visit.written)) {
        const elsewhere = allForeign(visit, this.#options.machine);
        works ||= elsewhere === null;
        for (const program of elsewhere ?? []) foreign.add(program);
      }
    }
    const couldWork = record.steps.some((step) => step !== null && isWork(step["method"], step));
    return { works: works ? true : couldWork ? false : null, says: saidBy(visits), foreign: [...foreign] };
  }

  /** Notes what one step is and lacks. What another script that it starts comes to, or null. */
  async #step(record: ScriptRecord, visit: Visit, way: Way): Promise<Outcome | null> {
    const { machine, methods } = this.#options;
    const level = levelOf(way);
    const at = { file: record.path, step: visit.index + 1 };
    for (const told of findingsOfStep(visit, { machine, methods, level })) record.add({ ...told, ...at });
    const method = typeof visit.method === "string" ? visit.method : "";
    for (const line of linesOf(method, visit.params)) record.needs.push(...needsOfLine(line));
    record.needs.push(...needsOfStep(method, visit.params, visit.written));
    return this.#target(record, visit, way);
  }

  async #target(record: ScriptRecord, visit: Visit, way: Way): Promise<Outcome | null> {
    const { loader, book } = this.#options;
    const level = levelOf(way);
    const at = { file: record.path, step: visit.index + 1 };
    const target = targetOf(visit, record.folder);
    if (target === null) return null;
    const unknown = target.kind === "script" ? NOBODY_KNOWS : null;
    const { path } = target;
    if (path === null) return unknown;
    if (!loader.exists(path)) {
      if (book.made.mayMake(path)) return unknown;
      record.add({ level, kind: "missing", message: `${path}, which it ${target.verb}, is not there`, ...at });
      return unknown;
    }
    if (target.kind === "script") {
      return this.#begin(path, { ...way, args: target.args, above: [...way.above, record.path] });
    }
    await loader.requireFunction(path, String(visit.method)).catch((error: unknown) => {
      if (missingPackage(error) !== null && book.made.bringsPackages) return;
      record.add({ ...loadFinding(error, loader.folder, level), step: at.step });
    });
    return null;
  }

  async #begin(path: string, way: Way): Promise<Outcome> {
    const { book, loader, machine } = this.#options;
    const callee = await book.openScript(path);
    if (callee.problem !== null) callee.add(loadFinding(callee.problem, loader.folder, levelOf(way)));
    const outcome = await this.walk(path, way);
    if (outcome.works === false && way.isMain) callee.add(deadEnd("warning", path, machine, outcome));
    return outcome;
  }
}

const levelOf = ({ isMain, isCertain }: Way): CheckFinding["level"] => (isMain && isCertain ? "error" : "warning");

/** A script of which nothing runs on the machine. */
export function deadEnd(
  level: CheckFinding["level"],
  path: string,
  machine: CheckMachine,
  { says, foreign }: Outcome,
): CheckFinding {
  const instead = foreign.length > 0 ? `; it calls ${foreign.join(", ")}, made for another platform` : "";
  return {
    level,
    kind: "dead-end",
    file: path,
    message: `Nothing of ${path} runs on ${machineText(machine)}${instead}`,
    ...(says === "" ? {} : { hint: `It says: “${says}”` }),
  };
}

function saidBy(visits: readonly Visit[]): string {
  const said = visits
    .filter(({ method }) => typeof method === "string" && /^(?:notify|input|modal|log|push)$/.test(method))
    .map(({ params }) => plainWords(params));
  return said.filter(Boolean).join(" ").slice(0, 300);
}

function triggeredBy(visits: readonly Visit[]): string[] {
  const handlers = visits.flatMap(({ params }): unknown[] => {
    const on = isObject(params) ? params["on"] : undefined;
    return Array.isArray(on) ? on : [];
  });
  const actions = handlers.map((handler) => (isObject(handler) ? handler["trigger"] : undefined));
  return [...new Set(actions.filter((action) => typeof action === "string"))];
}
