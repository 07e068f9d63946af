import { expect, test } from "@jest/globals";
import { cleanEnvironment } from "../../../src/runtime/environments/process-env.js";

const venvs = new Set(["/project/.venv/pyvenv.cfg"]);
const clean = (env: Record<string, string>) => cleanEnvironment(env, (path) => venvs.has(path));

test("a kernel, a Jupyter server, npm and a terminal give the same environment", () => {
  const base = { HOME: "/home/ada", PATH: "/usr/local/bin:/usr/bin", LANG: "C.UTF-8", HF_TOKEN: "kept" };
  const kernel = {
    ...base,
    PATH: `/project/.venv/bin:${base.PATH}`,
    VIRTUAL_ENV: "/project/.venv",
    MPLBACKEND: "module://matplotlib_inline.backend_inline",
    JPY_PARENT_PID: "7",
    JPY_SESSION_NAME: "x.ipynb",
    JUPYTERHUB_API_TOKEN: "secret",
    PAGER: "cat",
    TERM: "xterm-color",
    CLICOLOR: "1",
    UV_SYSTEM_PYTHON: "true",
  };
  const npm = {
    ...base,
    PATH: `/project/node_modules/.bin:/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin:${base.PATH}`,
    npm_lifecycle_event: "start",
    INIT_CWD: "/project",
    NODE: "/usr/bin/node",
    PINOKIOCLOUD_NODE: "/n",
  };
  const terminal = { ...base, TERM: "xterm-256color", SHLVL: "1", PWD: "/home/ada", OLDPWD: "/", _: "/usr/bin/env" };
  expect(clean(kernel)).toEqual(base);
  expect(clean(npm)).toEqual(base);
  expect(clean(terminal)).toEqual(base);
});

test("what apps need stays: GPU choice, certificates, proxies, the conda package cache", () => {
  const kept = {
    PATH: "/usr/bin",
    CUDA_VISIBLE_DEVICES: "1",
    SSL_CERT_FILE: "/c",
    HTTPS_PROXY: "http://p",
    CONDA_PKGS_DIRS: "/p",
    LD_LIBRARY_PATH: "/usr/lib64-nvidia",
  };
  expect(clean(kept)).toEqual(kept);
});

test("without a PATH there is still one", () => {
  expect(clean({})["PATH"]).toContain("/usr/bin");
});
