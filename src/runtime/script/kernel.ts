import { symlink } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { findProgram } from "../base/find-program.js";
import { findClone, parseGitUri } from "../base/git-uri.js";
import { findFreePort, isPortFree } from "../base/free-port.js";
import { environmentsBelow } from "./environments-below.js";
import { shellsOf } from "./kernel-shells.js";
import { isThere, loadForCode, readJson } from "./load-for-code.js";
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
  /** The platform's name, and the folder that outlives the machine, if there is one. */
  place?: { platform: string; vault: string | null };
  /** Null for a script that never ran. */
  script(path: string): ScriptState | null;
  /** Absolute paths of the scripts that are known. */
  scripts(): string[];
  /** Whether a file is to be taken as there; by default whether it is. */
  isThere?(path: string): boolean;
  /** A free port; by default one is looked for, which needs the network. */
  freePort?(): Promise<number>;
  /** True where nobody may look at ports: each is taken to be free. */
  hasNoPorts?: boolean;
  /** Carries out a built-in method for code of a script; launchers have none. */
  call?(method: string, params: unknown, onData?: (data: unknown) => void): Promise<unknown>;
}

/** `kernel`, as launcher functions and templates see it: the members that launchers in the wild use. */
export function createKernel(facts: KernelFacts) {
  const { home, machine } = facts;
  const inHome = (...parts: string[]): string => resolve(home, ...parts);
  const there = facts.isThere ?? isThere;
  const freePort = facts.freePort ?? (() => findFreePort());
  const isFree = (port: number): Promise<boolean> =>
    facts.hasNoPorts === true ? Promise.resolve(true) : isPortFree(port);
  const find = (...parts: string[]): ScriptState | null => facts.script(inHome(...parts));
  const which = (command: string): string | null => findProgram(command, facts.env()["PATH"]);
  const exists = (...parts: string[]): Promise<boolean> => Promise.resolve(there(inHome(...parts)));
  const load = async (...parts: string[]): Promise<unknown> => (await loadForCode(inHome(...parts))).resolved;

  const byUri = (base: string, ...parts: string[]): ScriptState | null => {
    const path = resolveUri(home, base, ...parts);
    return path === null ? null : facts.script(path);
  };
  const script = {
    resolve: (base: string, ...parts: string[]): string | null => resolveUri(home, base, ...parts),
    exists: (base: string, ...parts: string[]): boolean => {
      const path = resolveUri(home, base, ...parts);
      return path !== null && there(path);
    },
    running: (base: string, ...parts: string[]): boolean => byUri(base, ...parts)?.running ?? false,
    ready: (base: string, ...parts: string[]): boolean => byUri(base, ...parts)?.ready ?? false,
    local: (base: string, ...parts: string[]) => byUri(base, ...parts)?.local ?? {},
    global: (base: string, ...parts: string[]) => byUri(base, ...parts)?.global ?? {},
  };
  const call = async (method: string, params: unknown, onData?: unknown): Promise<unknown> => {
    if (facts.call === undefined) throw new Error(`A launcher's menu cannot use ${method}`);
    return facts.call(method, params, typeof onData === "function" ? (onData as (data: unknown) => void) : undefined);
  };
  const paramsOf = (request: unknown): unknown =>
    typeof request === "object" && request !== null && "params" in request ? request.params : request;

  return {
    ...machine,
    homedir: home,
    path: inHome,
    exists,
    running: (...parts: string[]): boolean => find(...parts)?.running ?? false,
    status: (uri: string, cwd?: string): boolean =>
      facts.script(cwd === undefined ? inHome(uri) : resolve(cwd, uri))?.running ?? false,
    ready: (uri: string): boolean => byUri(uri)?.ready ?? false,
    isScriptReady: (path: string): boolean => find(path)?.ready ?? false,
    local: (...parts: string[]) => find(...parts)?.local ?? {},
    global: (...parts: string[]) => find(...parts)?.global ?? {},
    memory: {
      local: byPath((path) => runningMemory(facts.script(path), "local")),
      global: byPath((path) => facts.script(path)?.global),
    },
    script,
    port: (wanted?: number): Promise<number | boolean> => (wanted === undefined ? freePort() : isFree(wanted)),
    ports: async (count: number): Promise<number[]> => {
      const found: number[] = [];
      for (let from: number | undefined; found.length < count;) {
        const port = facts.hasNoPorts === true ? (from ?? (await freePort())) : await findFreePort(from);
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
      sh: (params: unknown, onData?: unknown) => call("shell.run", params, onData),
      exec: (params: unknown, onData?: unknown) => call("shell.run", params, onData),
      /** What scripts need is found or fetched when they ask for it. */
      install: () => Promise.resolve(undefined),
    },
    exec: (params: unknown, onData?: unknown) => call("shell.run", params, onData),
    ...shellsOf(call),
    wait: (options: unknown) => call("process.wait", { on: options }),
    symlink: async ({ from, to }: { from: string; to: string }): Promise<void> => symlink(inHome(from), inHome(to)),
    fetch: globalThis.fetch,
    sysinfo: machine,
    system: {
      graphics: () => Promise.resolve(machine.graphics),
      cpu: () => Promise.resolve(machine.cpu),
      mem: () => Promise.resolve(machine.mem),
      osInfo: () => Promise.resolve(machine.osInfo),
    },
    userAgent: (): string => `PinokioCloud (${machine.platform} ${machine.arch})`,
    kv: {
      get: (host: string, index = 0): unknown => {
        const known = (readJson(inHome("key.json")) as Record<string, unknown> | undefined)?.[host];
        return Array.isArray(known) ? (known as unknown[])[index] : undefined;
      },
    },
    download: (params: unknown, onData?: unknown) => call("fs.download", params, onData),
    api: {
      running: byPath((path) => (facts.script(path)?.running === true ? true : undefined)),
      filePath: (uri: string, cwd?: string): string | null =>
        cwd === undefined ? resolveUri(home, "~/api", uri) : resolve(cwd, uri),
      process: (request: { uri: string; input?: unknown }) =>
        call("script.start", { uri: request.uri, params: request.input }),
      stop: (request: unknown) => call("script.stop", paramsOf(request)),
    },
    load,
    require: load,
    loader: { load: (path: string) => loadForCode(inHome(path)) },
  };
}

/** `info`, bound to the folder of one launcher file: relative paths mean that folder. */
export function createInfo(facts: KernelFacts, file: string, folder: string) {
  const here = (...parts: string[]): string => resolve(folder, ...parts);
  return {
    exists: (...parts: string[]): boolean => (facts.isThere ?? isThere)(here(...parts)),
    running: (...parts: string[]): boolean => facts.script(here(...parts))?.running ?? false,
    ready: (...parts: string[]): boolean => facts.script(here(...parts))?.ready ?? false,
    local: (...parts: string[]) => facts.script(here(...parts))?.local ?? {},
    global: (...parts: string[]) => facts.script(here(...parts))?.global ?? {},
    path: here,
    cwd: (): string => folder,
    venv: (below = "."): Promise<string[]> => environmentsBelow(here(below)),
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

/** `~/` is the Pinokio home, never the user's. Null for a repository that no app was cloned from. */
export function resolveUri(home: string, base: string, ...parts: string[]): string | null {
  const git = parseGitUri(base);
  if (git !== null) {
    const clone = findClone(join(home, "api"), git.remote);
    return clone === null ? null : resolve(clone, git.path, ...parts);
  }
  const from = base.startsWith("~/") ? join(home, base.slice(2)) : base;
  return resolve(home, from, ...parts);
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
