// The first thing every command runs. It has to parse on Node 12, or a person with an old Node
// would see a syntax error instead of a sentence. Keep `?.`, `??` and `node:` out of this file.
import { execFileSync } from "child_process";
import process from "process";

const OLDEST = [20, 19];

/** Ends the process with one sentence when this Node cannot run the rest, otherwise runs it. */
export function withNode(run) {
  var problem = nodeProblem(process.versions.node);
  if (problem) {
    console.error(problem);
    process.exitCode = 1;
    return;
  }
  run().catch(function (error) {
    // An error with a hint was written for the person who reads it; anything else is a mistake of ours.
    console.error(error.hint ? "✗ " + error.message + "\n  " + error.hint : error.stack);
    process.exitCode = 1;
  });
}

export function nodeProblem(version) {
  var parts = version.split(".").map(Number);
  var tooOld = parts[0] < OLDEST[0] || (parts[0] === OLDEST[0] && parts[1] < OLDEST[1]);
  return tooOld
    ? "✗ Node " +
        version +
        " is too old: PinokioCloud needs Node " +
        OLDEST.join(".") +
        " or newer, with npm." +
        "\n  Install a newer one (for example from https://nodejs.org) and run this again."
    : null;
}

export function npmProblem() {
  try {
    execFileSync("npm", ["--version"], { stdio: "ignore", shell: process.platform === "win32" });
    return null;
  } catch {
    return {
      message: "npm was not found next to Node " + process.versions.node + ".",
      hint: "Install npm (on Debian: sudo apt-get install npm) and run this again.",
    };
  }
}
