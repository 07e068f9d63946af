import { spawn } from "node:child_process";
import { root } from "./paths.mjs";

/**
 * Runs a program and returns its exit code, signal and output.
 * `onOutput` sees each piece as it comes; without it the output is only collected.
 */
export function run(file, args, { cwd = root, env, onOutput } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (piece) => {
      output += piece;
      onOutput?.(piece);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.on("error", (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on("close", (code, signal) => resolve({ code: code ?? 1, signal, output }));
  });
}
