import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { findProgram } from "../base/find-program.js";
import { PinokioError } from "../protocol/errors.js";
import type { EnvironmentKind, EnvironmentTools } from "./environment.js";

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

/** Runs that could not fetch a Python once are not asked to wait for it again. */
const unfetchable = new Set<string>();

interface Attempt {
  program: string;
  args: string[];
  /** The version that uv would have to fetch. */
  fetches?: string;
}

async function make(request: VenvRequest, tools: EnvironmentTools): Promise<void> {
  const { path, cwd } = request;
  mkdirSync(dirname(path), { recursive: true });
  const attempts = waysToMake(request, tools);
  // A version manager has a name for every Python it knows, also for those that do not start: this one does.
  const usual = findProgram("python3", tools.searchPath) ?? findProgram("python", tools.searchPath);
  if (usual !== null && !attempts.some(({ program }) => program === usual)) {
    attempts.push({ program: usual, args: ["-m", "venv", path] });
  }
  if (attempts.length === 0) {
    throw new PinokioError("tool-missing", `No Python was found to make the environment ${path}`, {
      hint: "Install python3 with its venv module, or uv",
    });
  }
  for (const { program, args, fetches } of attempts) {
    if (fetches !== undefined && unfetchable.has(fetches)) continue;
    const exitCode = await tools.run(program, args, cwd);
    if (exitCode === 0 && isComplete(path)) return;
    if (fetches !== undefined) unfetchable.add(fetches);
    tools.warn(`The environment ${path} could not be made with ${program}${fetches ? ` and Python ${fetches}` : ""}`);
  }
  throw new PinokioError("step-failed", `The Python environment ${path} could not be made`, {
    hint: "The output says why; on Debian and Ubuntu the package python3-venv is often missing",
  });
}

/** The version that was meant first, then the nearest that is here. */
function waysToMake({ path, python, within = [] }: VenvRequest, tools: EnvironmentTools): Attempt[] {
  const searchPath = [...within, tools.searchPath].join(delimiter);
  const own = within.map((folder) => findProgram("python", folder)).find((program) => program !== null);
  if (python === null && own !== undefined && own !== null) return [{ program: own, args: ["-m", "venv", path] }];

  const wanted = /^\d+(?:\.\d+)*/.exec(python ?? USUAL_PYTHON)?.[0] ?? USUAL_PYTHON;
  const uv = findProgram("uv", searchPath);
  const minor = wanted.split(".").slice(0, 2).join(".");
  const exact = findProgram(`python${minor}`, searchPath);
  const [nearest] = pythonsOn(searchPath).sort((a, b) => distance(a.version, minor) - distance(b.version, minor));
  const attempts: Attempt[] = [];
  if (uv !== null) attempts.push({ ...withUv(uv, path, wanted), ...(exact === null ? { fetches: wanted } : {}) });
  if (exact !== null) attempts.push({ program: exact, args: ["-m", "venv", path] });
  if (nearest === undefined || nearest.program === exact) return attempts;
  if (python !== null) {
    const warning = `Python ${wanted} cannot be had here: ${path} gets Python ${nearest.version}`;
    attempts.push({ program: nearest.program, args: ["-m", "venv", path] });
    if (uv === null) tools.warn(warning);
  } else {
    attempts.push({ program: nearest.program, args: ["-m", "venv", path] });
    if (uv === null) tools.warn(`Apps expect Python ${wanted}, which is not here: ${path} gets ${nearest.version}`);
  }
  if (uv !== null) attempts.push(withUv(uv, path, nearest.program));
  return attempts;
}

/** With pip inside, and free to use the system's Python; a network that does not answer must not hold up the run. */
const withUv = (uv: string, path: string, python: string): Attempt => ({
  program: "/usr/bin/env",
  args: ["-u", "UV_PYTHON_PREFERENCE", "UV_HTTP_TIMEOUT=30", uv, "venv", path, "--seed", "--python", python],
});

/** Every Python 3 that is here, by its name. */
function pythonsOn(searchPath: string): { program: string; version: string }[] {
  const found = new Map<string, string>();
  for (const folder of searchPath.split(delimiter)) {
    for (const name of namesIn(folder)) {
      const version = /^python(3\.\d+)$/.exec(name)?.[1];
      if (version !== undefined && !found.has(version)) found.set(version, join(folder, name));
    }
  }
  const usual = findProgram("python3", searchPath) ?? findProgram("python", searchPath);
  const list = [...found].map(([version, program]) => ({ program, version }));
  return list.length > 0 || usual === null ? list : [{ program: usual, version: "3" }];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // a PATH may name folders that are not there
  }
}

function distance(version: string, wanted: string): number {
  const minorOf = (text: string): number => Number(text.split(".")[1] ?? 0);
  return Math.abs(minorOf(version) - minorOf(wanted));
}
