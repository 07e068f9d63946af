// The test programs: each writes its results to a file, from which they are counted.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { cache, root, runtimeNode, venvPython } from "./paths.mjs";

/** A test that loops for ever must not stop the rest. */
const SUITE_LIMIT_MS = 20 * 60_000;

/**
 * Runs jest on the runtime's Node and returns how many tests passed, failed and were skipped. `waits` for tests that wait
 * for other programs half of their time: then more of them go on at once.
 */
export async function runJest(name, projects, filter, { env, waits = false } = {}) {
  const report = freshReport(`${name}.json`);
  const code = await stream(
    runtimeNode(),
    [
      "--experimental-vm-modules",
      "--disable-warning=ExperimentalWarning",
      "--disable-warning=DEP0040", // jest's own
      "node_modules/jest/bin/jest.js",
      "--json",
      `--outputFile=${report}`,
      "--passWithNoTests",
      "--forceExit",
      `--maxWorkers=${Math.ceil(availableParallelism() * (waits ? 1.5 : 1))}`, // jest would leave one core idle
      "--selectProjects",
      ...projects,
      ...(filter.length > 0 ? ["--testPathPattern", filter.join("|")] : []),
    ],
    env,
  );
  const results = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : {};
  const failed = (results.numFailedTests ?? 0) + (results.numRuntimeErrorTestSuites ?? 0);
  return {
    passed: results.numPassedTests ?? 0,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: (results.numPendingTests ?? 0) + (results.numTodoTests ?? 0),
  };
}

const NO_TESTS_COLLECTED = 5;

/** With `output`, what it prints is handed over when it has ended. */
export async function runPytest(filter, output) {
  if (!existsSync(join(root, "tests/python"))) return {};
  const report = freshReport("python.xml");
  const chosen = filter.length > 0 ? ["-k", filter.join(" or ")] : [];
  const args = ["-m", "pytest", `--junitxml=${report}`, "-p", "no:cacheprovider", ...chosen];
  const code = await stream(venvPython, args, {}, output);
  const summary = existsSync(report) ? /<testsuite [^>]*>/.exec(readFileSync(report, "utf8"))[0] : "";
  const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(summary)?.[1] ?? 0);
  const failed = count("errors") + count("failures");
  const skipped = count("skipped");
  return {
    passed: count("tests") - failed - skipped,
    failed: failed === 0 && code !== 0 && code !== NO_TESTS_COLLECTED ? 1 : failed,
    skipped,
  };
}

function freshReport(name) {
  const path = join(cache, "test-results", name);
  mkdirSync(join(path, ".."), { recursive: true });
  rmSync(path, { force: true });
  return path;
}

/** The person sees the output as it comes, without `output`; a test that asks for input gets none. */
function stream(file, args, env, output) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      stdio: output === undefined ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        PINOKIOCLOUD_NODE: runtimeNode(),
        PINOKIOCLOUD_PYTHON: venvPython,
        // A test that names no home of its own must not touch the person's.
        PINOKIOCLOUD_HOME: join(cache, "test-home"),
        PYTHONDONTWRITEBYTECODE: "1",
        ...env,
      },
    });
    const printed = [];
    for (const pipe of [child.stdout, child.stderr]) pipe?.on("data", (chunk) => printed.push(chunk));
    const limit = setTimeout(() => {
      console.error(`Ended after ${SUITE_LIMIT_MS / 60_000} minutes.`);
      child.kill("SIGKILL");
    }, SUITE_LIMIT_MS);
    child.on("error", (error) => console.error(error.message));
    child.on("close", (code) => {
      clearTimeout(limit);
      output?.(Buffer.concat(printed).toString("utf8"));
      resolve(code ?? 1);
    });
  });
}
