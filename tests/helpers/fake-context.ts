import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { findProgram } from "../../src/runtime/base/find-program.js";
import type { EnvironmentProvider, Method, MethodContext, Programs, Shells } from "../../src/runtime/methods/method.js";

interface FakeContext extends MethodContext {
  readonly printed: string[];
  readonly notes: string[];
  readonly jumps: unknown[];
  readonly told: { kind: string; params: unknown }[];
  readonly warnings: string[];
  changes: number;
}

/** A method's world without a runner; what was done to it can be read afterwards. */
export function fakeContext(overrides: Partial<MethodContext> = {}): FakeContext {
  const context: FakeContext = {
    cwd: "/app",
    home: "/home",
    signal: new AbortController().signal,
    input: undefined,
    local: {},
    global: {},
    shells: noShells(),
    environments: noEnvironments(),
    programs: realPrograms(),
    app: overrides.cwd ?? "/app",
    env: () => ({}),
    setEnvironment: () => undefined,
    load: () => Promise.reject(new Error("this test loads no file")),
    tell: (kind, params) => void context.told.push({ kind, params }),
    told: [],
    warnings: [],
    printed: [],
    notes: [],
    jumps: [],
    changes: 0,
    memoryChanged: () => void context.changes++,
    resolvePath: (path, from) => resolve(from ?? overrides.cwd ?? "/app", path),
    keep: () => undefined,
    mayAskLinkLocal: false,
    takesLinks: true,
    checkRoom: () => Promise.resolve(),
    print: (text) => void context.printed.push(text),
    note: (text) => void context.notes.push(text),
    warn: (message) => void context.warnings.push(message),
    ask: () => Promise.reject(new Error("this test asks nobody")),
    scripts: {
      find: () => null,
      fileOf: () => null,
      start: () => Promise.reject(new Error("this test starts no script")),
      stop: () => Promise.resolve(),
      restart: () => Promise.resolve(),
      output: () => Promise.resolve(""),
    },
    trigger: () => undefined,
    runProgram: () => Promise.reject(new Error("this test runs no program")),
    step: {},
    file: "/app/start.json",
    args: {},
    jump: (target) => void context.jumps.push(target),
    ...overrides,
  };
  return context;
}

export function noEnvironments(): EnvironmentProvider {
  const refuse = (): Promise<never> => Promise.reject(new Error("this test makes no environment"));
  return { venv: refuse, conda: refuse };
}

export function noShells(): Shells {
  const refuse = (): Promise<never> => Promise.reject(new Error("this test opens no shell"));
  return { run: refuse, start: refuse, type: refuse, stop: refuse };
}

/** Programs of the machine that runs the test. */
function realPrograms(): Programs {
  return {
    find: (name) => findProgram(name, process.env["PATH"]),
    run: ({ program, args, cwd, env, input }) => {
      const result = spawnSync(program, args, { cwd, input, env: { ...process.env, ...(env as NodeJS.ProcessEnv) } });
      return Promise.resolve({ exitCode: result.status, stdout: result.stdout, stderr: result.stderr });
    },
  };
}

/** Checks the parameters as a run does, then calls the method. */
export async function callChecked(method: Method, params: unknown, context: MethodContext): Promise<unknown> {
  return method.run(method.params.parse(params), context);
}
