import { readFileSync } from "node:fs";
import { join } from "node:path";
import { npmProblem } from "../check-node.mjs";
import { SetupError } from "../errors.mjs";
import { root } from "../paths.mjs";

/** Installs the npm packages of `package-lock.json` unless exactly those are there. */
export async function ensurePackages(progress) {
  if (packagesAreFresh()) return;
  checkNpm();
  await progress.step(
    "packages",
    // The packages' own scripts are not needed: what has a native part brings it prebuilt.
    ({ exec }) => exec("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]),
    "Check the network and the npm registry setting, then run this again.",
  );
}

/** Fails with a sentence when npm is needed and missing. */
export function checkNpm() {
  const problem = packagesAreFresh() ? null : npmProblem();
  if (problem) throw new SetupError(problem.message, problem.hint);
}

export function packagesAreFresh() {
  const installed = readLock("node_modules/.package-lock.json");
  const wanted = readLock("package-lock.json");
  if (!installed || !wanted) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    const found = installed[path];
    if (path === "" || (entry.optional && !found)) continue;
    if (found?.version !== entry.version || found.integrity !== entry.integrity) return false;
  }
  return Object.keys(installed).every((path) => path in wanted);
}

/** npm writes the second of these at the end of an installation, so one that was interrupted has none. */
function readLock(name) {
  try {
    return JSON.parse(readFileSync(join(root, name), "utf8")).packages;
  } catch {
    return null;
  }
}
