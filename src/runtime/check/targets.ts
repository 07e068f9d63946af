import { posix } from "node:path";
import { isObject } from "../script/script.js";
import { UNKNOWN } from "./unknown.js";
import type { Visit } from "./walk.js";

/** Another file that a step runs. */
export interface Target {
  kind: "script" | "module";
  /** Relative to the app's folder; null for one that lies elsewhere or is not known yet. */
  path: string | null;
  args: unknown;
  verb: string;
}

/** Null for a step that runs no other file. */
export function targetOf({ method, params, written }: Visit, folder: string): Target | null {
  if (typeof method !== "string") return null;
  if (typeof written["uri"] === "string") {
    return { kind: "module", path: inApp(written["uri"], folder), args: undefined, verb: "calls" };
  }
  if (method !== "script.start" && method !== "script.run") return null;
  if (!isObject(params)) return { kind: "script", path: null, args: UNKNOWN, verb: "starts" };
  const uri = params["uri"] ?? params["path"];
  const args = params["params"] ?? params["args"] ?? {};
  return { kind: "script", path: typeof uri === "string" ? inApp(uri, folder) : null, args, verb: "starts" };
}

function inApp(uri: string, folder: string): string | null {
  if (/^(?:[a-z][a-z\d+.-]*:|~\/|\/)/i.test(uri) || /\{\{|…/.test(uri) || uri === "") return null;
  const path = posix.join(folder, uri);
  return path.startsWith("../") ? null : path;
}
