import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

type Environment = Record<string, string>;

/** What a kernel, a Jupyter server, npm or a login adds: with it, apps would differ by who started the sidecar. */
const DROPPED = new Set([
  "MPLBACKEND",
  "VIRTUAL_ENV",
  "VIRTUAL_ENV_PROMPT",
  "PYTHONPATH",
  "UV_SYSTEM_PYTHON",
  "PYTHONHOME",
  "PAGER",
  "GIT_PAGER",
  "CLICOLOR",
  "CLICOLOR_FORCE",
  "FORCE_COLOR",
  "NO_COLOR",
  "COLOR",
  "TERM",
  "TERM_PROGRAM",
  "COLORTERM",
  "COLUMNS",
  "LINES",
  "INIT_CWD",
  "NODE",
  "NODE_OPTIONS",
  "NODE_ENV",
  "NODE_CHANNEL_FD",
  "NODE_CHANNEL_SERIALIZATION_MODE",
  "PWD",
  "OLDPWD",
  "SHLVL",
  "_",
  "PS1",
  "CMAKE_MAKE_PROGRAM",
  "CMAKE_GENERATOR",
]);

const DROPPED_STARTS = ["JPY_", "JUPYTER", "PINOKIOCLOUD_", "npm_", "CONDA_", "_CE_", "BLUEFAIRY_", "PYDEVD", "IPY"];

/** Kept although they begin like something that is dropped. */
const KEPT = new Set(["CONDA_PKGS_DIRS", "CONDA_ENVS_PATH"]);

/** The environment the sidecar, its runners and so the apps start from: the same whoever started the sidecar. */
export function cleanEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  exists: (path: string) => boolean = existsSync,
): Environment {
  const clean: Environment = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || DROPPED.has(name)) continue;
    if (!KEPT.has(name) && DROPPED_STARTS.some((start) => name.startsWith(start))) continue;
    clean[name] = value;
  }
  clean["PATH"] = cleanPath(env["PATH"] ?? "", exists);
  return clean;
}

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** `jupyter` and `npm` put their own programs first; apps must not get those. */
function cleanPath(path: string, exists: (path: string) => boolean): string {
  const entries = path
    .split(":")
    .filter((entry) => entry.startsWith("/"))
    .filter((entry) => !/\/node_modules\/\.bin\/?$|\/node-gyp-bin\/?$/.test(entry))
    .filter((entry) => !exists(join(dirname(entry), "pyvenv.cfg")));
  return [...new Set(entries)].join(":") || DEFAULT_PATH;
}
