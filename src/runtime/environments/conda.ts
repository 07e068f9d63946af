import { createHash } from "node:crypto";
import { existsSync, realpathSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeFileAtomic } from "../base/atomic-file.js";
import { PinokioError } from "../protocol/errors.js";
import type { Activation, EnvironmentKind, EnvironmentTools } from "./environment.js";
import { condaRoot, getConda, USUAL_PYTHON } from "./get-conda.js";
import { oneAtATime } from "./one-at-a-time.js";

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

const HOOK = 'eval "$(conda shell.bash hook)"';

/** An environment of conda: made when it is missing, activated once and then applied as variables. */
export const conda: EnvironmentKind<CondaRequest> = {
  label: "Conda environment",

  async prepare(request, tools) {
    const program = await getConda(tools);
    const isMinimal = request.activate === "minimal";
    if (Array.isArray(request.activate)) {
      return activationBy(request.activate.map(String).join(" ; "), program, request.cwd, tools);
    }
    const target = isMinimal ? "base" : "path" in request.env ? request.env.path : request.env.name;
    if (!isMinimal) await makeIfMissing(request, program, tools);
    const commands = `${HOOK} ; conda activate ${quote(target)}`;
    const stamp = [commands, program, tools.searchPath, changesOf(program, target)].join("\0");
    const known = activations.get(stamp) ?? activationBy(commands, program, request.cwd, tools);
    activations.set(stamp, known);
    known.catch(() => activations.delete(stamp));
    return known;
  },
};

/** Finding out what an activation changes takes conda a second, so it is known until the environment changes. */
const activations = new Map<string, Promise<Activation>>();

/** Packages that are installed may bring scripts that take part in the activation. */
function changesOf(program: string, target: string): string {
  const root = dirname(dirname(program));
  const folder = target === "base" ? root : target.includes("/") ? target : join(root, "envs", target);
  const parts = ["conda-meta", "etc/conda/activate.d"].map((part) => join(folder, part));
  return parts.map((part) => statSync(part, { throwIfNoEntry: false })?.mtimeMs ?? 0).join();
}

async function makeIfMissing(request: CondaRequest, program: string, tools: EnvironmentTools): Promise<void> {
  const making = makingNote(request.env, tools);
  const isThere = (): boolean => !existsSync(making) && isMade(request.env, program, tools);
  if (isThere()) return;
  await oneAtATime(`${making}.lock`, tools.signal, async () => {
    if (isThere()) return;
    if (tools.takesLinks === false) {
      tools.warn("The disk of this home takes no links, which many packages of conda have: this may fail");
    }
    if (existsSync(making) && "path" in request.env) rmSync(request.env.path, { recursive: true, force: true });
    writeFileAtomic(making, "");
    await create(request, program, tools);
    rmSync(making);
  });
}

/** There while an environment is being made, so that one that was not finished is made anew. */
function makingNote(env: CondaRequest["env"], { home }: EnvironmentTools): string {
  const name = createHash("sha256").update(JSON.stringify(env)).digest("hex").slice(0, 16);
  return join(home, "system", `making-conda-${name}`);
}

function isMade(env: CondaRequest["env"], program: string, { home }: EnvironmentTools): boolean {
  if ("path" in env) return existsSync(env.path);
  if (env.name === "base") return true;
  const roots = [condaRoot(home), dirname(dirname(realpathSync(program)))];
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
  const exitCode = await tools.run("/bin/bash", ["--noprofile", "--norc", "-c", line], cwd);
  if (exitCode === 0) return;
  throw new PinokioError(
    "step-failed",
    `The conda environment ${"path" in env ? env.path : env.name} could not be made`,
    {
      hint: "The output says why",
    },
  );
}

/**
 * Bash takes functions from its environment: the hook is loaded in the shells whose command does activate something,
 * and costs the others nothing.
 */
const CONDA_FUNCTION = "BASH_FUNC_conda%%";
const LATER_HOOK = `() { case "$1" in activate|deactivate) unset -f conda; ${HOOK}; conda "$@";; *) command conda "$@";; esac; }`;

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
    variables: { ...Object.fromEntries(changed), [CONDA_FUNCTION]: LATER_HOOK },
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
