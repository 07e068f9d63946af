import type { CheckMachine } from "../protocol/check.js";
import type { KernelFacts } from "../script/kernel.js";
import { createMemory, type Position } from "../script/memory.js";
import type { Scope } from "../script/template.js";
import { isForeignProgram } from "./commands.js";
import { type Unknown, UNKNOWN, type Watch } from "./unknown.js";

/** What a script keeps from step to step, as far as a walk knows it. */
export interface Memory {
  local: Readonly<Record<string, unknown>>;
  input: unknown;
}

export interface NamesOptions {
  /** Absolute path of the script. */
  file: string;
  /** What templates see as `self`. */
  self: Record<string, unknown>;
  args: unknown;
  machine: CheckMachine;
  facts: KernelFacts;
  /** Whether something of the app makes a JSON file of this name, or it is there already. */
  hasJson(name: string): boolean;
  watch: Watch;
}

/** Names that the engine looks up only when a step says them. */
const SLOW = ["port", "_"];

/** What these say is the same on every run. */
const CERTAIN = new Set(["platform", "arch", "gpu", "os", "path", "cwd", "dirname", "uri", "name", "pip"]);

/** The names of the engine, with what can be known about each before a script runs. */
export function namesFor(options: NamesOptions): (memory: Memory, position: Position) => Scope {
  const { file, args, machine, facts, watch, self } = options;
  const engine = createMemory({ file, args, facts, local: () => ({}), global: () => ({}), self: () => self });
  const graphics = graphicsNames(machine);
  const which = (name: unknown): unknown => (isForeignProgram(String(name), machine) ? null : watch.lift(UNKNOWN));
  const kernel = new Proxy(
    {},
    {
      get: (_, key) => {
        if (typeof key !== "string") return undefined;
        if (Object.hasOwn(graphics, key)) return watch.lift(graphics[key]);
        if (key === "which") return which;
        if (CERTAIN.has(key)) return Reflect.get(engine.kernel, key) as unknown;
        return watch.lift(UNKNOWN);
      },
    },
  );
  const selfView = new Proxy(self, {
    get: (target, key) => {
      const own: unknown = Reflect.get(target, key, target);
      if (typeof own === "function") return own.bind(target) as unknown;
      if (own === undefined && typeof key === "string" && options.hasJson(key)) return watch.lift(UNKNOWN);
      return own;
    },
  });
  const everything = new Proxy(
    {},
    {
      get: (_, key) => (typeof key === "string" ? watch.lift(UNKNOWN) : undefined),
      has: () => true,
    },
  );

  return (memory, position) => {
    const known = engine.scopeAt(position, Object.fromEntries(SLOW.map((name) => [name, undefined])));
    const scope = Object.create(null) as Scope;
    const define = (name: string, get: () => unknown): void => {
      Object.defineProperty(scope, name, { get, set: () => undefined, enumerable: true, configurable: true });
    };
    for (const name in known) {
      if (CERTAIN.has(name) || name === "current" || name === "next") {
        const value = known[name];
        define(name, () => value);
      } else if (name === "env" || name === "envs") define(name, () => everything);
      else define(name, () => watch.lift(Object.hasOwn(graphics, name) ? graphics[name] : UNKNOWN));
    }
    define("kernel", () => kernel);
    define("which", () => which);
    define("self", () => selfView);
    define("args", () => watch.lift(args));
    define("input", () => watch.lift(memory.input));
    define("local", () => watch.lift(memory.local));
    return scope;
  };
}

function graphicsNames({ gpu, gpuModel, vram }: CheckMachine): Record<string, unknown> {
  if (gpu === "none") return { gpus: [], gpu_model: undefined, gpu_driver: null, gpu_target: null, vram: 0 };
  const model: string | Unknown = gpuModel ?? UNKNOWN;
  return {
    gpus: gpuModel === null ? UNKNOWN : [{ name: gpu, model: gpuModel, driver: null }],
    gpu_model: model,
    vram: vram ?? UNKNOWN,
  };
}
