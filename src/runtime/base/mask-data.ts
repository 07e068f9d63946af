import type { Buffer } from "node:buffer";
import { maskSecrets } from "./mask-secrets.js";

const NONE: ReadonlySet<string> = new Set();

/**
 * Data with every text in it masked, names included; the same object where nothing is hidden. What stands under one of
 * the `plain` names, and the names themselves where there are such, is the program's own and stays.
 */
export function maskData<T>(value: T, known: readonly Buffer[], plain: ReadonlySet<string> = NONE): T {
  return masked(value, known, plain) as T;
}

function masked(node: unknown, known: readonly Buffer[], plain: ReadonlySet<string>): unknown {
  if (typeof node === "string") return maskSecrets(node, known);
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) {
    const shown = node.map((element) => masked(element, known, plain));
    return shown.every((element, at) => element === node[at]) ? node : shown;
  }
  const entries = Object.entries(node);
  const shown = entries.map(([name, element]): [string, unknown] => [
    plain === NONE ? maskSecrets(name, known) : name,
    typeof element === "string" && plain.has(name) ? element : masked(element, known, plain),
  ]);
  const isSame = shown.every(([name, element], at) => name === entries[at]?.[0] && element === entries[at][1]);
  return isSame ? node : Object.fromEntries(shown);
}

/** What was answered to masked data, with the texts in it that were masked as they really are. */
export function unmaskAnswer(answer: unknown, asked: unknown, shown: unknown): unknown {
  const real = new Map<string, string | null>();
  const note = (one: unknown, masked: unknown): void => {
    if (one === masked) return;
    if (typeof one === "string" && typeof masked === "string") {
      // Two that look the same cannot be told apart.
      real.set(masked, real.has(masked) && real.get(masked) !== one ? null : one);
    } else if (isObject(one) && isObject(masked)) {
      for (const [name, element] of Object.entries(one)) note(element, masked[name]);
    }
  };
  note(asked, shown);
  const restore = (node: unknown): unknown => {
    if (typeof node === "string") return real.get(node) ?? node;
    if (Array.isArray(node)) return node.map(restore);
    if (!isObject(node)) return node;
    return Object.fromEntries(Object.entries(node).map(([name, element]) => [name, restore(element)]));
  };
  return real.size === 0 ? answer : restore(answer);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
