// A run that is over, as its runner would have left it: the output to show is there without anybody writing it.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

const RUN_ID = "run_benchoutput1";
const BLOCK_LINES = 10_000;

/** Writes the run into a home whose sidecar has not started yet. */
export function placeFinishedRun(home, bytes) {
  const folder = join(home, "runs", RUN_ID);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = join(folder, "output.log");
  writeLines(log, bytes);
  const at = new Date().toISOString();
  const run = {
    id: RUN_ID,
    appId: null,
    script: "/bench/print.json",
    action: "run",
    state: "ended",
    daemon: false,
    end: { outcome: "finished", error: null, at },
    step: null,
    local: {},
    shells: 0,
    startedAt: at,
    outputBytes: bytes,
    warnings: [],
  };
  const record = { run, socket: join(folder, "none.sock"), process: null, version: "bench" };
  writeFileSync(join(folder, "run.json"), JSON.stringify(record));
  return { runId: RUN_ID, log, bytes };
}

/** Lines as a program that installs things prints them. */
export function writeLines(file, bytes) {
  const lines = Array.from(
    { length: BLOCK_LINES },
    (_, n) => `[${n}] Downloading package-${n % 97} (${n * 7} kB) done\n`,
  );
  const block = Buffer.from(lines.join(""));
  const handle = openSync(file, "w");
  for (let written = 0; written < bytes;)
    written += writeSync(handle, block, 0, Math.min(block.length, bytes - written));
  closeSync(handle);
}
