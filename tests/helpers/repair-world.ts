import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { RepairWorld } from "../../src/runtime/recovery/repairs/repair.js";

/** A home on disk with one app, and a world that writes down what it is asked for. */
export interface RepairHome {
  home: string;
  app: string;
  outside: string;
  asked: unknown[][];
  /** What repairs said that they do. */
  doing: string[];
  world(more?: Partial<RepairWorld>): RepairWorld;
  write(path: string, text?: string): string;
  remove(): void;
}

export function repairHome(): RepairHome {
  const folder = mkdtempSync(join(tmpdir(), "pinokiocloud-repair-"));
  const home = join(folder, "home");
  const app = join(home, "api", "demo");
  const outside = join(folder, "outside");
  const asked: unknown[][] = [];
  const doing: string[] = [];
  for (const path of [app, outside]) mkdirSync(path, { recursive: true });
  const ask =
    (name: string) =>
    (...values: unknown[]): Promise<void> => {
      asked.push([name, ...values]);
      return Promise.resolve();
    };
  return {
    home,
    app,
    outside,
    asked,
    doing,
    write: (path, text = "x") => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
    world: (more = {}) => ({
      home,
      app,
      liveRuns: () => 0,
      startScript: ask("startScript"),
      installSystemPackages: (packages, onLine) => {
        onLine("Unpacking");
        return ask("installSystemPackages")(packages);
      },
      canUpdate: () => true,
      updateApp: ask("updateApp"),
      openPage: ask("openPage"),
      doing: (what) => void doing.push(what),
      signal: new AbortController().signal,
      setToken: (name) => {
        asked.push(["setToken", name]);
        return Promise.resolve(true);
      },
      freePort: () => Promise.resolve(43_210),
      flagToSet: () => Promise.resolve(null),
      setFlag: ask("setFlag"),
      moveAway: (path) => {
        const kept = join(home, "trash", basename(path));
        mkdirSync(dirname(kept), { recursive: true });
        renameSync(path, kept);
        asked.push(["moveAway", path]);
        return Promise.resolve(kept);
      },
      ...more,
    }),
  };
}
