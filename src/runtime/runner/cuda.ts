import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";

/** Asks a program, and gives what it prints, or null. */
type Ask = (program: string, args: readonly string[]) => Promise<string | null>;

const ASK_MS = 5_000;
const VERSION_FILE = "/usr/local/cuda/version.json";

/**
 * The CUDA version that programs here can use, such as `12.8`, or null: what the driver says, else what is installed.
 * Programs are started for it, so it is asked for only when a script wants to know.
 */
export async function cudaVersion(
  ask: Ask,
  readFile: (path: string) => string | null = readText,
): Promise<string | null> {
  const said = [
    async () => /CUDA Version\s*:\s*(\d+\.\d+)/.exec((await ask("nvidia-smi", [])) ?? ""),
    async () => Promise.resolve(/"cuda"[^}]*"version"\s*:\s*"(\d+\.\d+)/s.exec(readFile(VERSION_FILE) ?? "")),
    async () => /release (\d+\.\d+)/.exec((await ask("nvcc", ["--version"])) ?? ""),
  ];
  for (const find of said) {
    const version = (await find())?.[1];
    if (version !== undefined) return version;
  }
  return null;
}

/** Asks programs that are on the PATH of a run's shells. */
export const asking =
  (environment: () => Record<string, string>): Ask =>
  (program, args) =>
    new Promise((resolve) => {
      const options = { timeout: ASK_MS, env: environment() };
      execFile(program, [...args], options, (error, stdout) => resolve(error === null ? stdout : null)).stdin?.end();
    });

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
