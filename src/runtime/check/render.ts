import type { Step } from "../script/script.js";
import { brokenTemplates, type Scope, renderStep } from "../script/template.js";
import { Unknown, UNKNOWN, type Watch } from "./unknown.js";

/** A template that comes to nothing, and why. */
export interface TemplateProblem {
  text: string;
  why: "no-value" | "no-name" | "fails" | "syntax";
  detail: string;
}

export interface Rendered {
  step: Step;
  /** Null when it depends on what is known only when the script runs. */
  isWanted: boolean | null;
  problems: TemplateProblem[];
}

/** Renders a step as the engine does, with `UNKNOWN` where a value is not known yet. */
export function renderUnknown(
  step: Step,
  { scope, watch, isOwnText }: { scope: Scope; watch: Watch; isOwnText(text: string): boolean },
): Rendered {
  const problems = new Map<string, TemplateProblem>();
  const note = (expression: string, why: TemplateProblem["why"], detail = ""): void => {
    problems.set(expression, { text: `{{${expression}}}`, why, detail });
  };
  const around = (expression: string, evaluate: () => unknown): unknown => {
    problems.delete(expression);
    const seen = watch.observe(evaluate);
    if ("unknown" in seen) return UNKNOWN;
    if ("error" in seen) {
      noteError(expression, seen.error, note);
      throw seen.error;
    }
    if (seen.value === undefined && !isCondition(step, expression)) note(expression, "no-value");
    return seen.value;
  };
  const rendered = renderStep(step, { scope, isOwnText, around });
  for (const text of brokenIn(step)) note(text, "syntax");
  const ready = rendered.step as Step;
  const isWanted = ready["when"] instanceof Unknown ? null : rendered.isWanted;
  return { step: ready, isWanted, problems: [...problems.values()] };
}

type Note = (expression: string, why: TemplateProblem["why"], detail?: string) => void;

function noteError(expression: string, error: unknown, note: Note): void {
  const message = error instanceof Error ? error.message : String(error);
  const name = error instanceof ReferenceError ? /^(\S+) is not defined$/.exec(message)?.[1] : undefined;
  if (name === "event") return; // it has its value when a shell's output is seen
  if (name !== undefined) note(expression, "no-name", name);
  else note(expression, "fails", message);
}

/** What has no value in a condition simply does not hold. */
const isCondition = (step: Step, expression: string): boolean =>
  typeof step["when"] === "string" && step["when"].includes(expression);

function brokenIn(node: unknown, depth = 0): string[] {
  if (typeof node === "string") return brokenTemplates(node);
  if (typeof node !== "object" || node === null || depth > 20) return [];
  return Object.values(node).flatMap((part) => brokenIn(part, depth + 1));
}
