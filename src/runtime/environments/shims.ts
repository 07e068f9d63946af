import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram } from "../base/find-program.js";
import { makeFolder } from "../base/make-folder.js";

export interface ShimsWorld {
  home: string;
  /** The Node that runs us, which brings npm. */
  node: string;
  /** Our own command line. */
  commandLine: string;
  /** Where else uv may be: the PATH we were started with. */
  searchPath: string;
}

/** Puts our own programs into `<home>/bin`, and says what went wrong, or null. What is as it should be stays. */
export function writeShims(world: ShimsWorld): string | null {
  try {
    write(world);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function write(world: ShimsWorld): void {
  for (const [name, text] of Object.entries(shimsFor(world))) {
    const file = join(world.home, "bin", name);
    if (text === null) {
      if (isShim(file)) rmSync(file);
      continue;
    }
    if (readText(file) !== text) {
      if (existsSync(file) && !isShim(file)) continue; // somebody put a program of their own there
      replace(file, text);
    } else if ((statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755);
  }
}

/** One that is lost with the power is written again at the next start, so nothing waits for the disk. */
function replace(file: string, text: string): void {
  makeFolder(dirname(file));
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o755 });
  renameSync(temporary, file);
}

const MARK = "# Written by PinokioCloud";

/** Null for what is not here. `<home>/bin/npm` and `bin/bun` are folders, as Pinokio has them: those two lie below. */
function shimsFor({ home, node, commandLine, searchPath }: ShimsWorld): Record<string, string | null> {
  const npm = npmFolder(node);
  const uv = findUv(node, searchPath);
  const viaNode = (script: string): string | null =>
    npm === null ? null : shim(`exec ${quote(node)} ${quote(join(npm, "bin", script))} "$@"`);
  const viaUv = (program: string): string | null => {
    const file = uv === null ? null : join(dirname(uv), program);
    return file !== null && existsSync(file) ? shim(`exec ${quote(file)} "$@"`) : null;
  };
  return {
    node: shim(`exec ${quote(node)} "$@"`),
    "shims/npm": viaNode("npm-cli.js"),
    npx: viaNode("npx-cli.js"),
    uv: viaUv("uv"),
    uvx: viaUv("uvx"),
    hf: uv === null ? null : shim(...hugging(home, uv), 'exec "$hf" "$@"'),
    "huggingface-cli": uv === null ? null : shim(...hugging(home, uv), ...OLD_NAMES, 'exec "$hf" "$@"'),
    "shims/bun": npm === null ? null : shim(...bun(home, "bun")),
    "shims/bunx": npm === null ? null : shim(...bun(home, "bunx")),
    conda: shim(...fetched(home, node, commandLine)),
  };
}

const shim = (...lines: string[]): string => ["#!/bin/sh", MARK, ...lines, ""].join("\n");

/** Installed at its first use, into a folder of its own; what was downloaded before is not downloaded again. */
function hugging(home: string, uv: string): string[] {
  const tools = join(home, "bin", "uv-tools");
  return [
    `UV_TOOL_DIR=${quote(tools)} UV_TOOL_BIN_DIR=${quote(join(tools, "bin"))}`,
    'hf="$UV_TOOL_DIR/huggingface-hub/bin/hf"',
    'if [ ! -x "$hf" ] || [ ! -x "$UV_TOOL_DIR/huggingface-hub/bin/python" ]; then',
    "  echo 'Installing hf of Hugging Face' >&2",
    '  env -u UV_PYTHON_PREFERENCE -u UV_PYTHON_DOWNLOADS -u UV_PYTHON -u VIRTUAL_ENV UV_TOOL_DIR="$UV_TOOL_DIR" \\',
    `    UV_TOOL_BIN_DIR="$UV_TOOL_BIN_DIR" ${quote(uv)} tool install --quiet huggingface_hub >&2 || exit 1`,
    "fi",
  ];
}

/** The program's older name had some commands that are now elsewhere. */
const OLD_NAMES = ['case "${1:-}" in', '  login|logout|whoami) set -- auth "$@" ;;', "esac"];

/** From npm's own registry, where npm puts everything that is global here: in front of this one on PATH. */
function bun(home: string, name: string): string[] {
  const prefix = join(home, "bin", "npm");
  return [
    `bun=${quote(join(prefix, "bin", name))}`,
    `[ -x "$bun" ] || ${quote(join(home, "bin", "shims", "npm"))} install -g --prefix ${quote(prefix)} bun >&2 || exit 1`,
    'exec "$bun" "$@"',
  ];
}

/** A conda that gets one at its first use, for commands that nobody saw coming. */
function fetched(home: string, node: string, commandLine: string): string[] {
  const root = join(home, "bin", "miniforge");
  const get = `${quote(node)} ${quote(commandLine)} tools get conda --home ${quote(home)}`;
  return [`conda=$(${get}) || exit 1`, `export PATH=${quote(join(root, "bin"))}:"$PATH"`, 'exec "$conda" "$@"'];
}

/** `npm` beside a Node cannot be started there when its link became a copy; its own folder always can. */
function npmFolder(node: string): string | null {
  const root = dirname(dirname(node));
  const folders = ["lib/node_modules/npm", "share/nodejs/npm"].map((folder) => join(root, folder));
  return folders.find((folder) => existsSync(join(folder, "bin", "npm-cli.js"))) ?? null;
}

/** The package that carries uv puts it where programs of its Python are; Node lies in that Python's packages. */
function findUv(node: string, searchPath: string): string | null {
  const packages = /^(.*)\/lib\/python3[^/]*\/(?:site|dist)-packages\//.exec(node)?.[1];
  const folders = packages === undefined ? [] : [join(packages, "bin"), join(packages, "local", "bin")];
  return findProgram("uv", [...folders, searchPath].join(":"));
}

const isShim = (file: string): boolean => readText(file)?.includes(MARK) ?? false;

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

const quote = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;
