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
  const named = CHANGING[method]?.(params) ?? null;
  if (named !== null) return [`(${[method, ...named].join(" ")})`];
  return method.startsWith("kernel.") ? [`(${method})`] : [];
}

type NamedOf = (params: Record<string, unknown>) => string[] | null;

/** These of a step's parameters, as they are written. */
const its =
  (...names: string[]): NamedOf =>
  (params) =>
    names.flatMap((name) => plainTexts(params[name]));

/** What is changed, without the values: they may be long, or secret. */
const keys: NamedOf = (params) => Object.keys(params);

/** Scripts of the app are shown themselves. */
const elsewhere: NamedOf = ({ uri }) => (typeof uri === "string" && uri.includes("://") ? [uri] : null);

const PATH = its("path");
const FROM_TO = its("src", "path", "dest");

/** Methods that run no command and yet change, fetch or give something away, with what a person should see of each. */
const CHANGING: Readonly<Record<string, NamedOf>> = {
  "app.download": its("uri", "url"),
  "cloudflare.tunnel": its("uri"),
  "env.set": keys,
  "fs.append": PATH,
  "fs.copy": FROM_TO,
  "fs.download": its("uri", "url", "path", "dir"),
  "fs.link": its("drive"),
  "fs.move": FROM_TO,
  "fs.remove": PATH,
  "fs.rm": PATH,
  "fs.rmdir": PATH,
  "fs.share": its("drive"),
  "fs.unzip": FROM_TO,
  "fs.write": PATH,
  "json.merge": PATH,
  "json.rm": keys,
  "json.set": keys,
  "json.write": PATH,
  "key.set": its("key", "host"),
  net: its("url"),
  "net.download": its("url", "path", "dir"),
  "net.request": its("url"),
  "net.upload": its("url"),
  "script.download": its("uri"),
  "script.run": elsewhere,
  "script.start": elsewhere,
  "web.expose": its("url"),
};

/** Values of lists and objects one after the other. */
function plainTexts(value: unknown): string[] {
  if (typeof value === "string") return value.trim() === "" ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(plainTexts);
  return isObject(value) ? Object.values(value).flatMap(plainTexts) : [];
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
