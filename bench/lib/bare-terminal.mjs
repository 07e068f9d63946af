// The least that can be done with a program: start it, with a terminal or without, and wait for its end.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

export const BASH = "/bin/bash";

/** Milliseconds of a process without a terminal. */
export const spawnBare = (command) =>
  timed((done) => spawn(BASH, ["-c", command], { stdio: "ignore" }).on("close", done));

/** The library that our terminals are made with, and nothing around it. */
export function bareTerminals({ root }) {
  const nodePty = createRequire(join(root, "package.json"))("@lydell/node-pty");
  /** Milliseconds until the program is over, and the bytes that it printed. */
  return async (command) => {
    let bytes = 0;
    const ms = await timed((done) => {
      const terminal = nodePty.spawn(BASH, ["-c", command], { cols: 100, rows: 30, encoding: null });
      terminal.onData((data) => void (bytes += data.length));
      terminal.onExit(done);
    });
    return { ms, bytes };
  };
}

async function timed(work) {
  const began = performance.now();
  await new Promise(work);
  return performance.now() - began;
}
