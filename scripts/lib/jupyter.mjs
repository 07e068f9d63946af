import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OutputError, SetupError } from "./errors.mjs";
import { cache, jupyterLog, root, venv, venvPython } from "./paths.mjs";
import { run } from "./run.mjs";
import { writeAtomically } from "./stamps.mjs";

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;

export function readAddress({ PORT = "8888", HOST = "127.0.0.1" }) {
  const port = Number(PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SetupError(`PORT is “${PORT}”, which is not a port.`, "Give a number from 1 to 65535.");
  }
  return { port, host: HOST };
}

/** Whoever reaches JupyterLab can run programs here, so other machines may reach it only when it asks who they are. */
export async function checkHost({ host }) {
  if (isLoopback(host)) return;
  const { code, output } = await run(venvPython, ["scripts/lib/jupyter-auth.py"]);
  if (code !== 0) {
    throw new SetupError(
      `HOST is “${host}”, and JupyterLab's settings could not be read: ${output.trim().split("\n").at(-1)}`,
      "Correct them, or leave HOST unset.",
    );
  }
  if (output.trim().split("\n").at(-1) !== "on") {
    throw new SetupError(
      `HOST is “${host}”, but your Jupyter settings switch off both token and password, so everybody there could run programs here.`,
      "Remove the empty token from your Jupyter settings (jupyter --paths says where they are), or leave HOST unset.",
    );
  }
}

export function isLoopback(host) {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Starts JupyterLab in a process group of its own, so that Ctrl-C reaches only us.
 * `answers` gives the address to open, and stays silent once JupyterLab was told to stop.
 */
export function startJupyter(address) {
  mkdirSync(cache, { recursive: true });
  answerQuestions();
  const log = openSync(jupyterLog, "w", 0o600);
  const child = spawn(venvPython, ["-m", "jupyterlab", ...jupyterArguments(address)], {
    cwd: root,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const state = { over: false, stopping: false };
  const ended = new Promise((resolve) => child.once("exit", resolve).once("error", resolve)).then(() => {
    state.over = true;
  });

  function signal(name) {
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }
  async function stop() {
    state.stopping = true;
    signal("SIGTERM");
    const late = await Promise.race([ended.then(() => false), sleep(STOP_LIMIT_MS, true, { ref: false })]);
    if (late) signal("SIGKILL");
    await ended;
  }
  const kill = () => signal("SIGKILL");
  const answers = waitForAnswer(child.pid, address.host, state).catch((error) => {
    kill();
    throw error;
  });
  return { answers, ended, stop, kill };
}

function jupyterArguments({ host, port }) {
  return [
    `--ServerApp.ip=${host}`,
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=50",
    `--ServerApp.root_dir=${root}`,
    "--ServerApp.open_browser=False",
    "--ServerApp.allow_unauthenticated_access=False",
    // As root, JupyterLab runs only when told to.
    ...(process.getuid?.() === 0 ? ["--ServerApp.allow_root=True"] : []),
    // This JupyterLab is updated with the checkout.
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
  ];
}

/** JupyterLab's news are switched off, yet it asks whether they are wanted until a setting says so. */
function answerQuestions() {
  const settings = { "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false } };
  const folder = join(venv, "share/jupyter/lab/settings");
  mkdirSync(folder, { recursive: true });
  writeAtomically(join(folder, "overrides.json"), JSON.stringify(settings));
}

async function waitForAnswer(pid, host, state) {
  const runtimeDir = await run(venvPython, [
    "-c",
    "from jupyter_core.paths import jupyter_runtime_dir as d; print(d())",
  ]);
  const noteFile = join(runtimeDir.output.trim(), `jpserver-${pid}.json`);
  const started = Date.now();
  while (!state.over && !state.stopping && Date.now() - started < START_LIMIT_MS) {
    const note = readNote(noteFile);
    if (note && (await answers(`${note.url}api`))) return landingUrl(note, host);
    await sleep(50);
  }
  if (state.stopping) return new Promise(() => {});
  const what = state.over ? "JupyterLab ended while it started." : "JupyterLab does not answer.";
  throw new OutputError(`${readFileSync(jupyterLog, "utf8")}${what}`);
}

/** JupyterLab writes its port and token into a file that only this person can read. */
function readNote(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null; // not there yet, or half written
  }
}

async function answers(url) {
  try {
    await fetch(url, { redirect: "manual" });
    return true;
  } catch {
    return false;
  }
}

function landingUrl({ url, token }, host) {
  const landing = new URL("lab/tree/notebooks/PinokioCloud.ipynb", url);
  if (["localhost", "0.0.0.0", "::"].includes(host)) landing.hostname = "127.0.0.1";
  if (token) landing.searchParams.set("token", token);
  landing.searchParams.set("pinokiocloud", "panel");
  return landing.href;
}
