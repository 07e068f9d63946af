import { isObject } from "../script/script.js";
import type { Memory } from "./names.js";
import { holdsUnknown, UNKNOWN } from "./unknown.js";

/** What a step leaves behind, as far as it can be said without carrying it out. */
export interface Effect extends Memory {
  /** Where the script goes on, when the method says so; `UNKNOWN` for anywhere. */
  jump?: { id: unknown } | { index: unknown };
}

/** Methods whose value is nothing. */
const SILENT =
  /^(?:log|notify|push|rm|set|(?:local|global|self|json|env)\.(?:set|rm|switch|write)|fs\.(?!read$|readdir$|exists$|download$)\w+|loading\.\w+|(?:web|browser|tab|proxy)\.\w+|process\.wait|script\.stop|shell\.stop)$/;

/** What follows a method that is known by name. */
export function effectOf(method: string, params: unknown, step: Record<string, unknown>, before: Memory): Effect {
  const local = { ...before.local };
  const put = (key: string, value: unknown): void => keep(local, key, value);
  const given = isObject(params) ? params : {};
  let input: unknown = SILENT.test(method) ? undefined : UNKNOWN;
  switch (method) {
    case "local.set":
      for (const [key, value] of Object.entries(given)) put(key, value);
      break;
    case "set":
      for (const [key, value] of Object.entries(isObject(given["local"]) ? given["local"] : {})) put(key, value);
      break;
    case "json.get":
    case "local.import":
      for (const key of Object.keys(given)) put(key, UNKNOWN);
      break;
    case "local.rm":
    case "rm":
      for (const key of [method === "rm" ? given["local"] : params].flat()) {
        if (typeof key === "string") put(key, undefined);
      }
      break;
    case "script.return":
      input = params;
      break;
    case "jump":
    case "goto":
      return { local, input: given["params"] ?? given["input"], ...jumpOf(given) };
  }
  keepResults(local, [given["return"], step["returns"], ...returnsIn(given["on"])]);
  return { local, input };
}

/** What follows code of the app's own. */
export function effectOfCode(step: Record<string, unknown>, before: Memory): Effect {
  const local = { ...before.local };
  keepResults(local, [step["returns"]]);
  return { local, input: UNKNOWN };
}

function keep(local: Record<string, unknown>, key: string, value: unknown): void {
  const [top = key, ...below] = key.split(".");
  local[top] = below.length > 0 || key.startsWith("[") ? UNKNOWN : value;
}

/** Where a result is put, written as "local.name". */
function keepResults(local: Record<string, unknown>, targets: readonly unknown[]): void {
  for (const target of targets) {
    const [, key] = /^(?:\{\{\s*)?local\.([^\s}]+)/.exec(typeof target === "string" ? target : "") ?? [];
    if (key !== undefined) keep(local, key, UNKNOWN);
  }
}

function jumpOf(params: Record<string, unknown>): Pick<Effect, "jump"> {
  if ("index" in params) return { jump: { index: params["index"] } };
  if (!("id" in params)) return {};
  return { jump: { id: holdsUnknown(params["id"]) ? UNKNOWN : params["id"] } };
}

const returnsIn = (on: unknown): unknown[] =>
  Array.isArray(on) ? on.map((handler: unknown) => (isObject(handler) ? handler["return"] : undefined)) : [];
