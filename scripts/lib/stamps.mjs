// What was done last time, so that the next time can skip it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cache, root } from "./paths.mjs";

/** A short text that changes when one of these files or folders (relative to the checkout) changes. */
export function fingerprint(paths, extra = "") {
  const hash = createHash("sha256").update(extra);
  for (const path of paths) addFile(hash, path);
  return hash.digest("hex");
}

function addFile(hash, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stats) {
    hash.update(`${path} missing\n`);
  } else if (stats.isDirectory()) {
    for (const name of readdirSync(join(root, path)).sort()) {
      if (name !== "__pycache__" && name !== ".ipynb_checkpoints") addFile(hash, `${path}/${name}`);
    }
  } else {
    hash.update(`${path} ${stats.size} ${stats.mtimeMs}\n`);
  }
}

/** True when the step was finished with this input and what it made is still as it left it. */
export function isFresh(step, input, outputs) {
  try {
    const stamp = JSON.parse(readFileSync(stampFile(step), "utf8"));
    return stamp.input === input && stamp.output === fingerprint(outputs);
  } catch {
    return false;
  }
}

export function markFresh(step, input, outputs) {
  writeAtomically(stampFile(step), JSON.stringify({ input, output: fingerprint(outputs) }));
}

export function markStale(step) {
  rmSync(stampFile(step), { force: true });
}

/** A reader sees the old file or the new one, never half of it. */
export function writeAtomically(path, content, mode = 0o644) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode });
  renameSync(temporary, path);
}

const stampFile = (step) => join(cache, "stamps", `${step}.json`);
