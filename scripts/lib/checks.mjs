import { SetupError } from "./errors.mjs";
import { venvPython } from "./paths.mjs";
import { run } from "./run.mjs";

const node = (...args) => [process.execPath, args];
const python = (...args) => [venvPython, ["-m", ...args]];

const CHECKS = {
  types: node("node_modules/typescript/bin/tsc", "-b", ".", "tests"),
  lint: node("node_modules/eslint/bin/eslint.js", "--max-warnings=0", "."),
  format: node("node_modules/prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."),
  imports: node(
    "node_modules/dependency-cruiser/bin/dependency-cruise.mjs",
    "--config",
    ".dependency-cruiser.cjs",
    "src",
  ),
  catalog: node("scripts/catalog.mjs"),
  unused: node("node_modules/knip/bin/knip.js", "--no-progress"),
  "python lint": python("ruff", "check", "--quiet", "--no-cache"),
  "python format": python("ruff", "format", "--check", "--quiet", "--no-cache"),
};

/** Runs the checks whose names hold one of these words, or all of them, and prints a line for each. */
export async function runChecks(words = [], print = (text) => process.stdout.write(text)) {
  const chosen = Object.entries(CHECKS).filter(
    ([name]) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  if (chosen.length === 0) {
    throw new SetupError(`No check is called “${words.join(" ")}”.`, `There are: ${Object.keys(CHECKS).join(", ")}.`);
  }
  const results = await Promise.all(chosen.map(([name, command]) => runCheck(name, command, print)));
  return { passed: results.filter(Boolean).length, failed: results.filter((passed) => !passed).length };
}

async function runCheck(name, [file, args], print) {
  const started = Date.now();
  const { code, output } = await run(file, args, { env: { FORCE_COLOR: "0", NO_COLOR: "1" } });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  print(code === 0 ? `✓ ${name} (${seconds} s)\n` : `✗ ${name} (${seconds} s)\n${output.trimEnd()}\n\n`);
  return code === 0;
}
