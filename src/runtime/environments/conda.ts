import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram } from "../base/find-program.js";
import { PinokioError } from "../protocol/errors.js";
import type { Activation, EnvironmentKind, EnvironmentTools } from "./environment.js";

export interface CondaRequest {
  /** Absolute path of the environment's folder, or its name. */
  env: { path: string } | { name: string };
  /** The version of a new environment, such as "3.11" or "python=3.11.9". */
  python: string | null;
  /** More of `conda create`, as the author wrote it. */
  args: string;
  /** "minimal", commands that stand instead of what is usual, or null. */
  activate: unknown;
  cwd: string;
}

const USUAL_PYTHON = "3.10.20";
const HOOK = 'eval "$(conda shell.bash hook)"';

/** An environment of conda: made when it is missing, activated once and then applied as variables. */
export const conda: EnvironmentKind<CondaRequest> = {
  label: "Conda environment",

  async prepare(request, tools) {
    const program = findConda(tools);
    const isMinimal = request.activate === "minimal";
    if (Array.isArray(request.activate)) {
      return activationBy(request.activate.map(String).join(" ; "), program, request.cwd, tools);
    }
    const target = isMinimal ? "base" : "path" in request.env ? request.env.path : request.env.name;
    if (!isMinimal && !isMade(request.env, program, tools)) await create(request, program, tools);
    return activationBy(`${HOOK} ; conda activate ${quote(target)}`, program, request.cwd, tools);
  },
};

function findConda({ home, searchPath }: EnvironmentTools): string {
  const own = ["miniforge/bin", "miniforge/condabin", "miniconda/bin", ""].map((folder) => join(home, "bin", folder));
  const found = findProgram("conda", [...own, searchPath].join(":"));
  if (found !== null) return found;
  throw new PinokioError("tool-missing", "This step asks for a conda environment, and no conda was found", {
    hint: `Install Miniforge into ${join(home, "bin", "miniforge")}, or put conda on PATH, then run the script again`,
  });
}

function isMade(env: CondaRequest["env"], program: string, { home }: EnvironmentTools): boolean {
  if ("path" in env) return existsSync(env.path);
  if (env.name === "base") return true;
  const roots = [join(home, "bin", "miniforge"), dirname(dirname(realpathSync(program)))];
  return roots.some((root) => existsSync(join(root, "envs", env.name)));
}

async function create(
  { env, python, args, cwd }: CondaRequest,
  program: string,
  tools: EnvironmentTools,
): Promise<void> {
  const where = "path" in env ? `-p ${quote(env.path)}` : `-n ${quote(env.name)}`;
  const version = python ?? USUAL_PYTHON;
  const spec = /^\d/.test(version) ? `python=${version}` : version;
  const line = `${quote(program)} create -y ${where} ${spec} ${args}`.trim();
  const exitCode = await tools.run("/bin/bash", ["-c", line], cwd);
  if (exitCode === 0) return;
  throw new PinokioError(
    "step-failed",
    `The conda environment ${"path" in env ? env.path : env.name} could not be made`,
    {
      hint: "The output says why",
    },
  );
}

const MARK = "--pinokiocloud-variables--";

/** What an activation changes, found by doing it once in a shell of its own. */
async function activationBy(
  commands: string,
  program: string,
  cwd: string,
  tools: EnvironmentTools,
): Promise<Activation> {
  const path = `${dirname(program)}:${tools.searchPath}`;
  const ask = async (line: string): Promise<{ exitCode: number | null; variables: Record<string, string> | null }> => {
    const script = `export PATH=${quote(path)}\n${line} 1>&2 && { printf '%s\\0' '${MARK}'; env -0; }`;
    const { exitCode, stdout } = await tools.ask("/bin/bash", ["--noprofile", "--norc", "-c", script], cwd);
    const [, text] = stdout.split(`${MARK}\0`);
    return { exitCode, variables: text === undefined ? null : variablesIn(text) };
  };
  const before = (await ask("true")).variables ?? {};
  const { variables: after } = await ask(`{ ${commands} ; }`);
  if (after === null) {
    throw new PinokioError("step-failed", `The conda environment could not be activated: ${commands}`, {
      hint: "Remove the environment's folder, so that it is made anew",
    });
  }
  const changed = Object.entries(after).filter(([name, value]) => !IGNORED.has(name) && before[name] !== value);
  const old = new Set((before["PATH"] ?? "").split(":"));
  return {
    variables: Object.fromEntries(changed),
    without: Object.keys(before).filter((name) => !IGNORED.has(name) && !(name in after)),
    path: [...(after["PATH"] ?? "").split(":").filter((folder) => !old.has(folder)), dirname(program)],
  };
}

const IGNORED = new Set(["PATH", "_", "SHLVL", "PWD", "OLDPWD", "PS1"]);

function variablesIn(text: string): Record<string, string> {
  const pairs = text.split("\0").filter((pair) => pair.includes("="));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}

const quote = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;
