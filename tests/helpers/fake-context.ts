import { resolve } from "node:path";
import type { MethodContext } from "../../src/runtime/methods/method.js";

interface FakeContext extends MethodContext {
  readonly printed: string[];
  readonly notes: string[];
  readonly jumps: unknown[];
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
    shells: { run: () => Promise.reject(new Error("this test opens no shell")) },
    environments: { venv: () => Promise.reject(new Error("this test makes no environment")) },
    printed: [],
    notes: [],
    jumps: [],
    changes: 0,
    memoryChanged: () => void context.changes++,
    resolvePath: (path) => resolve(overrides.cwd ?? "/app", path),
    print: (text) => void context.printed.push(text),
    note: (text) => void context.notes.push(text),
    warn: () => undefined,
    jump: (target) => void context.jumps.push(target),
    ...overrides,
  };
  return context;
}
