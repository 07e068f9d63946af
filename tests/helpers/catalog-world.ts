import { join } from "node:path";
import type { CatalogWorld } from "../../src/runtime/catalog/catalog.js";
import type { FitMachine } from "../../src/runtime/protocol/packages.js";
import type { PinokioError } from "../../src/runtime/protocol/errors.js";

const ROOT = new URL("../../", import.meta.url).pathname;
export const BUILT_IN_CATALOG = join(ROOT, "src/runtime/catalog/apps.json");

const GB = 1024 ** 3;

/** What Colab gives for nothing. */
export const WITH_T4: FitMachine = {
  platform: "linux",
  gpu: { maker: "nvidia", name: "Tesla T4", memoryBytes: 15 * GB },
  diskFreeBytes: 70 * GB,
  programs: [],
};

export const WITHOUT_GPU: FitMachine = { ...WITH_T4, gpu: null };

/** The real catalog in a home of its own; `problems` and `changes` are what it told. */
export function catalogWorld(
  home: string,
  change: Partial<CatalogWorld> = {},
): { world: CatalogWorld; problems: PinokioError[]; changes: number[] } {
  const problems: PinokioError[] = [];
  const changes: number[] = [];
  const world: CatalogWorld = {
    builtIn: BUILT_IN_CATALOG,
    examples: join(ROOT, "examples"),
    sourcesFile: join(home, "library", "sources.json"),
    kept: join(home, "cache", "catalog"),
    mayWrite: true,
    userHome: home,
    now: () => new Date(),
    warn: (problem) => problems.push(problem),
    machine: () => Promise.resolve(WITH_T4),
    installed: () => Promise.resolve([]),
    onChanged: () => changes.push(Date.now()),
    ...change,
  };
  return { world, problems, changes };
}
