import { type Tool, toolNamed } from "./tools.js";

/** One thing that a script says it needs. */
export interface Need {
  name: string;
  /** The package manager that the author meant, if any: conda, pip, brew, apt, npm. */
  type: string | null;
  /** More of that manager's command line. */
  args: string;
  tool: Tool | null;
}

export interface NeedFacts {
  platform: string;
  arch: string;
  gpu: string;
}

const COMMON = ["git", "node", "npm", "npx"];
const MORE = [...COMMON, "uv", "hf", "ffmpeg", "g++"];

/**
 * What the names of bundles stand for: what scripts call without asking. Conda, hf and bun come when they are first
 * used; 7-Zip and tmux nearly no script calls, and nobody is to be asked about them for every app.
 */
const BUNDLES: Record<string, readonly string[]> = {
  ai: MORE,
  python: [...COMMON, "uv"],
  javascript: COMMON,
  network: COMMON,
  dev: [...COMMON, "uv"],
  advanced_dev: MORE,
};

/** What `requires` of a script says, as far as it is meant for this machine. What cannot be read asks for nothing. */
export function readRequires(requires: unknown, facts: NeedFacts): Need[] {
  if (Array.isArray(requires)) return requires.flatMap((entry) => needsOf(entry, facts));
  return isObject(requires) ? needsOf(requires, facts) : [];
}

function needsOf(entry: unknown, facts: NeedFacts): Need[] {
  if (typeof entry === "string") return [needOf(entry)];
  if (!isObject(entry)) return [];
  if (typeof entry["bundle"] === "string") return (BUNDLES[entry["bundle"]] ?? []).map((name) => needOf(name));
  const isMeant = (["platform", "arch", "gpu"] as const).every((key) => allows(entry[key], facts[key]));
  if (!isMeant) return [];
  const names = [entry["name"]].flat().filter((name): name is string => typeof name === "string" && name !== "");
  const type = typeof entry["type"] === "string" ? entry["type"].toLowerCase() : null;
  const args = typeof entry["args"] === "string" ? entry["args"] : "";
  const needs = names.map((name) => needOf(name, type, args));
  return facts.platform === "darwin" ? needs : needs.filter((need) => !isOfMacOnly(need));
}

/** Homebrew is how authors get things on macOS; what it would bring counts elsewhere only where the table knows it. */
const isOfMacOnly = ({ type, tool }: Need): boolean =>
  tool?.programs[0] === "brew" || (type === "brew" && tool === null);

const needOf = (name: string, type: string | null = null, args = ""): Need => ({
  name,
  type,
  args,
  tool: type === "pip" ? null : toolNamed(name),
});

function allows(wanted: unknown, actual: string): boolean {
  if (wanted === undefined || wanted === null) return true;
  return [wanted].flat().some((value) => String(value) === actual);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
