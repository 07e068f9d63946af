import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { findProgram } from "../../src/runtime/base/find-program.js";

const ROOT = new URL("../../", import.meta.url).pathname;
const PYTHON = findProgram("python3", [join(ROOT, ".venv", "bin"), process.env["PATH"]].join(delimiter)) ?? "python3";
const UV = findProgram("uv", [join(ROOT, ".venv", "bin"), process.env["PATH"]].join(delimiter)) ?? "uv";
const ENV = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/", UV_NO_CONFIG: "1", UV_OFFLINE: "1" };

/** A real environment, made by uv, with wheels that are made for it: `name==version`. */
export function makeVenv(path: string, packages: readonly string[] = []): string {
  mkdirSync(dirname(path), { recursive: true });
  const uv = (...args: string[]) => execFileSync(UV, args, { env: ENV, stdio: "pipe" });
  uv("venv", "--quiet", "--python", PYTHON, path);
  if (packages.length === 0) return path;
  const wheels = join(dirname(path), ".wheels");
  mkdirSync(wheels, { recursive: true });
  for (const one of packages) makeWheel(wheels, one);
  uv(
    "pip",
    "install",
    "--quiet",
    "--python",
    join(path, "bin/python"),
    "--no-index",
    "--find-links",
    wheels,
    ...packages,
  );
  return path;
}

export function makeWheel(folder: string, wanted: string): void {
  const [name = "", version = "1.0"] = wanted.split("==");
  const script = join(ROOT, "tests/fixtures/programs/make-wheel.py");
  execFileSync(PYTHON, [script, folder, name.replaceAll("-", "_"), version, `NAME = "${name}"`]);
}

/** What conda leaves on the disk, made by hand: its records, and a Python. */
export function makeConda(path: string, packages: readonly string[]): string {
  writeAt(join(path, "conda-meta", "history"), "");
  for (const one of packages) {
    const [name = "", version = "1.0"] = one.split("==");
    writeAt(
      join(path, "conda-meta", `${name}-${version}-h1234_0.json`),
      JSON.stringify({
        name,
        version,
        channel: "conda-forge",
        paths_data: { paths: [{ size_in_bytes: 700 }, { size_in_bytes: 300 }] },
      }),
    );
  }
  writeAt(join(path, "bin", "python"), "");
  return path;
}

export function writeAt(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
