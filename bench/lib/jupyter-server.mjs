// A Jupyter server with our extension, in folders and on a port of its own.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endProcess } from "./processes.mjs";

const START_LIMIT_MS = 60_000;

/** `lab` true: JupyterLab is served too, at `address`. */
export async function startJupyterServer({ python, root, folder }, env, { lab = false } = {}) {
  const place = mkdtempSync(join(folder, "jupyter-"));
  const [config, data, runtime, files] = ["config", "data", "runtime", "files"].map((name) => join(place, name));
  for (const path of [join(config, "jupyter_server_config.d"), data, runtime, files])
    mkdirSync(path, { recursive: true });
  const enabled = { ServerApp: { jpserver_extensions: { pinokiocloud: true, ...(lab && { jupyterlab: true }) } } };
  writeFileSync(join(config, "jupyter_server_config.d/pinokiocloud.json"), JSON.stringify(enabled));

  const token = randomBytes(16).toString("hex");
  const log = openSync(join(place, "log.txt"), "w");
  const child = spawn(
    python,
    [
      ...["-m", "jupyter_server", "--no-browser", "--allow-root"],
      ...["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", `--ServerApp.root_dir=${files}`],
      ...(lab ? ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"] : []),
    ],
    {
      cwd: files,
      stdio: ["ignore", log, log],
      env: {
        ...env,
        PYTHONPATH: root,
        JUPYTER_TOKEN: token,
        JUPYTER_CONFIG_DIR: config,
        JUPYTER_DATA_DIR: data,
        JUPYTER_RUNTIME_DIR: runtime,
      },
    },
  );
  closeSync(log);

  for (const end = Date.now() + START_LIMIT_MS; ; await sleep(50)) {
    const facts = readFacts(join(runtime, `jpserver-${child.pid}.json`));
    if (facts !== null && (await answers(facts.port))) {
      return {
        pid: child.pid,
        files,
        address: `http://127.0.0.1:${facts.port}/lab?token=${token}&pinokiocloud=panel`,
        relayUrl: `ws://127.0.0.1:${facts.port}/pinokiocloud/ws?token=${token}`,
        end: () => endProcess(child.pid),
      };
    }
    if (child.exitCode !== null || Date.now() > end) {
      await endProcess(child.pid);
      throw new Error(`The Jupyter server did not start:\n${readFileSync(join(place, "log.txt"), "utf8")}`);
    }
  }
}

/** The server writes its port here before it listens. */
function readFacts(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

async function answers(port) {
  try {
    await fetch(`http://127.0.0.1:${port}/api`);
    return true;
  } catch {
    return false;
  }
}
