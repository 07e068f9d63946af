import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { findProgram } from "./find-program.js";
import type { GitPrograms } from "./git-known.js";

/** Programs of this machine, run unseen. */
export function machinePrograms(env: Readonly<Record<string, string | undefined>>): GitPrograms {
  return {
    find: (name) => findProgram(name, env["PATH"]),
    run: ({ program, args, cwd }) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, args, {
          cwd,
          env: { ...env, GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" },
          stdio: ["ignore", "pipe", "pipe"],
        });
        const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
        child.stdout.on("data", (piece: Buffer) => stdout.push(piece));
        child.stderr.on("data", (piece: Buffer) => stderr.push(piece));
        child.on("error", reject);
        child.on("close", (exitCode) =>
          resolve({ exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }),
        );
      }),
  };
}
