import { join } from "node:path";
import { PinokioError } from "../protocol/errors.js";
import type { Activation } from "./environment.js";

export type Variables = Record<string, string>;

export interface ShellEnvironmentParts {
  /** What the runner itself was started with. */
  base: Record<string, string | undefined>;
  home: string;
  /** The home's and the app's ENVIRONMENT files; the app's wins. */
  files: readonly Variables[];
  activation: Activation | null;
  /** The step's own variables, which win over everything but what is always set. */
  step: Record<string, unknown>;
  /** Names the step leaves out. */
  without: readonly string[];
  requireVirtualenv: boolean;
  /** Whether a path is there: folders of tools that are not here stay out of PATH. */
  exists(path: string): boolean;
}

/** Builds what a shell of a script sees, in the order that scripts rely on: later parts win. */
export function shellEnvironment(parts: ShellEnvironmentParts): Variables {
  const { base, home, activation, exists } = parts;
  const variables: Variables = { ...inherited(base), ...ALWAYS_OFFERED };
  for (const file of parts.files) Object.assign(variables, file);
  const last = [join(home, "bin"), ...[join(home, "bin", "shims")].filter(exists)];
  variables["PATH"] = [...toolFolders(home).filter(exists), base["PATH"] ?? DEFAULT_PATH, ...last].join(":");
  variables["HISTFILE"] = join(home, "history", "bash_history");
  Object.assign(variables, toolVariables(home), compilers(variables["PATH"], parts));
  if (exists(join(home, "gitconfig"))) variables["GIT_CONFIG_GLOBAL"] = join(home, "gitconfig");
  variables["HF_HUB_DISABLE_UPDATE_CHECK"] ||= "1";
  variables["HF_TOKEN_PATH"] ||= join(home, "cache", "HF_AUTH", "token");

  for (const name of activation?.without ?? []) Reflect.deleteProperty(variables, name);
  Object.assign(variables, activation?.variables);
  if (activation !== null) variables["PATH"] = [...activation.path, variables["PATH"]].join(":");

  applyStep(variables, parts.step);
  for (const name of parts.without) Reflect.deleteProperty(variables, name);
  Object.assign(variables, ALWAYS_SET);
  if (parts.requireVirtualenv) variables["PIP_REQUIRE_VIRTUALENV"] = "true";
  return variables;
}

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const VALID_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const ALWAYS_OFFERED: Variables = {
  CONDA_SHORTCUTS: "0",
  CMAKE_OBJECT_PATH_MAX: "1024",
  PYTORCH_ENABLE_MPS_FALLBACK: "1",
  TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD: "1",
};

const ALWAYS_SET: Variables = {
  CONDA_AUTO_ACTIVATE_BASE: "false",
  PYTHONNOUSERSITE: "1",
  UV_PYTHON_PREFERENCE: "only-managed",
  UV_PYTHON_DOWNLOADS: "automatic",
};

/** Which card to use and which certificates to trust are facts of this machine, so they stay. */
const KEPT = new Set(["CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"]);

const LEFT_OUT = [
  /^BLUEFAIRY_/,
  /^CONDA_(?:PREFIX|EXE|SHLVL|DEFAULT_ENV|PROMPT_MODIFIER|PYTHON_EXE|ROOT)/,
  /^_CE_/,
  /^PYTHONPATH$/,
  /^CMAKE_(?:MAKE_PROGRAM|GENERATOR)$/,
  /^CUDA/,
  /SSH/,
  /SSL/,
];

function inherited(base: Record<string, string | undefined>): Variables {
  const kept: Variables = {};
  for (const [name, value] of Object.entries(base)) {
    if (value === undefined || !VALID_NAME.test(name)) continue;
    if (KEPT.has(name) || !LEFT_OUT.some((pattern) => pattern.test(name))) kept[name] = value;
  }
  return kept;
}

function toolFolders(home: string): string[] {
  const inBin = (...parts: string[]): string => join(home, "bin", ...parts);
  return [
    inBin("npm"),
    inBin("npm", "bin"),
    ...["etc/profile.d", "bin", "condabin", "lib", "Library/bin", "pkgs"].map((folder) => inBin("miniforge", folder)),
    inBin("miniforge"),
    inBin("homebrew", "bin"),
    inBin("homebrew", "Cellar"),
  ];
}

function toolVariables(home: string): Variables {
  const npm = join(home, "bin", "npm");
  const brew = join(home, "bin", "homebrew");
  return {
    NPM_CONFIG_PREFIX: npm,
    npm_config_prefix: npm,
    PNPM_HOME: npm,
    pnpm_home: npm,
    npm_config_cache: join(home, "cache", "npm_config_cache"),
    GH_CONFIG_DIR: join(home, "config", "gh"),
    CONDA_ENVS_PATH: join(home, "bin", "miniforge", "envs"),
    CONDA_PKGS_DIRS: join(home, "bin", "miniforge", "pkgs"),
    BLUEFAIRY_HOME: join(home, "bin", "bluefairy"),
    HOMEBREW_PREFIX: brew,
    HOMEBREW_CELLAR: join(brew, "Cellar"),
    HOMEBREW_REPOSITORY: brew,
    HOMEBREW_CACHE: join(brew, "cache"),
    HOMEBREW_NO_ASK: "1",
  };
}

/** What compilers of CUDA code look for; on a machine that has CUDA, its own is as good as one from conda. */
function compilers(path: string, { base, home, exists }: ShellEnvironmentParts): Variables {
  const compiler = path.split(":").find((folder) => exists(join(folder, "g++")));
  const python = join(home, "bin", "miniforge", "bin", "python");
  const cuda = [join(home, "bin", "miniforge"), base["CUDA_HOME"] || SYSTEM_CUDA, SYSTEM_CUDA].find((folder) =>
    exists(join(folder, "bin", "nvcc")),
  );
  return {
    ...(compiler === undefined ? {} : { NVCC_PREPEND_FLAGS: `-ccbin ${join(compiler, "g++")}` }),
    ...(exists(python) ? { PYTHON: python } : {}),
    ...(cuda === undefined ? {} : { CUDA_HOME: cuda }),
  };
}

const SYSTEM_CUDA = "/usr/local/cuda";

/** A list goes in front of what is there; PATH takes nothing but a list. */
function applyStep(variables: Variables, step: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(step)) {
    if (/^path$/i.test(name)) {
      variables["PATH"] = [...pathEntries(name, value), variables["PATH"] ?? DEFAULT_PATH].join(":");
    } else if (!VALID_NAME.test(name) || value === undefined) {
      continue;
    } else if (Array.isArray(value)) {
      const before = variables[name];
      variables[name] = [...value.map(String), ...(before === undefined || before === "" ? [] : [before])].join(":");
    } else {
      variables[name] = name.startsWith("PINOKIO_ARG_") ? String(value) : String(value).replace(/\r?\n|\r/g, " ");
    }
  }
}

function pathEntries(name: string, value: unknown): string[] {
  if (!Array.isArray(value)) {
    throw new PinokioError("script-invalid", `"${name}" in a step's env is ${JSON.stringify(value)}, not a list`, {
      hint: 'Write it as a list, such as ["/opt/tool/bin"]; it goes in front of the PATH that is there',
    });
  }
  return value.map(String).filter((entry) => entry !== "");
}
