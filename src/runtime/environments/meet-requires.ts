import { existsSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import { findProgram } from "../base/find-program.js";
import { namesIn } from "../base/names-in.js";
import { PinokioError } from "../protocol/errors.js";
import type { EnvironmentTools } from "./environment.js";
import { condaRoot, getConda } from "./get-conda.js";
import { type Need, type NeedFacts, readRequires } from "./requires.js";
import { type SystemPackages, systemPackages } from "./system-packages.js";
import { lookUp } from "./tools.js";

/** What the person has decided about packages of the system: to be asked, or not. */
export type SystemPackagesRule = "ask" | "always" | "never";

export interface RequiresTools extends EnvironmentTools {
  rule(): SystemPackagesRule;
  /** Asks the person a form; null where nobody can be asked. */
  askPerson: ((params: unknown) => Promise<unknown>) | null;
  /** For tests; usually whoever runs this process. */
  isRoot?: boolean;
}

/**
 * Gets what a script says it needs, in the cheapest way: what is on PATH counts; then the system's package manager,
 * with consent; then conda. What cannot be had is said, and keeps no script from starting.
 */
export async function meetRequires(requires: unknown, facts: NeedFacts, tools: RequiresTools): Promise<void> {
  let missing = readRequires(requires, facts).filter((need) => !isMet(need, tools));
  if (missing.length === 0) return;
  missing = await bySystem(missing, tools);
  missing = await byNpm(missing, tools);
  missing = await byConda(missing, tools);
  missing = await byPip(missing, tools);
  for (const { name } of missing) tools.warn(`This script asks for ${name}, which is not here and could not be had`);
}

function isMet({ name, tool, type }: Need, { home, searchPath }: EnvironmentTools): boolean {
  if (lookUp(tool ?? { programs: [name] }, home, searchPath) !== null) return true;
  return type === "conda" && hasCondaPackage(condaRoot(home), name);
}

const hasCondaPackage = (root: string, name: string): boolean =>
  namesIn(join(root, "conda-meta")).some((file) => file.startsWith(`${plainName(name)}-`) && file.endsWith(".json"));

const plainName = (name: string): string => (name.split("::").at(-1) ?? name).replace(/[<>=!~ [].*$/s, "");

const stillMissing = (needs: readonly Need[], tools: EnvironmentTools): Need[] =>
  needs.filter((need) => !isMet(need, tools));

/** The system's names for it; those that an author gives for apt are taken as they are. */
const systemNames = ({ name, type, tool }: Need): readonly string[] => tool?.apt ?? (type === "apt" ? [name] : []);

async function bySystem(missing: Need[], tools: RequiresTools): Promise<Need[]> {
  const packages = [...new Set(missing.flatMap(systemNames))].filter((name) => /^[a-z0-9][a-z0-9+.-]*$/.test(name));
  if (packages.length === 0) return missing;
  const system = await systemPackages(tools, tools.isRoot);
  if (system === null || !(await mayInstall(packages, system, tools))) return missing;
  const isDone = await system.install(packages);
  const taken = (need: Need): boolean => need.tool === null && isDone && systemNames(need).length > 0;
  return stillMissing(missing, tools).filter((need) => !taken(need));
}

const Declined = z.object({ declined: z.array(z.string()) });

/** Whoever said no once is not asked about the same packages again. */
async function mayInstall(packages: readonly string[], system: SystemPackages, tools: RequiresTools): Promise<boolean> {
  const rule = tools.rule();
  if (rule !== "ask") return rule === "always";
  const command = system.commandFor(packages);
  const file = join(tools.home, "system", "packages.json");
  const known = readState(file, Declined);
  const declined = known.kind === "read" ? known.value.declined : [];
  if (packages.every((name) => declined.includes(name))) return false;
  if (tools.askPerson === null) {
    tools.warn(
      `Not installed, since nobody was asked: ${command}. With "systemPackages": "always" in settings.json it is`,
    );
    return false;
  }
  const answer = await tools.askPerson({
    title: "This app needs programs that are not here",
    description: `They can be installed on this machine: ${command}`,
    form: [{ key: "choice", type: "select", title: "What to do", items: CHOICES }],
    confirm: "Go on",
  });
  if (isYes(answer)) return true;
  writeJsonAtomic(file, { declined: [...new Set([...declined, ...packages])] });
  return false;
}

const CHOICES = [
  { text: "Install them", value: "install" },
  { text: "Go on without them", value: "skip" },
];

function isYes(answer: unknown): boolean {
  const choice = typeof answer === "object" && answer !== null && "choice" in answer ? answer.choice : answer;
  return choice === true || choice === "install" || choice === "yes";
}

async function byNpm(missing: Need[], tools: RequiresTools): Promise<Need[]> {
  const packages = missing.flatMap(({ name, type, tool }) => tool?.npm ?? (type === "npm" ? [name] : []));
  const npm = lookUp({ programs: ["npm"] }, tools.home, tools.searchPath)?.program ?? null;
  if (packages.length === 0 || npm === null) return missing;
  await tools.run(npm, ["install", "-g", ...packages], tools.home);
  // It goes to a folder that is on PATH from now on.
  const after = { ...tools, searchPath: `${join(tools.home, "bin", "npm", "bin")}:${tools.searchPath}` };
  return stillMissing(missing, after);
}

/** Conda is fetched for what an author wants from it; for anything else only one that is there is used. */
async function byConda(missing: Need[], tools: RequiresTools): Promise<Need[]> {
  const root = condaRoot(tools.home);
  const isHere = existsSync(join(root, "conda-meta"));
  const wanted = missing.filter(({ type, tool }) => type === "conda" || (isHere && tool?.conda !== undefined));
  if (wanted.length === 0) return missing;
  let conda: string;
  try {
    conda = await getConda(tools);
  } catch (error) {
    tools.signal.throwIfAborted();
    if (!(error instanceof PinokioError)) throw error;
    tools.warn(`${error.message}. ${error.hint ?? ""}`.trim());
    return missing;
  }
  const done = new Set<Need>();
  for (const need of wanted) {
    tools.signal.throwIfAborted();
    const names = need.type === "conda" ? [need.name] : (need.tool?.conda ?? []);
    const args = ["install", "-y", ...names, ...need.args.split(/\s+/).filter(Boolean)];
    if ((await tools.run(conda, args, tools.home)) === 0) done.add(need);
  }
  return missing.filter((need) => !done.has(need));
}

/** Into the base environment, where there is one; an app's own environment is the app's to fill. */
async function byPip(missing: Need[], tools: RequiresTools): Promise<Need[]> {
  const wanted = missing.filter(({ type }) => type === "pip");
  if (wanted.length === 0) return missing;
  const base = findProgram(join(condaRoot(tools.home), "bin", "python"), "");
  const python = base ?? findProgram("python3", tools.searchPath);
  const done = new Set<Need>();
  for (const need of python === null ? [] : wanted) {
    const { exitCode } = await tools.ask(python ?? "", ["-m", "pip", "show", plainName(need.name)], tools.home);
    const install = ["-m", "pip", "install", need.name, ...need.args.split(/\s+/).filter(Boolean)];
    if (exitCode === 0 || (base !== null && (await tools.run(base, install, tools.home)) === 0)) done.add(need);
  }
  return missing.filter((need) => !done.has(need));
}
