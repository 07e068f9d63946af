// pm2 and supervisord as their packages hold them, fetched into a folder of their own: the project needs neither.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const runProgram = promisify(execFile);

const FETCH_LIMIT_MS = 180_000;
const VERSIONS = { pm2: "6.0.14", supervisor: "4.3.0" };
const RECORDED = JSON.parse(readFileSync(new URL("./peers-recorded.json", import.meta.url), "utf8"));

/** Folder of the npm package, or null, which is said. */
export const fetchPm2 = ({ root }) =>
  fetchOnce(root, "pm2", async (folder) => {
    mkdirSync(folder, { recursive: true });
    const flags = ["--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"];
    await runProgram("npm", ["install", ...flags, `pm2@${VERSIONS.pm2}`], { cwd: folder, timeout: FETCH_LIMIT_MS });
  }).then((folder) => (folder === null ? null : { folder: join(folder, "node_modules/pm2"), version: VERSIONS.pm2 }));

/** Folder of the programs of the Python package, or null, which is said. */
export const fetchSupervisord = ({ root, python }) =>
  fetchOnce(root, "supervisor", async (folder) => {
    await runProgram(python, ["-m", "venv", folder], { timeout: FETCH_LIMIT_MS });
    const flags = ["--quiet", "--disable-pip-version-check"];
    await runProgram(
      join(folder, "bin/python"),
      ["-m", "pip", "install", ...flags, `supervisor==${VERSIONS.supervisor}`],
      {
        timeout: FETCH_LIMIT_MS,
      },
    );
  }).then((folder) => (folder === null ? null : { folder: join(folder, "bin"), version: VERSIONS.supervisor }));

/** "pm2 6.0.14 120 MB/s (recorded)" for a table's last column; nothing when nothing was recorded. */
export const recordedOf = (what) =>
  Object.entries(RECORDED.figures)
    .flatMap(([peer, figures]) => (what in figures ? [`${peer} ${figures[what]} (recorded)`] : []))
    .join("; ");

async function fetchOnce(root, name, fetch) {
  const folder = join(root, ".cache/peers", `${name}-${VERSIONS[name]}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    await fetch(folder);
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const [why] = String(error.stderr || error.message)
      .trim()
      .split("\n")
      .slice(-1);
    console.log(`  ${name} ${VERSIONS[name]} could not be fetched (${why}): what was recorded is shown instead.`);
    return null;
  }
}
