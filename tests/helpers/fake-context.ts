import { resolve } from "node:path";
import type { MethodContext } from "../../src/runtime/methods/method.js";

/** A method's world without a runner; what was done to it can be read afterwards. */
export function fakeContext(
  overrides: Partial<MethodContext> = {},
): MethodContext & { printed: string[]; jumps: unknown[]; changes: number } {
  const context = {
    cwd: "/app",
    home: "/home",
    signal: new AbortController().signal,
    input: undefined,
    local: {},
    global: {},
    shells: { run: () => Promise.reject(new Error("this test opens no shell")) },
    environments: { venv: () => Promise.reject(new Error("this test makes no environment")) },
    printed: [] as string[],
    jumps: [] as unknown[],
    changes: 0,
    memoryChanged: () => context.changes++,
    resolvePath: (path: string) => resolve(overrides.cwd ?? "/app", path),
    print: (text: string) => void context.printed.push(text),
    warn: () => undefined,
    jump: (target: unknown) => void context.jumps.push(target),
    ...overrides,
  };
  return context;
}
