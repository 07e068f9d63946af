import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { findProgram } from "../base/find-program.js";
import { PinokioError } from "../protocol/errors.js";
import type { EnvironmentKind, EnvironmentTools } from "./environment.js";
import { nearestPython } from "./find-pythons.js";

export interface VenvRequest {
  /** Absolute path of the environment's folder. */
  path: string;
  /** The version asked for, such as "3.11", or null; it counts only when the environment is new. */
  python: string | null;
  /** Where programs that make it run. */
  cwd: string;
  /** Folders of an environment around this one, whose Python makes it. */
  within?: readonly string[];
}

/** What authors expect when they name no version. */
const USUAL_PYTHON = "3.10";

/** A Python virtual environment. One that exists is used as it is, whatever version was asked for. */
export const venv: EnvironmentKind<VenvRequest> = {
  label: "Python virtual environment",

  async prepare(request, tools) {
    if (!isComplete(request.path)) await make(request, tools);
    return {
      variables: { VIRTUAL_ENV: request.path },
      without: ["PYTHONHOME"],
      path: [join(request.path, "bin")],
    };
  },
};

// Left behind by an interrupted creation, a folder may lack its interpreter; making it again completes it.
const isComplete = (path: string): boolean => existsSync(join(path, "bin", "python"));

interface Attempt {
  program: string;
  args: string[];
}

async function make(request: VenvRequest, tools: EnvironmentTools): Promise<void> {
  const { path, cwd } = request;
  mkdirSync(dirname(path), { recursive: true });
  const attempts = await waysToMake(request, tools);
  if (attempts.length === 0) {
    throw new PinokioError("tool-missing", `No Python was found to make the environment ${path}`, {
      hint: "Install python3 with its venv module, or uv",
    });
  }
  if (tools.takesLinks === false) mkdirSync(join(path, "lib64"), { recursive: true }); // else Python links it to lib
  for (const { program, args } of attempts) {
    const exitCode = await tools.run(program, args, cwd);
    if (exitCode === 0 && isComplete(path) && (await starts(request, tools))) return warnOfOtherVersion(request, tools);
    tools.warn(`The environment ${path} could not be made with ${[program, ...args].join(" ")}`);
  }
  throw new PinokioError("step-failed", `The Python environment ${path} could not be made`, {
    hint: "The output says why; on Debian and Ubuntu the package python3-venv is often missing",
  });
}

/** A copy of a Python may lack what lies beside the original; one that is a link is the original. */
async function starts({ path, cwd }: VenvRequest, { takesLinks, ask }: EnvironmentTools): Promise<boolean> {
  return takesLinks !== false || (await ask(join(path, "bin", "python"), ["-V"], cwd)).exitCode === 0;
}

function warnOfOtherVersion({ path, python, within }: VenvRequest, { warn }: EnvironmentTools): void {
  const got = /^version(?:_info)?\s*=\s*(\d+\.\d+(?:\.\d+)?)/m.exec(readConfiguration(path))?.[1];
  if (got === undefined || (python === null && within !== undefined && within.length > 0)) return;
  const wanted = versionIn(python);
  if (got === wanted || got.startsWith(`${wanted}.`)) return;
  if (python !== null) warn(`Python ${wanted} cannot be had here: ${path} gets Python ${got}`);
  else warn(`Apps expect Python ${wanted}, which cannot be had here: ${path} gets Python ${got}`);
}

function readConfiguration(path: string): string {
  try {
    return readFileSync(join(path, "pyvenv.cfg"), "utf8");
  } catch {
    return "";
  }
}

const versionIn = (python: string | null): string =>
  /^(?:python)?\s*={0,2}\s*(\d+(?:\.\d+)*)/.exec(python ?? "")?.[1] ?? USUAL_PYTHON;

/** The version that was meant first, then the nearest that is here. */
async function waysToMake(
  { path, python, cwd, within = [] }: VenvRequest,
  tools: EnvironmentTools,
): Promise<Attempt[]> {
  const searchPath = [...within, tools.searchPath].join(delimiter);
  const own = within.map((folder) => findProgram("python", folder)).find((program) => program !== null);
  if (python === null && own !== undefined && own !== null) return [ofPython(own, path, tools)];

  const wanted = versionIn(python);
  const minor = wanted.split(".").slice(0, 2).join(".");
  const uv = findProgram("uv", searchPath);
  const nearest = await nearestPython({
    version: minor,
    folders: [...searchPath.split(delimiter), ...(tools.pythonPlaces ?? [])],
    starts: async (program) => (await tools.ask(program, ["-V"], cwd)).exitCode === 0,
  });
  const exact = nearest?.version === minor ? nearest.program : null;
  const usual = findProgram("python3", searchPath) ?? findProgram("python", searchPath);
  const programs = [...new Set([nearest?.program ?? null, usual].filter((program) => program !== null))];
  if (tools.takesLinks === false) return programs.map((program) => ofPython(program, path, tools));

  const attempts: Attempt[] = [];
  const forUv = uv === null ? null : await whatUvTakes(uv, { wanted, exact, cwd }, tools);
  if (uv !== null && forUv !== null) attempts.push(withUv(uv, path, forUv));
  for (const program of programs) {
    if (uv !== null && program !== exact) attempts.push(withUv(uv, path, program));
    attempts.push(ofPython(program, path, tools));
  }
  return attempts;
}

/** What uv cannot find here it downloads; where nothing can be downloaded it is not made to try. */
async function whatUvTakes(
  uv: string,
  { wanted, exact, cwd }: { wanted: string; exact: string | null; cwd: string },
  tools: EnvironmentTools,
): Promise<string | null> {
  const found = await tools.ask(...withoutPreference(uv, "python", "find", "--no-python-downloads", wanted), cwd);
  if (found.exitCode === 0) return wanted;
  // One of another patch version is no reason to do without the one that was meant.
  if (exact !== null && wanted.split(".").length < 3) return exact;
  return (await tools.canDownloadPython()) ? wanted : exact;
}

/** With pip inside, and free to use the system's Python; neither a network that does not answer nor a question may hold up the run. */
function withUv(uv: string, path: string, python: string): Attempt {
  const [program, args] = withoutPreference(uv, "venv", path, "--seed", "--allow-existing", "--python", python);
  return { program, args };
}

/** Python can do without links, uv cannot. */
const ofPython = (program: string, path: string, { takesLinks }: EnvironmentTools): Attempt => ({
  program,
  args: ["-m", "venv", ...(takesLinks === false ? ["--copies"] : []), path],
});

const withoutPreference = (uv: string, ...args: string[]): [program: string, args: string[]] => [
  "/usr/bin/env",
  ["-u", "UV_PYTHON_PREFERENCE", "UV_HTTP_TIMEOUT=30", uv, ...args],
];
