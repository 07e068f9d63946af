import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { isInside } from "../base/inside-folder.js";
import { namesIn } from "../base/names-in.js";
import type { FreeWorld } from "./freeable.js";

const MANAGERS = new Set([
  "pip",
  "pip3",
  "uv",
  "uvx",
  "npm",
  "npx",
  "pnpm",
  "yarn",
  "conda",
  "mamba",
  "brew",
  "poetry",
]);

/** Why nothing may go that an install may be using, or null. */
export function installObstacle(world: FreeWorld): string | null {
  const [busy] = world.atWork().filter(({ isReady }) => !isReady);
  if (busy !== undefined) return `${busy.title} may be using it: wait for its end, or stop it`;
  for (const pid of processes()) {
    const manager = managerOf(pid, world.home);
    if (manager !== null) return `${manager} is at work: wait for its end`;
  }
  return null;
}

/** Why nothing may go that any program may be using, or null. */
export function runObstacle(world: FreeWorld): string | null {
  const [first] = world.atWork();
  return first === undefined ? null : `${first.title} may be using it: stop it first`;
}

/** A file below a folder that some program has open, or null. */
export function openBelow(folder: string, open: ReadonlySet<string>): string | null {
  const real = realOf(folder);
  for (const file of open) if (isInside(real, file)) return file;
  return null;
}

/** Whether a program works with an environment: one of it, or one that was started in it. */
export function isWorkedWith(environment: string): boolean {
  const real = realOf(environment);
  return processes().some((pid) => {
    const [program = ""] = entriesOf(pid, "cmdline");
    const places = [program, link(pid, "exe"), link(pid, "cwd")];
    const named = entriesOf(pid, "environ").some((entry) =>
      [`VIRTUAL_ENV=${environment}`, `CONDA_PREFIX=${environment}`].includes(entry),
    );
    return (
      named || places.some((path) => path.startsWith("/") && [environment, real].some((one) => isInside(one, path)))
    );
  });
}

/** As the system tells places of programs. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const processes = (): string[] =>
  namesIn("/proc").filter((entry) => /^\d+$/.test(entry) && entry !== String(process.pid));

/** The package manager with caches in this home that a process is, or null: `python -m pip` is one too. */
function managerOf(pid: string, home: string): string | null {
  const words = entriesOf(pid, "cmdline").slice(0, 3);
  const names = words.map((word) => basename(word).replace(/(?:-cli)?\.(?:c?js|py|exe)$/, ""));
  const manager = names.find((name) => MANAGERS.has(name)) ?? null;
  const cachesHere = (): boolean => entriesOf(pid, "environ").some((entry) => entry.includes(`=${home}/cache/`));
  return manager !== null && cachesHere() ? manager : null;
}

function entriesOf(pid: string, file: "cmdline" | "environ"): string[] {
  try {
    return readFileSync(join("/proc", pid, file), "latin1").split("\0");
  } catch {
    return []; // gone, or not ours to look at
  }
}

function link(pid: string, name: "exe" | "cwd"): string {
  try {
    return readlinkSync(join("/proc", pid, name));
  } catch {
    return "";
  }
}
