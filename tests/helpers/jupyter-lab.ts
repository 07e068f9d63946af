import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { signal } from "../../src/runtime/base/processes.js";
import { testHome, type TestHome, until } from "./command-line.js";
import { temporaryFolder } from "./temporary-folder.js";

const CHECKOUT = new URL("../../", import.meta.url).pathname;
const PYTHON = process.env["PINOKIOCLOUD_PYTHON"] ?? join(CHECKOUT, ".venv/bin/python");
const START_LIMIT_MS = 60_000;
const END_LIMIT_MS = 15_000;

export interface JupyterLabOptions {
  /** False: the relay is not there, as in Colab and where somebody installed only the widget. */
  serverExtension?: boolean;
  /** False: neither the panel nor our own widget is there. */
  labextension?: boolean;
  /** Where a hub would put this server. */
  baseUrl?: string;
  /** The name that people reach it by who are not at this machine; browsers have to be told that it is this one. */
  host?: string;
  /** The folder it shows; without it, an empty one of its own. */
  folder?: string;
  theme?: "light" | "dark";
  /** True: whoever opens it is new to PinokioCloud, and is shown the first steps. */
  firstSteps?: boolean;
  /** JupyterLab's own setting: whether notebooks are saved with the state of their widgets. */
  savesWidgets?: boolean;
}

/** A real JupyterLab with nothing of the person's: folders, settings, kernels' history and PinokioCloud's home are its own. */
export interface JupyterLab extends AsyncDisposable {
  readonly folder: string;
  readonly home: TestHome;
  /** Of this start; another one has another. */
  token(): string;
  /** Address of a page of this server, with what lets a browser in. */
  address(path: string, query?: Record<string, string>): string;
  /** Writes a notebook into its folder and returns the address that opens it. */
  notebook(name: string, cells: readonly string[]): string;
  readNotebook(name: string): SavedNotebook;
  log(): string;
  stop(): Promise<void>;
  /** Again at the same port. */
  start(): Promise<void>;
}

export interface SavedNotebook {
  /** The whole file. */
  text: string;
  metadata: { widgets?: unknown };
}

export async function startJupyterLab(options: JupyterLabOptions = {}): Promise<JupyterLab> {
  const { baseUrl = "/", theme = "light", host = "127.0.0.1" } = options;
  const own = temporaryFolder();
  const home = testHome();
  const inOwn = (name: string) => {
    const path = join(own.path, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const folder = options.folder ?? inOwn("folder");
  if (options.firstSteps !== true) {
    writeJson(join(home.path, "library"), "first-steps.json", { version: 1, isOver: true, read: [] });
  }
  const settings = inOwn("settings");
  const apputils = join(settings, "@jupyterlab/apputils-extension");
  writeJson(apputils, "themes.jupyterlab-settings", {
    theme: theme === "dark" ? "JupyterLab Dark" : "JupyterLab Light",
  });
  // Else a pop-up asks whether news are wanted, even where they are switched off.
  writeJson(apputils, "notification.jupyterlab-settings", { fetchNews: "false", checkForUpdates: false });
  writeJson(join(settings, "@jupyter-widgets/jupyterlab-manager"), "plugin.jupyterlab-settings", {
    saveState: options.savesWidgets ?? false,
  });
  const switches = inOwn("switches");
  writeJson(switches, "jupyter_server_config.json", {
    ServerApp: { jpserver_extensions: { pinokiocloud: options.serverExtension ?? true } },
  });
  writeJson(join(switches, "labconfig"), "page_config.json", {
    disabledExtensions: { pinokiocloud: !(options.labextension ?? true) },
  });
  const runtime = inOwn("runtime");
  const logFile = join(own.path, "jupyter.log");
  const port = await freePort();
  const environment = home.environment({
    JUPYTER_CONFIG_DIR: inOwn("config"),
    JUPYTER_CONFIG_PATH: switches,
    JUPYTER_DATA_DIR: inOwn("data"),
    JUPYTER_RUNTIME_DIR: runtime,
    JUPYTERLAB_SETTINGS_DIR: settings,
    JUPYTERLAB_WORKSPACES_DIR: inOwn("workspaces"),
    IPYTHONDIR: inOwn("ipython"),
  });

  let server: ChildProcess | null = null;
  let token = "";

  const start = async () => {
    const log = openSync(logFile, "a", 0o600);
    const child = spawn(PYTHON, ["-m", "jupyterlab", ...switchesOf({ port, folder, baseUrl })], {
      cwd: folder,
      env: environment,
      detached: true,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    server = child;
    const note = await until(
      async () => {
        if (child.exitCode !== null)
          throw new Error(`JupyterLab ended while it started:\n${readFileSync(logFile, "utf8")}`);
        const found = readNote(join(runtime, `jpserver-${child.pid}.json`));
        return found !== null && (await answers(`${found.url}api`)) ? found : null;
      },
      (found) => found !== null,
      START_LIMIT_MS,
    );
    token = note?.token ?? "";
    if (token === "") throw new Error("JupyterLab runs without a token");
  };

  const stop = async () => {
    const child = server;
    server = null;
    if (child?.pid === undefined) return;
    const group = -child.pid;
    signal(group, "SIGTERM");
    await until(
      () => child.exitCode ?? child.signalCode,
      (ended) => ended !== null,
      END_LIMIT_MS,
    ).catch(() => undefined);
    // Kernels have sessions of their own and end with the server; this is for one that was in the middle of something.
    signal(group, "SIGKILL");
  };

  const address = (path: string, query: Record<string, string> = {}) => {
    const url = new URL(`${baseUrl}${path}`, `http://${host}:${port}`);
    for (const [name, value] of Object.entries({ token, ...query })) url.searchParams.set(name, value);
    return url.href;
  };

  const lab: JupyterLab = {
    folder,
    home,
    token: () => token,
    address,
    notebook: (name, cells) => {
      writeJson(folder, name, {
        cells: cells.map((source, index) => ({
          cell_type: "code",
          id: `cell-${index}`,
          metadata: {},
          source,
          outputs: [],
          execution_count: null,
        })),
        metadata: { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } },
        nbformat: 4,
        nbformat_minor: 5,
      });
      // In a workspace of its own: the usual one would bring back what the test before had open.
      return address(`lab/workspaces/${name.replace(/\W/g, "-")}/tree/${name}`);
    },
    readNotebook: (name) => {
      const text = readFileSync(join(folder, name), "utf8");
      return { text, ...(JSON.parse(text) as Omit<SavedNotebook, "text">) };
    },
    log: () => readFileSync(logFile, "utf8"),
    stop,
    start,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await home.run("down");
      const left = await until(home.processes, (pids) => pids.length === 0, END_LIMIT_MS).catch(home.processes);
      const what = left.map(commandOf);
      await home[Symbol.asyncDispose]();
      own[Symbol.dispose]();
      if (left.length > 0) throw new Error(`Left behind by JupyterLab:\n${what.join("\n")}`);
    },
  };
  try {
    await start();
  } catch (error) {
    await lab[Symbol.asyncDispose]();
    throw error;
  }
  return lab;
}

function switchesOf({ port, folder, baseUrl }: { port: number; folder: string; baseUrl: string }): string[] {
  return [
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    `--ServerApp.root_dir=${folder}`,
    `--ServerApp.base_url=${baseUrl}`,
    "--ServerApp.open_browser=False",
    "--ServerApp.allow_remote_access=True",
    "--ServerApp.allow_unauthenticated_access=False",
    ...(process.getuid?.() === 0 ? ["--ServerApp.allow_root=True"] : []),
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
  ];
}

function writeJson(folder: string, name: string, content: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), JSON.stringify(content));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** JupyterLab writes its address and token into a file that only this person can read. */
function readNote(file: string): { url: string; token: string } | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { url: string; token: string };
  } catch {
    return null; // not there yet, or half written
  }
}

export async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { redirect: "manual" });
    return true;
  } catch {
    return false;
  }
}

function commandOf(pid: number): string {
  try {
    return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")}`;
  } catch {
    return `${pid}`;
  }
}
