import type { Step } from "../script/script.js";
import type { Scope } from "../script/template.js";
import type { Position } from "../script/memory.js";
import { type Effect, effectOf, effectOfCode } from "./effects.js";
import type { Memory } from "./names.js";
import { renderUnknown, type TemplateProblem } from "./render.js";
import { joined, textOf, Unknown, UNKNOWN, type Watch } from "./unknown.js";

/** A step that may run, as it would run. */
export interface Visit {
  index: number;
  /** As written. */
  written: Step;
  method: unknown;
  params: unknown;
  /** Whether nothing that is not known yet stands between the script's start and this step. */
  isCertain: boolean;
  problems: TemplateProblem[];
  /** The step goes on at something that is no step. */
  lostAt?: string;
}

export interface WalkOptions {
  args: unknown;
  scopeAt(memory: Memory, position: Position): Scope;
  watch: Watch;
  isOwnText(text: string): boolean;
}

/** A place in the list with everything known there. */
interface Arrival extends Memory {
  isCertain: boolean;
}

/** Ways to a step after which nothing about it is taken as known any more. */
const MOST_ARRIVALS = 16;

/**
 * Goes through a list of steps without carrying any out, along every way that is open: both ways at a condition that
 * depends on what is not known yet. Ways that meet are one way from there on, so loops end.
 */
export function walkSteps(steps: readonly (Step | null)[], options: WalkOptions): Visit[] {
  const arrivals = new Map<number, Arrival>();
  const counts = new Map<number, number>();
  const open: number[] = [];
  const arrive = (index: number | null, arrival: Arrival): void => {
    if (index === null || index < 0 || index >= steps.length) return;
    const before = arrivals.get(index);
    const met = before === undefined ? arrival : meet(before, arrival);
    if (before !== undefined && textOf(before) === textOf(met)) return;
    const count = (counts.get(index) ?? 0) + 1;
    counts.set(index, count);
    if (count > MOST_ARRIVALS + 2) return;
    arrivals.set(index, count > MOST_ARRIVALS ? forgetful(met) : met);
    if (!open.includes(index)) open.push(index);
  };

  arrive(0, { local: {}, input: options.args, isCertain: true });
  for (let index = open.shift(); index !== undefined; index = open.shift()) {
    const arrival = arrivals.get(index);
    if (arrival !== undefined) passStep(steps, index, arrival, { options, arrive });
  }
  return [...arrivals.keys()]
    .sort((one, other) => one - other)
    .flatMap((index) => passStep(steps, index, arrivals.get(index) as Arrival, { options, arrive: () => undefined }));
}

interface Passing {
  options: WalkOptions;
  arrive(index: number | null, arrival: Arrival): void;
}

function passStep(
  steps: readonly (Step | null)[],
  index: number,
  arrival: Arrival,
  { options, arrive }: Passing,
): Visit[] {
  const following = index + 1 < steps.length ? index + 1 : null;
  const written = steps[index];
  if (written === null || written === undefined) {
    arrive(following, arrival);
    return [];
  }
  const position = { input: arrival.input, current: index, next: following };
  const scope = options.scopeAt(arrival, position);
  const { step, isWanted, problems } = renderUnknown(written, { ...options, scope });
  if (isWanted === false) {
    arrive(following, { ...arrival, input: null });
    return [];
  }
  const { method, params } = step;
  const effect =
    typeof method === "string" && typeof step["uri"] !== "string"
      ? effectOf(method, params, step, arrival)
      : effectOfCode(step, arrival);
  const { targets, lostAt } = targetsOf(steps, step, following, effect);
  const goesOnHere = targets.length === 1 && targets[0] === following;
  const isCertain = arrival.isCertain && targets.length === 1 && (isWanted === true || goesOnHere);
  for (const target of targets) arrive(target, { local: effect.local, input: effect.input, isCertain });
  if (isWanted === null) arrive(following, { ...arrival, input: null, isCertain });
  const visit: Visit = {
    index,
    written,
    method,
    params,
    isCertain: arrival.isCertain && isWanted === true,
    problems,
  };
  return [lostAt === undefined ? visit : { ...visit, lostAt }];
}

/** Where a step may go on; null is the end. */
function targetsOf(
  steps: readonly (Step | null)[],
  step: Step,
  following: number | null,
  { jump }: Effect,
): { targets: (number | null)[]; lostAt?: string } {
  const anywhere = [following, ...steps.flatMap((candidate, at) => (candidate?.["id"] === undefined ? [] : [at]))];
  const at = (index: unknown): { targets: (number | null)[]; lostAt?: string } => {
    const number = Number(index);
    if (Number.isInteger(number) && number >= 0 && number < steps.length) return { targets: [number] };
    return { targets: [null], lostAt: `${String(index)}, of ${steps.length} steps` };
  };
  if (jump !== undefined) {
    const target = "index" in jump ? jump.index : jump.id;
    if (target instanceof Unknown) return { targets: anywhere };
    if ("index" in jump) return target === null ? { targets: [null] } : at(target);
    const found = steps.findLastIndex((candidate) => candidate?.["id"] === target);
    return { targets: [found >= 0 ? found : following] };
  }
  if (!Object.hasOwn(step, "next")) return { targets: [following] };
  const { next } = step;
  if (next === null || next === undefined) return { targets: [null] };
  if (next instanceof Unknown) return { targets: [...anywhere, null] };
  if (typeof next !== "string") return at(next);
  const found = steps.findIndex((candidate) => candidate?.["id"] === next);
  return found >= 0 ? { targets: [found] } : { targets: [null], lostAt: `"${next}", which is no step's id` };
}

function meet(one: Arrival, other: Arrival): Arrival {
  const local: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(one.local), ...Object.keys(other.local)])) {
    local[key] = joined(one.local[key], other.local[key]);
  }
  return { local, input: joined(one.input, other.input), isCertain: one.isCertain || other.isCertain };
}

function forgetful({ local, isCertain }: Arrival): Arrival {
  return { local: Object.fromEntries(Object.keys(local).map((key) => [key, UNKNOWN])), input: UNKNOWN, isCertain };
}
