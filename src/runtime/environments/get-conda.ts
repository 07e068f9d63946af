import { accessSync, chmodSync, constants, existsSync, readFileSync, realpathSync, renameSync, rmSync } from "node:fs";
import { arch, homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { writeFileAtomic } from "../base/atomic-file.js";
import { download, reasonOf } from "../base/download.js";
import { findProgram } from "../base/find-program.js";
import { makeFolder } from "../base/make-folder.js";
import { PinokioError } from "../protocol/errors.js";
import { condaProgram } from "./conda-program.js";
import type { CondaSource, EnvironmentTools } from "./environment.js";
import { oneAtATime } from "./one-at-a-time.js";

/** The Python of the base environment, and of environments for which no version is asked. */
export const USUAL_PYTHON = "3.10.20";

const RELEASES = "https://github.com/mamba-org/micromamba-releases/releases/download/2.3.3-0";

/** Where micromamba is published; its checksum lies beside it. */
export const usualCondaSource = (architecture: string = arch()): CondaSource => ({
  url: `${RELEASES}/micromamba-linux-${architecture === "arm64" ? "aarch64" : "64"}`,
  sha256: null,
});

/** Where our own conda is, by the name that scripts know. */
export const condaRoot = (home: string): string => join(home, "bin", "miniforge");

/** The conda that scripts of this home use: our own, else one of the machine that may be changed, else fetched. */
export async function getConda(tools: EnvironmentTools): Promise<string> {
  const own = ownConda(tools.home);
  if (own !== null) return own;
  const ofMachine = condaOfMachine(tools);
  if (ofMachine !== null && isWritable(dirname(dirname(realpathSync(ofMachine))))) {
    writeSettings(tools.home, { isMicromamba: false });
    return ofMachine;
  }
  try {
    return await oneAtATime(join(tools.home, "system", "conda.lock"), tools.signal, async () => {
      return ownConda(tools.home) ?? (await setUp(tools));
    });
  } catch (error) {
    if (ofMachine === null) throw error;
    tools.signal.throwIfAborted();
    tools.warn(`${ofMachine} is used, whose base environment cannot be changed: ${reasonOf(error)}`);
    return ofMachine;
  }
}

/** Null unless it is there whole: with a base environment that has a Python. */
function ownConda(home: string): string | null {
  const folders = ["miniforge/bin", "miniforge/condabin", "miniconda/bin"].map((folder) => join(home, "bin", folder));
  const program = findProgram("conda", folders.join(":"));
  return program !== null && isBaseMade(dirname(dirname(program))) ? program : null;
}

/** Conda itself comes with a base environment; what stands for it beside micromamba needs one to be made. */
const isBaseMade = (root: string): boolean => ["conda", "python"].some((name) => existsSync(join(root, "bin", name)));

/** Ours in `<home>/bin` only fetches it, so it does not count. */
function condaOfMachine(tools: EnvironmentTools): string | null {
  const { condaPlaces = usualPlaces() } = tools;
  return findProgram("conda", [withoutOwn(tools), ...condaPlaces.map((root) => join(root, "bin"))].join(":"));
}

const usualPlaces = (): string[] => [
  "/opt/conda",
  ...["miniforge3", "miniconda3", "anaconda3"].flatMap((name) =>
    ["/opt", "/usr/local", homedir()].map((folder) => join(folder, name)),
  ),
];

function isWritable(root: string): boolean {
  try {
    accessSync(root, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function setUp(tools: EnvironmentTools): Promise<string> {
  const root = condaRoot(tools.home);
  const found = findProgram("micromamba", withoutOwn(tools));
  if (found === null && !existsSync(join(root, "condabin", "micromamba"))) {
    const source = tools.condaSource();
    const file = await fetchConda(source, tools);
    if (file.endsWith(".sh")) return installMiniforge(file, root, tools);
    makeFolder(join(root, "condabin"));
    chmodSync(file, 0o755);
    renameSync(file, join(root, "condabin", "micromamba"));
  }
  return installMicromamba(found ?? join(root, "condabin", "micromamba"), root, tools);
}

const withoutOwn = ({ home, searchPath }: EnvironmentTools): string =>
  searchPath
    .split(":")
    .filter((folder) => !folder.startsWith(join(home, "bin")))
    .join(":");

/** Where packages come from, for whatever conda it is: `CONDARC` of every shell names this file. */
function writeSettings(home: string, { isMicromamba }: { isMicromamba: boolean }): void {
  const file = join(home, "condarc");
  if (existsSync(file)) return;
  const text = [
    "channels:",
    "  - conda-forge",
    "channel_priority: flexible",
    ...(isMicromamba ? [] : ["create_default_packages:", `  - python=${USUAL_PYTHON}`]),
    "remote_connect_timeout_secs: 20.0",
    "remote_read_timeout_secs: 300.0",
    "remote_max_retries: 6",
    "report_errors: false",
  ];
  writeFileAtomic(file, `${text.join("\n")}\n`);
}

const RETRIES = 2;
const SHOWN_EVERY = 0.1;

async function fetchConda(source: CondaSource, { home, signal, note }: EnvironmentTools): Promise<string> {
  const { url } = source;
  const folder = join(home, "cache", "conda");
  note(`Fetching conda from ${url}\r\n`);
  let shown = 0;
  const onProgress = (bytes: number, total: number | null): void => {
    if (total === null || bytes / total < shown + SHOWN_EVERY) return;
    shown = bytes / total;
    note(`${Math.floor(shown * 100)} %\r\n`);
  };
  try {
    const sha256 = source.sha256 ?? (await checksumBeside(url, folder, signal));
    const to = { path: join(folder, basename(new URL(url).pathname)) };
    return (await download({ url, to, sha256, signal, onProgress, retries: RETRIES })).path;
  } catch (error) {
    signal.throwIfAborted();
    throw new PinokioError("tool-missing", `This step needs conda, and it could not be fetched: ${reasonOf(error)}`, {
      hint: `Put conda on PATH or Miniforge into ${condaRoot(home)}, or name a mirror as condaUrl in settings.json; what has arrived is kept`,
      cause: error,
    });
  }
}

async function checksumBeside(url: string, folder: string, signal: AbortSignal): Promise<string> {
  const path = join(folder, "checksum");
  rmSync(path, { force: true }); // another file's may be of the same length
  const file = await download({ url: `${url}.sha256`, to: { path }, signal, retries: RETRIES });
  const found = /\b[0-9a-f]{64}\b/i.exec(readFileSync(file.path, "utf8"))?.[0];
  if (found !== undefined) return found;
  throw new PinokioError("step-failed", `${url}.sha256 holds no checksum`);
}

async function installMiniforge(installer: string, root: string, tools: EnvironmentTools): Promise<string> {
  writeSettings(tools.home, { isMicromamba: false });
  rmSync(root, { recursive: true, force: true }); // what an interrupted installation left
  const exitCode = await tools.run("/bin/bash", [installer, "-b", "-p", root], tools.home);
  const program = join(root, "bin", "conda");
  if (exitCode !== 0 || findProgram(program, "") === null) throw notInstalled(installer);
  writeFileAtomic(join(root, "conda-meta", "pinned"), `python ${USUAL_PYTHON.replace(/\.\d+$/, ".*")}\n`);
  rmSync(installer, { force: true });
  return program;
}

/** micromamba answers to conda's name, and its root is a base environment with a Python, as conda's is. */
async function installMicromamba(micromamba: string, root: string, tools: EnvironmentTools): Promise<string> {
  const program = join(root, "condabin", "conda");
  writeSettings(tools.home, { isMicromamba: true });
  writeFileAtomic(program, condaProgram({ micromamba, root, python: USUAL_PYTHON }), 0o755);
  // With a history, micromamba takes the folder for an environment; pinned, nothing replaces its Python.
  writeFileAtomic(join(root, "conda-meta", "history"), "");
  writeFileAtomic(join(root, "conda-meta", "pinned"), `python ${USUAL_PYTHON.replace(/\.\d+$/, ".*")}\n`);
  const base = ["install", "-y", "-p", root, `python=${USUAL_PYTHON}`, "pip"];
  if ((await tools.run(program, base, tools.home)) !== 0 || !isBaseMade(root)) throw notInstalled(micromamba);
  return program;
}

const notInstalled = (what: string): PinokioError =>
  new PinokioError("step-failed", `Conda could not be set up with ${what}`, {
    hint: "The output says why; run the script again to go on",
  });
