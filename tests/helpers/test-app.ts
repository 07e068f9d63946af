import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LauncherFacts } from "../../src/runtime/protocol/launcher.js";
import { temporaryFolder } from "./temporary-folder.js";

export interface TestApp extends Disposable {
  path: string;
  facts: LauncherFacts;
  running(script: string, local?: Record<string, unknown>): LauncherFacts;
}

/** An app of these files in a home of its own. */
export function app(files: Record<string, string>, name = "my-app"): TestApp {
  const folder = temporaryFolder();
  const path = join(folder.path, "api", name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(path, file, ".."), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  mkdirSync(path, { recursive: true });
  const facts: LauncherFacts = { home: folder.path, platform: "linux", arch: "x64", gpu: "none", scripts: {} };
  return {
    path,
    facts,
    running: (script, local = {}) => ({
      ...facts,
      scripts: { [join(path, script)]: { running: true, ready: true, local } },
    }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}
