import type { CheckReady } from "../protocol/check.js";
import { isObject } from "../script/script.js";
import type { Visit } from "./walk.js";

/** How a script finds the address of its app's page: the pattern it waits for, and what it makes of the match. */
export function readyOf(visits: readonly Visit[]): CheckReady[] {
  const found: CheckReady[] = [];
  let pattern: string | null = null;
  for (const { method, params, written } of visits) {
    if (typeof method !== "string") continue;
    const waits = method.startsWith("shell.") ? patternIn(params) : null;
    if (waits !== null) pattern = waits;
    const url = urlIn(method, written["params"]);
    if (url !== null) {
      found.push({ pattern: /\{\{.*(?:input|event)\b/.test(url) ? pattern : null, url });
      pattern = null;
    }
  }
  if (found.length === 0 && pattern !== null && /http|port|:\d|localhost|127/i.test(pattern)) {
    found.push({ pattern, url: null });
  }
  return found;
}

function patternIn(params: unknown): string | null {
  const on = isObject(params) ? params["on"] : undefined;
  if (!Array.isArray(on)) return null;
  const handler: unknown = on.find(
    (one: unknown) =>
      isObject(one) && typeof one["event"] === "string" && Boolean(one["done"] ?? one["kill"] ?? one["return"]),
  );
  return isObject(handler) ? String(handler["event"]) : null;
}

function urlIn(method: string, params: unknown): string | null {
  if (!isObject(params)) return null;
  if (method === "local.set" || method === "set") return textAt(isObject(params["local"]) ? params["local"] : params);
  if (method === "self.set")
    return Object.values(params).map((file) => (isObject(file) ? textAt(file) : null))[0] ?? null;
  return null;
}

function textAt(values: Record<string, unknown>): string | null {
  const url = values["url"];
  return typeof url === "string" && url !== "" ? url : null;
}
