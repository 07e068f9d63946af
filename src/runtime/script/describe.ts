import { existsSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { toWireError } from "../protocol/errors.js";
import type { LauncherDescription } from "../protocol/launcher.js";
import { createKernel, type KernelFacts } from "./kernel.js";
import { loadLauncher } from "./launcher.js";
import { loadFile, resolveExport } from "./load.js";
import { isObject } from "./script.js";

/**
 * Says what an app would run: every script beside its launcher with its shell commands, as they are written.
 * With a `codeProblem` no code is loaded, and each file of code is listed with it.
 */
export async function describeApp(
  appDir: string,
  facts: KernelFacts,
  { codeProblem }: { codeProblem?: string | undefined } = {},
): Promise<LauncherDescription> {
  const launcher = await loadLauncher(appDir, { withCode: codeProblem === undefined });
  const { title, description, iconFile } = launcher;
  const problem = launcher.problem?.message ?? (launcher.hasCode ? codeProblem : undefined);
  const scripts: LauncherDescription["scripts"] = [];
  if (problem !== undefined) {
    scripts.push({ path: join(launcher.root, "pinokio.js"), commands: [], problem: relativeTo(appDir, problem) });
  }
  for (const path of scriptFiles(appDir)) {
    const found =
      codeProblem !== undefined && !isJson(path)
        ? { path, commands: [], problem: codeProblem }
        : await describeScript(appDir, path, facts);
    if (found !== null) scripts.push(found);
  }
  return { title, description, iconFile, scripts };
}

const isJson = (path: string): boolean => extname(path).toLowerCase() === ".json";

const NOT_SCRIPTS = new Set(["pinokio.js", "pinokio_meta.json", "package.json", "package-lock.json", "tsconfig.json"]);
const MOST_SCRIPTS = 500;

/** Files that may be scripts, below the app's folder. */
export function scriptFiles(appDir: string, folders: readonly string[] = ["", "pinokio"]): string[] {
  return folders
    .filter((folder) => existsSync(join(appDir, folder)))
    .flatMap((folder) =>
      readdirSync(join(appDir, folder), { withFileTypes: true })
        .filter((entry) => !entry.isDirectory() && !NOT_SCRIPTS.has(entry.name))
        .filter(({ name }) => [".js", ".json"].includes(extname(name).toLowerCase()))
        .map(({ name }) => join(folder, name))
        .sort(),
    )
    .slice(0, MOST_SCRIPTS);
}

/** Null for a file that is no script, such as settings or a module that scripts share. */
async function describeScript(appDir: string, path: string, facts: KernelFacts) {
  try {
    const { exported } = await loadFile(join(appDir, path));
    const value = await resolveExport(exported, createKernel(facts));
    if (!isObject(value)) return null;
    const lists = Object.entries(value).filter(([key, list]) => key !== "menu" && isStepList(list));
    const isMade = typeof value["run"] === "function";
    if (lists.length === 0 && !isMade) return null;
    const commands = lists.flatMap(([, list]) => (list as unknown[]).flatMap(commandsOf));
    return { path, commands, problem: isMade ? "Its steps are made only when it runs" : null };
  } catch (error) {
    return { path, commands: [], problem: relativeTo(appDir, toWireError(error).message) };
  }
}

const isStepList = (list: unknown): boolean =>
  Array.isArray(list) && list.some((step: unknown) => isObject(step) && "method" in step);

function commandsOf(step: unknown): string[] {
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

const relativeTo = (appDir: string, message: string): string => message.replaceAll(`${appDir}/`, "");
