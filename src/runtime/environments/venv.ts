import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram } from "../base/find-program.js";
import { PinokioError } from "../protocol/errors.js";
import type { EnvironmentKind, EnvironmentRequest, EnvironmentTools } from "./environment.js";

/** A Python virtual environment. One that exists is used as it is, whatever version was asked for. */
export const venv: EnvironmentKind = {
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

async function make({ path, python, cwd }: EnvironmentRequest, tools: EnvironmentTools): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const attempts = waysToMake(path, python, tools.searchPath);
  if (attempts.length === 0) {
    throw new PinokioError("tool-missing", `No Python was found to make the environment ${path}`, {
      hint: "Install python3 with its venv module, or uv",
    });
  }
  for (const { program, args } of attempts) {
    const exitCode = await tools.run(program, args, cwd);
    if (exitCode === 0 && isComplete(path)) return;
    tools.warn(`The environment ${path} could not be made with ${program}`);
  }
  throw new PinokioError("step-failed", `The Python environment ${path} could not be made`, {
    hint: "The output says why; on Debian and Ubuntu the package python3-venv is often missing",
  });
}

/** Python's own module needs no network; a version of Python that is not here needs uv, which can fetch it. */
function waysToMake(path: string, python: string | null, searchPath: string): { program: string; args: string[] }[] {
  const uv = findProgram("uv", searchPath);
  const withUv = uv === null ? [] : [{ program: uv, args: ["venv", path, "--seed", ...versionArgs(python)] }];
  const names = python === null ? ["python3", "python"] : [`python${python}`];
  const found = names.map((name) => findProgram(name, searchPath)).find((program) => program !== null);
  const withPython = found === undefined ? [] : [{ program: found, args: ["-m", "venv", path] }];
  return python === null ? [...withPython, ...withUv] : [...withUv, ...withPython];
}

const versionArgs = (python: string | null): string[] => (python === null ? [] : ["--python", python]);
