import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { interpreterOf } from "../base/program-file.js";
import { toWireError } from "../protocol/errors.js";
import type { LauncherDescription } from "../protocol/launcher.js";
import { createInfo, createKernel, type KernelFacts } from "./kernel.js";
import { loadLauncher } from "./launcher.js";
import { loadFile, resolveExport } from "./load.js";
import { filesNamedIn, filesStartedBy } from "./named-files.js";
import { isObject } from "./script.js";
import { commandsOf } from "./written-commands.js";

export interface DescribeOptions {
  /** Why no code is to be loaded; each file of code is then listed with it. */
  codeProblem?: string | undefined;
  /** Scripts that the menu offers. */
  scripts?: readonly string[] | undefined;
}

type DescribedScript = LauncherDescription["scripts"][number];

/**
 * Says what an app would run, as it is written: every script beside its launcher with its shell commands, and those
 * that its launcher names or a script of it starts.
 */
export async function describeApp(
  appDir: string,
  facts: KernelFacts,
  { codeProblem, scripts: offered = [] }: DescribeOptions = {},
): Promise<LauncherDescription> {
  const launcher = await loadLauncher(appDir, { withCode: codeProblem === undefined });
  const { title, description, iconFile, root } = launcher;
  const problem = launcher.problem?.message ?? (launcher.hasCode ? codeProblem : undefined);
  const scripts: DescribedScript[] = [];
  if (problem !== undefined) {
    scripts.push({ path: join(root, "pinokio.js"), commands: [], problem: relativeTo(appDir, problem) });
  }
  const named = LAUNCHER_FILES.flatMap((name) => filesNamedIn(appDir, join(root, name), root));
  const there = offered.filter((path) => existsSync(join(appDir, path)));
  const paths = new Set([...scriptFiles(appDir), ...there, ...named]);
  for (const path of paths) {
    if (scripts.length >= MOST_SCRIPTS) break;
    if (NOT_SCRIPTS.has(basename(path))) continue;
    const isCode = !isJson(path);
    if (isCode && interpreterOf(join(appDir, path)) !== null) {
      scripts.push({ path, commands: [], problem: "It is a program, which is not looked into" });
    } else if (isCode && codeProblem !== undefined) {
      scripts.push({ path, commands: [], problem: codeProblem });
    } else {
      const { script, steps } = await describeScript(appDir, path, facts);
      if (script !== null) scripts.push(script);
      const more = script === null && isCode ? filesNamedIn(appDir, path, root) : [];
      for (const other of [...more, ...filesStartedBy(steps, appDir, dirname(path))]) paths.add(other);
    }
  }
  return { title, description, iconFile, scripts };
}

const isJson = (path: string): boolean => extname(path).toLowerCase() === ".json";

const LAUNCHER_FILES = ["pinokio.js", "pinokio_meta.json", "pinokio.json"];
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

/** No script for a file that is none, such as settings or a module that scripts share. */
async function describeScript(
  appDir: string,
  path: string,
  facts: KernelFacts,
): Promise<{ script: DescribedScript | null; steps: unknown[] }> {
  try {
    const file = join(appDir, path);
    const { exported } = await loadFile(file);
    // Only a script gets nothing but the kernel; what makes a menu asks for more.
    const value = await resolveExport(exported, createKernel(facts), createInfo(facts, file, dirname(file)));
    if (!isObject(value)) return { script: null, steps: [] };
    const lists = Object.entries(value).filter(([key, list]) => key !== "menu" && isStepList(list));
    const isMade = typeof value["run"] === "function" && !isForSteps(value);
    if (lists.length === 0 && !isMade) return { script: null, steps: [] };
    const steps = lists.flatMap(([, list]) => list as unknown[]);
    const problem = isMade ? "Its steps are made only when it runs" : null;
    return { script: { path, commands: steps.flatMap(commandsOf), problem }, steps };
  } catch (error) {
    return { script: { path, commands: [], problem: relativeTo(appDir, toWireError(error).message) }, steps: [] };
  }
}

/** A class whose `run` is a method of it holds what steps call by `uri`, unless that method asks for the kernel first. */
const isForSteps = (value: Record<string, unknown>): boolean =>
  !Object.hasOwn(value, "run") && !/^(?:async\s+)?\w+\s*\(\s*(?:kernel\b|\))/.test(String(value["run"]));

const isStepList = (list: unknown): boolean =>
  Array.isArray(list) && list.some((step: unknown) => isObject(step) && "method" in step);

const relativeTo = (appDir: string, message: string): string => message.replaceAll(`${appDir}/`, "");
