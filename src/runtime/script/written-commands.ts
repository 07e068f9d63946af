import { isObject } from "./script.js";

/** What a step would run, as its author wrote it. */
export function commandsOf(step: unknown): string[] {
  if (!isObject(step)) return [];
  const { method } = step;
  const params = isObject(step["params"]) ? step["params"] : {};
  if (typeof method === "function") return ["(code of the script)"];
  if (typeof step["uri"] === "string") return [`(code of ${step["uri"]})`];
  if (typeof method !== "string") return [];
  if (/^shell\.(run|start|enter|write)$/.test(method) || method === "exec") {
    return [...textsOf(params["message"]), ...textsOf(params["script"])];
  }
  if (/^hf\.(download|upload)$/.test(method)) {
    const { path: _path, env: _env, ...rest } = params;
    return [`hf ${method.slice(3)} ${textsOf(rest).join(" ")}`.trim()];
  }
  return method.startsWith("kernel.") ? [`(${method})`] : [];
}

/** A message as one line per command; an object's parts in the order they are written. */
function textsOf(message: unknown): string[] {
  if (typeof message === "string") return message.trim() === "" ? [] : [message];
  if (Array.isArray(message)) return message.flatMap(textsOf);
  if (!isObject(message)) return [];
  const words = Object.entries(message).flatMap(([key, value]) => {
    const values = (Array.isArray(value) ? value : [value]).map(String);
    return key === "_" ? values : [key.startsWith("-") ? key : `--${key}`, ...values];
  });
  return words.length === 0 ? [] : [words.join(" ")];
}
