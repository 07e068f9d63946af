import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import type { MenuItem } from "../protocol/apps.js";
import type { CheckFinding, CheckPlace } from "../protocol/check.js";
import { PinokioError } from "../protocol/errors.js";
import type { LauncherFacts, LauncherMenu } from "../protocol/launcher.js";
import { createInfo, createKernel, type KernelFacts } from "./kernel.js";
import { forgetModulesBelow, isClass, loadFile, resolveExport } from "./load.js";
import { machineNames } from "./machine-names.js";
import { resolveMenu } from "./menu.js";
import { listenForPrints } from "./prints.js";
import { isObject } from "./script.js";
import { explainThrown, lineIn } from "./source-error.js";
import type { Scope } from "./template.js";

/** An app's launcher: `pinokio.js` with what `pinokio_meta.json` and `pinokio.json` say over it. */
export interface Launcher {
  appDir: string;
  /** Folder of the launcher below the app's: "" or "pinokio". */
  root: LauncherMenu["launcherRoot"];
  title: string;
  description: string;
  iconFile: string | null;
  /** The merged keys, as the authors wrote them. */
  value: Record<string, unknown>;
  /** Whether there is a `pinokio.js`. */
  hasCode: boolean;
  /** Why it could not be loaded; the rest may still be known. */
  problem: PinokioError | null;
}

const MAIN = "pinokio.js";
const OVER_IT = ["pinokio_meta.json", "pinokio.json"];

/** Reads an app's launcher. Loading `pinokio.js` executes it. */
export async function loadLauncher(appDir: string, { withCode = true } = {}): Promise<Launcher> {
  const root = launcherRoot(appDir);
  let problem: PinokioError | null = null;
  const value: Record<string, unknown> = {};
  for (const name of withCode ? [MAIN, ...OVER_IT] : OVER_IT) {
    const file = join(appDir, root, name);
    if (!existsSync(file)) continue;
    try {
      Object.assign(value, withoutUselessMenu(await readSource(file)));
    } catch (error) {
      problem ??= explainThrown(error, file);
    }
  }
  return {
    appDir,
    root,
    title: textOf(value["title"]) || basename(appDir),
    description: textOf(value["description"]),
    iconFile: iconFile(appDir, root, value["icon"]),
    value,
    hasCode: existsSync(join(appDir, root, MAIN)),
    problem,
  };
}

type EvaluateOptions = FactsOptions & { at?(place: CheckPlace): void };

/** Evaluates an app's launcher, menu included. Throws what its code threw, with file and line. `at` hears what is run. */
export async function evaluateLauncher(
  appDir: string,
  facts: LauncherFacts,
  options: EvaluateOptions = {},
): Promise<LauncherMenu> {
  forgetModulesBelow(appDir);
  const findings: CheckFinding[] = [];
  const main = join(launcherRoot(appDir), MAIN);
  const listening = { folder: appDir, file: main, tell: (finding: CheckFinding) => void findings.push(finding) };
  const menu = await listenForPrints(listening, () => evaluate(appDir, main, facts, options));
  return findings.length === 0 ? menu : { ...menu, findings };
}

async function evaluate(
  appDir: string,
  main: string,
  facts: LauncherFacts,
  { at = () => undefined, ...options }: EvaluateOptions,
): Promise<LauncherMenu> {
  if (existsSync(join(appDir, main))) at({ file: main, what: "load" });
  const launcher = await loadLauncher(appDir);
  if (launcher.problem !== null) throw asMenuFailure(launcher.problem, appDir);
  const { title, description, iconFile: icon, root, value } = launcher;
  if (typeof value["menu"] === "function") {
    at({ file: main, what: "menu", ...lineIn(join(appDir, main), value["menu"]) });
  }
  const menu = await menuOf(launcher, kernelFacts(facts, appDir, options));
  return { title, description, iconFile: icon, launcherRoot: root, menu };
}

export interface FactsOptions {
  /** False where nobody may look which ports are free; any number then stands for one. */
  mayListen?: boolean;
}

export const ANY_PORT = 42_003;

/** The facts a launcher gets, with nothing known: for describing an app that nobody has agreed to yet. */
export function kernelFacts(
  facts: LauncherFacts,
  appDir: string,
  { mayListen = true }: FactsOptions = {},
): KernelFacts {
  const machine = machineNames(facts);
  const real = realPath(appDir);
  // An app's folder may be a link: its own code then sees another path than we do.
  const asKnown = (path: string): string =>
    path === real || path.startsWith(real + sep) ? appDir + path.slice(real.length) : path;
  return {
    home: facts.home,
    machine,
    env: () => ({ ...process.env }),
    script: (path) => {
      const known = facts.scripts[path] ?? facts.scripts[asKnown(path)];
      return known === undefined ? null : { ...known, global: known.global ?? {} };
    },
    scripts: () => Object.keys(facts.scripts),
    ...(mayListen ? {} : { hasNoPorts: true, freePort: () => Promise.resolve(ANY_PORT) }),
  };
}

/** The menu of a loaded launcher. Throws what its code threw, with file and line. */
export async function menuOf(launcher: Launcher, facts: KernelFacts): Promise<MenuItem[]> {
  const { appDir, root, value } = launcher;
  const folder = join(appDir, root);
  const kernel = createKernel(facts);
  const info = createInfo(facts, join(folder, MAIN), folder);
  const surroundings = {
    appDir,
    launcherRoot: root,
    isRunning: (path: string) => facts.script(path)?.running ?? false,
    args: [kernel, info],
    scope: Object.assign(Object.create(null) as Scope, facts.machine, { kernel, which: kernel.which }),
  };
  try {
    const { menu } = value;
    return await resolveMenu(menu === undefined ? defaultMenu(launcher) : menu, surroundings);
  } catch (error) {
    throw asMenuFailure(explainThrown(error, join(folder, MAIN)), appDir);
  }
}

/** Without a menu of its own an app offers its page, or its list of steps, or its files. */
function defaultMenu({ appDir, root, value }: Launcher): MenuItem[] {
  if (existsSync(join(appDir, root, "index.html"))) return [{ text: "Open", href: "index.html", default: true }];
  if (Array.isArray(value["run"])) return [{ text: "Run", href: "pinokio.json" }];
  return [{ text: "Files", href: ".", fs: true }];
}

export function launcherRoot(appDir: string): LauncherMenu["launcherRoot"] {
  if (existsSync(join(appDir, MAIN))) return "";
  return [MAIN, ...OVER_IT].some((name) => existsSync(join(appDir, "pinokio", name))) ? "pinokio" : "";
}

async function readSource(file: string): Promise<Record<string, unknown>> {
  const { exported } = await loadFile(file);
  // A launcher is an object or a class; an exported function yields none.
  const value = typeof exported !== "function" || isClass(exported) ? await resolveExport(exported) : {};
  return isObject(value) ? value : {};
}

function withoutUselessMenu(source: Record<string, unknown>): Record<string, unknown> {
  const { menu, ...rest } = source;
  return Array.isArray(menu) || typeof menu === "function" ? { ...rest, menu } : rest;
}

/** Null unless it is a file of the app: a picture is read for people who have not agreed to anything. */
function iconFile(appDir: string, root: string, icon: unknown): string | null {
  if (typeof icon !== "string" || icon === "" || /^[a-z][a-z\d+.-]*:/i.test(icon)) return null;
  const file = resolve(appDir, root, icon);
  try {
    const real = realpathSync.native(file);
    const isInside = real.startsWith(realpathSync.native(appDir) + sep);
    return isInside && statSync(real).isFile() ? file : null;
  } catch {
    return null;
  }
}

function asMenuFailure(error: PinokioError, appDir: string): PinokioError {
  const message = error.message.replaceAll(`${appDir}/`, "");
  const file = error.context?.["file"];
  const context = file === undefined ? error.context : { ...error.context, file: relative(appDir, file) || file };
  return new PinokioError("menu-failed", message, { hint: error.hint, cause: error, context });
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
