import { accessSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { findProgram } from "../base/find-program.js";
import { findFreePort, isPortFree } from "../base/free-port.js";
import { parseJsonc } from "./jsonc.js";
import type { MachineNames } from "./machine-names.js";

/** What is known about one script, by its absolute path. */
export interface ScriptState {
  running: boolean;
  ready: boolean;
  local: Record<string, unknown>;
  global: Record<string, unknown>;
}

/** What scripts and launchers may ask about the world, answered at once from what this process knows. */
export interface KernelFacts {
  home: string;
  machine: MachineNames;
  env(): Record<string, string | undefined>;
  /** Null for a script that never ran. */
  script(path: string): ScriptState | null;
  /** Absolute paths of the scripts that are known. */
  scripts(): string[];
}

/** `kernel`, as launcher functions and templates see it: the members that launchers in the wild use. */
export function createKernel(facts: KernelFacts) {
  const { home, machine } = facts;
  const inHome = (...parts: string[]): string => resolve(home, ...parts);
  const find = (...parts: string[]): ScriptState | null => facts.script(inHome(...parts));
  const which = (command: string): string | null => findProgram(command, facts.env()["PATH"]);
  const exists = (...parts: string[]): Promise<boolean> => Promise.resolve(isThere(inHome(...parts)));
  const load = (...parts: string[]): unknown => readJson(inHome(...parts));

  const script = {
    resolve: (base: string, ...parts: string[]): string => resolveUri(home, base, ...parts),
    exists: (base: string, ...parts: string[]): boolean => isThere(resolveUri(home, base, ...parts)),
    running: (base: string, ...parts: string[]): boolean =>
      facts.script(resolveUri(home, base, ...parts))?.running ?? false,
    ready: (base: string, ...parts: string[]): boolean =>
      facts.script(resolveUri(home, base, ...parts))?.ready ?? false,
    local: (base: string, ...parts: string[]) => facts.script(resolveUri(home, base, ...parts))?.local ?? {},
    global: (base: string, ...parts: string[]) => facts.script(resolveUri(home, base, ...parts))?.global ?? {},
  };

  return {
    ...machine,
    homedir: home,
    path: inHome,
    exists,
    running: (...parts: string[]): boolean => find(...parts)?.running ?? false,
    status: (uri: string, cwd?: string): boolean =>
      facts.script(cwd === undefined ? inHome(uri) : resolve(cwd, uri))?.running ?? false,
    ready: (uri: string): boolean => facts.script(resolveUri(home, uri))?.ready ?? false,
    isScriptReady: (path: string): boolean => find(path)?.ready ?? false,
    local: (...parts: string[]) => find(...parts)?.local ?? {},
    global: (...parts: string[]) => find(...parts)?.global ?? {},
    memory: {
      local: byPath((path) => runningMemory(facts.script(path), "local")),
      global: byPath((path) => facts.script(path)?.global),
    },
    script,
    port: (wanted?: number): Promise<number | boolean> => (wanted === undefined ? findFreePort() : isPortFree(wanted)),
    ports: async (count: number): Promise<number[]> => {
      const found: number[] = [];
      for (let from: number | undefined; found.length < count;) {
        const port = await findFreePort(from);
        found.push(port);
        from = port + 1;
      }
      return found;
    },
    which,
    get envs() {
      return facts.env();
    },
    env: () => Promise.resolve(facts.env()),
    template: { vals: { ...machine, which } },
    bin: {
      path: (...parts: string[]): string => inHome("bin", ...parts),
      exists: (...parts: string[]): Promise<boolean> => exists("bin", ...parts),
    },
    load: (...parts: string[]) => Promise.resolve(load(...parts)),
    require: (...parts: string[]) => Promise.resolve(load(...parts)),
    loader: { load: (path: string) => Promise.resolve({ resolved: load(path) }) },
  };
}

/** `info`, bound to the folder of one launcher file: relative paths mean that folder. */
export function createInfo(facts: KernelFacts, file: string, folder: string) {
  const here = (...parts: string[]): string => resolve(folder, ...parts);
  return {
    exists: (...parts: string[]): boolean => isThere(here(...parts)),
    running: (...parts: string[]): boolean => facts.script(here(...parts))?.running ?? false,
    ready: (...parts: string[]): boolean => facts.script(here(...parts))?.ready ?? false,
    local: (...parts: string[]) => facts.script(here(...parts))?.local ?? {},
    global: (...parts: string[]) => facts.script(here(...parts))?.global ?? {},
    path: here,
    cwd: (): string => folder,
    caller: (): string => file,
    scriptsByApi: (): Record<string, { uri: string; local: Record<string, unknown> }[]> => {
      const apps: Record<string, { uri: string; local: Record<string, unknown> }[]> = {};
      const api = join(facts.home, "api");
      for (const path of facts.scripts()) {
        const state = facts.script(path);
        if (state === null || !state.running || !path.startsWith(`${api}/`)) continue;
        const app = path.slice(api.length + 1).split("/")[0] ?? basename(path);
        (apps[app] ??= []).push({ uri: path, local: state.local });
      }
      return apps;
    },
  };
}

/** `~/` is the Pinokio home, never the user's. Addresses of repositories are looked up elsewhere. */
export function resolveUri(home: string, base: string, ...parts: string[]): string {
  const from = base.startsWith("~/") ? join(home, base.slice(2)) : base;
  return resolve(home, from, ...parts);
}

export function isThere(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false; // not there, or not ours to know
  }
}

// 63 launchers read `kernel.memory.local[path]`, which is undefined unless that script runs.
const runningMemory = (state: ScriptState | null, key: "local" | "global") =>
  state?.running === true ? state[key] : undefined;

function byPath(read: (path: string) => unknown): Record<string, unknown> {
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, key) => (typeof key === "string" ? read(key) : undefined),
      has: (_, key) => typeof key === "string" && read(key) !== undefined,
    },
  );
}

function readJson(path: string): unknown {
  try {
    return parseJsonc(readFileSync(path, "utf8"), path).value;
  } catch {
    return undefined;
  }
}
