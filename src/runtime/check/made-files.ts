import { posix } from "node:path";
import type { Step } from "../script/script.js";
import { isObject } from "../script/script.js";
import { commandsIn, linesOf } from "./commands.js";

/** What the scripts of an app make, so that a reference to it is not taken for a mistake. Paths are the app's. */
export class MadeFiles {
  readonly #paths = new Set<string>();
  #commands = "";

  /** Takes note of what a step may make; `folder` is that of its script. */
  add(folder: string, step: Step): void {
    const { method, params } = step;
    if (typeof method !== "string") return;
    const given = isObject(params) ? params : {};
    const keep = (path: unknown, base = folder): void => {
      for (const one of [path].flat()) {
        if (typeof one === "string" && one !== "" && !one.includes("{{")) this.#paths.add(below(base, one));
      }
    };
    const shellFolder = typeof given["path"] === "string" && !given["path"].includes("{{") ? given["path"] : ".";
    for (const line of linesOf(method, params)) {
      this.#commands += `\n${line}`;
      for (const { text } of commandsIn(line)) {
        const cloned = cloneFolder(text);
        if (cloned !== null) keep(cloned, below(folder, shellFolder));
      }
    }
    if (method.startsWith("shell.")) {
      if (shellFolder !== ".") keep(shellFolder);
      for (const environment of [given["venv"], given["conda"]]) {
        keep(isObject(environment) ? environment["path"] : environment, below(folder, shellFolder));
      }
    }
    if (/^(?:self|json)\.\w+$/.test(method)) Object.keys(given).forEach((file) => keep(file));
    for (const files of method === "set" ? [given["self"], given["json"]] : []) {
      if (isObject(files)) Object.keys(files).forEach((file) => keep(file));
    }
    if (/^(?:fs|json|net|hf)\./.test(method) && !/^fs\.(?:rm|remove|read|cat)$/.test(method)) {
      for (const key of ["path", "dir", "dest", "local-dir"]) keep(given[key]);
    }
    if (isObject(given["drive"])) Object.values(given["drive"]).forEach((path) => keep(path));
  }

  /** Whether installing the app brings packages of Node. */
  get bringsPackages(): boolean {
    return /\b(?:npm|pnpm|yarn|bun)\s+(?:i|install|ci|add)\b/.test(this.#commands);
  }

  /** Whether a missing path may be there once the app is installed. */
  mayMake(path: string): boolean {
    const [first = ""] = path.split("/");
    for (const made of this.#paths) {
      if (made === path || path.startsWith(`${made}/`) || made.startsWith(`${path}/`)) return true;
    }
    const word = path.includes("/") ? first : path;
    return new RegExp(`(?:^|[\\s"'/=\`])${escaped(word)}(?![\\w.-])`, "m").test(this.#commands);
  }
}

const below = (folder: string, path: string): string => posix.join(folder, path.replaceAll("\\", "/"));

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The folder that `git clone` makes. */
function cloneFolder(command: string): string | null {
  const [, rest] = /^git\s+clone\s+(.+)$/s.exec(command) ?? [];
  if (rest === undefined) return null;
  const words = rest
    .replace(/\{\{.*?\}\}/g, "")
    .replace(/(?:^|\s)(?:-b|--branch|--depth|-c|--config|--filter|-o|--origin|-j|--jobs)\s+\S+/g, " ")
    .split(/\s+/)
    .filter((word) => word !== "" && !word.startsWith("-"));
  const [address, folder] = words;
  if (folder !== undefined) return folder.replace(/^["']|["']$/g, "");
  return address === undefined ? null : posix.basename(address.replace(/^["']|["']$/g, "")).replace(/\.git$/, "");
}
