import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentTools } from "../../src/runtime/environments/environment.js";

const PROGRAMS = new URL("../fixtures/programs/", import.meta.url).pathname;

export interface TestTools extends EnvironmentTools {
  readonly warnings: string[];
  readonly notes: string[];
  /** What the stand-ins were called with. */
  calls(): string[];
}

/** What making environments needs, with real programs: the stand-ins and whatever else is in `<folder>/tools`. */
export function environmentTools(
  folder: string,
  {
    standIns = {},
    env = {},
    ...more
  }: Partial<EnvironmentTools> & {
    /** By the name under which they are found. */
    standIns?: Record<string, string>;
    env?: Record<string, string>;
  } = {},
): TestTools {
  const [bin, home, log] = [join(folder, "tools"), join(folder, "home"), join(folder, "calls")];
  for (const path of [bin, home]) mkdirSync(path, { recursive: true });
  for (const [name, file] of Object.entries(standIns)) {
    cpSync(join(PROGRAMS, file), join(bin, name));
    chmodSync(join(bin, name), 0o755);
  }
  const [warnings, notes]: [string[], string[]] = [[], []];
  const run: EnvironmentTools["ask"] = (program, args, cwd) =>
    new Promise((resolve) => {
      const child = spawn(program, args, { cwd, env: { PATH: tools.searchPath, CALLS: log, ...env }, stdio: "pipe" });
      let stdout = "";
      child.stdout.on("data", (bytes: Buffer) => (stdout += bytes.toString()));
      child.stderr.on("data", () => undefined);
      child.on("error", () => resolve({ exitCode: 127, stdout }));
      child.on("close", (exitCode) => resolve({ exitCode, stdout }));
    });
  const tools: TestTools = {
    home,
    searchPath: `${bin}:/usr/bin:/bin`,
    signal: new AbortController().signal,
    condaPlaces: [],
    condaSource: () => {
      throw new Error("this test fetches no conda");
    },
    canDownloadPython: () => Promise.resolve(false),
    ask: run,
    run: async (program, args, cwd) => (await run(program, args, cwd)).exitCode,
    note: (text) => void notes.push(text),
    warn: (message) => void warnings.push(message.replaceAll(folder, "~")),
    warnings,
    notes,
    calls: () => {
      try {
        return readFileSync(log, "utf8").replaceAll(folder, "~").trim().split("\n");
      } catch {
        return [];
      }
    },
    ...more,
  };
  return tools;
}
