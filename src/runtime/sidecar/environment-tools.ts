import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { EnvironmentFiles } from "../environments/environment-files.js";
import type { EnvironmentTools } from "../environments/environment.js";
import { usualPythonPlaces } from "../environments/find-pythons.js";
import { usualCondaSource } from "../environments/get-conda.js";
import { lackingVariables } from "../environments/lacking-variables.js";
import { canDownloadPython } from "../environments/python-downloads.js";
import { shellEnvironment } from "../environments/shell-environment.js";
import type { Lacks } from "../protocol/sidecar.js";
import type { OpenedHome } from "./open-home.js";

/** The last words of a program that failed. */
const MOST_WORDS = 4_000;

export interface ProgramsOfHome {
  readonly tools: EnvironmentTools;
  /** Runs a program to its end; resolves with its exit code and the last of what it said. */
  run(program: string, args: readonly string[], cwd: string): Promise<{ exitCode: number | null; said: string }>;
}

interface ProgramsOptions {
  /** What programs start from. */
  base: Readonly<Record<string, string>>;
  lacks: Lacks;
  signal: AbortSignal;
  onLine?: ((line: string) => void) | undefined;
}

/** What the sidecar itself makes environments with; it runs what shells of scripts would. */
export function programsOfHome(
  { home, local, settings, log }: OpenedHome,
  { base, lacks, signal, onLine = () => undefined }: ProgramsOptions,
): ProgramsOfHome {
  const env = shellEnvironment({
    base,
    home,
    files: new EnvironmentFiles(home, null).files,
    activation: null,
    step: lackingVariables(lacks, local.folder),
    without: [],
    requireVirtualenv: false,
    exists: existsSync,
  });
  const run: ProgramsOfHome["run"] = (program, args, cwd) => runProgram(program, args, { cwd, env, signal, onLine });
  return {
    run,
    tools: {
      home,
      searchPath: env["PATH"] ?? "",
      pythonPlaces: usualPythonPlaces(env),
      takesLinks: !lacks.links,
      signal,
      condaSource: () =>
        settings.condaUrl === null ? usualCondaSource() : { url: settings.condaUrl, sha256: settings.condaSha256 },
      canDownloadPython: () => canDownloadPython({ home, env }),
      run: async (program, args, cwd) => (await run(program, args, cwd)).exitCode,
      ask: async (program, args, cwd) => {
        const { exitCode, said } = await run(program, args, cwd);
        return { exitCode, stdout: said };
      },
      note: onLine,
      warn: (message) => log.write("warn", message),
    },
  };
}

interface HowToRun {
  cwd: string;
  env: Record<string, string>;
  signal: AbortSignal;
  onLine(line: string): void;
}

function runProgram(
  program: string,
  args: readonly string[],
  { onLine, ...how }: HowToRun,
): Promise<{ exitCode: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...how, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const hear = (bytes: Buffer): void => {
      const text = bytes.toString("utf8");
      said = (said + text).slice(-MOST_WORDS);
      for (const line of text.split(/[\r\n]+/)) if (line.trim() !== "") onLine(line);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", (error) => reject(how.signal.aborted ? (how.signal.reason as Error) : error));
    child.on("close", (exitCode) => resolve({ exitCode, said }));
  });
}
