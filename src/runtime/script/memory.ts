import os from "node:os";
import path, { dirname, relative, resolve } from "node:path";
import { createKernel, type KernelFacts } from "./kernel.js";
import { isThere } from "./load-for-code.js";
import type { Scope } from "./template.js";

/** What stays the same while a script runs. */
export interface RunWorld {
  /** Absolute path of the script. */
  file: string;
  args: unknown;
  facts: KernelFacts;
  local(): Record<string, unknown>;
  global(): Record<string, unknown>;
  self(): unknown;
}

/** Where in its list a script is. */
export interface Position {
  input: unknown;
  current: number;
  /** The step that follows in the list, whatever the step's own `next` says; null for the last one. */
  next: number | null;
}

/** Names whose value takes time to find out; they are asked for only when a step mentions them. */
export type SlowNames = Readonly<Record<string, () => Promise<unknown>>>;

/** Makes the names that templates see, in the order of precedence that scripts rely on. */
export function createMemory(world: RunWorld) {
  const { facts, file } = world;
  const folder = dirname(file);
  const kernel = createKernel(facts);
  const here = (...parts: string[]): string => resolve(folder, ...parts);

  const lowest: Scope = scope(null, { ...ofPlace(facts, file), os, path });
  Object.defineProperty(lowest, "timestamp", { get: () => new Date().toISOString(), enumerable: true });
  const ofRun: Scope = scope(lowest, {
    args: world.args,
    uri: file,
    cwd: folder,
    dirname: folder,
    name: relative(resolve(facts.home, "api"), folder),
    exists: (...parts: string[]) => (facts.isThere ?? isThere)(here(...parts)),
    // `undefined` rather than `false`: a text that embeds it stays as it is.
    running: (...parts: string[]) => facts.script(here(...parts))?.running || undefined,
    ready: (...parts: string[]) => facts.script(here(...parts))?.ready ?? false,
    script: kernel.script,
    key: () => undefined,
  });
  Object.defineProperties(ofRun, {
    local: { get: world.local, enumerable: true },
    global: { get: world.global, enumerable: true },
    self: { get: world.self, enumerable: true },
  });

  /** Wins over what the run says, and is the same for every step. */
  const ofMachine: Scope = scope(ofRun, {
    ...facts.machine,
    kernel,
    which: kernel.which,
    proxy: (port: number) => `http://localhost:${port}`,
  });
  const env = { get: () => facts.env(), enumerable: true };
  Object.defineProperties(ofMachine, { env, envs: env });

  return {
    kernel,
    /** Names of one step. */
    scopeAt(position: Position, slow: Record<string, unknown>): Scope {
      const names = scope(ofMachine, { ...position });
      for (const [name, value] of Object.entries(slow)) if (!Object.hasOwn(ofMachine, name)) names[name] = value;
      return names;
    },
    /** What a list made by a function receives, besides the kernel and `info`. */
    contextFor(action: string, info: unknown, slow: Record<string, unknown>): Record<string, unknown> {
      const context: Record<string, unknown> = {};
      const names = this.scopeAt({ input: world.args, current: 0, next: null }, slow);
      for (const key in names) context[key] = names[key];
      return { ...context, info, action, script: world.self() };
    },
  };
}

export type Memory = ReturnType<typeof createMemory>;

/** Which of the slow names a text mentions. */
export function namesIn(text: string, slow: SlowNames): string[] {
  return Object.keys(slow).filter((name) => new RegExp(`(?<![\\w$.])${name.replace("$", "\\$")}(?![\\w$])`).test(text));
}

/** Asks for the slow names a step mentions. */
export async function resolveNames(names: readonly string[], slow: SlowNames): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const name of names) found[name] = await slow[name]?.();
  return found;
}

/** Names that Pinokio does not know: whatever else has such a name wins. */
function ofPlace({ home, place }: KernelFacts, file: string): Scope {
  const [app = ""] = relative(resolve(home, "api"), file).split("/");
  return {
    app: app === "" || app === ".." ? null : app,
    home,
    cloud_platform: place?.platform ?? "local",
    drive: place?.vault ?? null,
  };
}

function scope(parent: Scope | null, names: Record<string, unknown>): Scope {
  return Object.assign(Object.create(parent) as Scope, names);
}
