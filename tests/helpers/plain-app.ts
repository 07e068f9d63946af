import { PinokioError } from "../../src/runtime/protocol/errors.js";
import type { MenuItem } from "../../src/runtime/protocol/apps.js";
import type { CheckedApp, CheckFinding, CheckMachine } from "../../src/runtime/protocol/check.js";
import type { AppLoader, MenuState } from "../../src/runtime/check/app-loader.js";
import { checkApp } from "../../src/runtime/check/check-app.js";
import { findMethod, methodsLike } from "../../src/runtime/methods/index.js";
import { kernelFacts } from "../../src/runtime/script/launcher.js";
import type { Step } from "../../src/runtime/script/script.js";

export const LINUX: CheckMachine = { platform: "linux", arch: "x64", gpu: "none", gpuModel: null, vram: null };
export const NVIDIA: CheckMachine = { ...LINUX, gpu: "nvidia" };
export const WINDOWS: CheckMachine = { ...NVIDIA, platform: "win32" };

/** An app that is no files but plain data. */
export interface PlainApp {
  title?: string;
  description?: string;
  menu?(state: MenuState): MenuItem[];
  /** By path: a script, or why it cannot be loaded. */
  scripts?: Record<string, Record<string, unknown> | Error>;
  /** Paths that are there besides. */
  files?: string[];
}

const FOLDER = "/home/api/app";

/** What a check finds in it. */
export function checkPlain(app: PlainApp, machine: CheckMachine = LINUX): Promise<CheckedApp> {
  return checkApp({ machine, loader: loaderOf(app, machine), methods: { find: findMethod, like: methodsLike } });
}

export const stepsOf = (...steps: Step[]): Record<string, unknown> => ({ run: steps });

export const shell = (message: unknown, more: Record<string, unknown> = {}): Step => ({
  method: "shell.run",
  params: { message, ...more },
});

/** The words of all findings, scripts' and app's, with how serious each is. */
export const wordsIn = ({ findings, scripts }: CheckedApp): string[] =>
  [...findings, ...scripts.flatMap((script) => script.findings)].map(
    ({ level, file, step, message }: CheckFinding) =>
      `${level}: ${file === undefined || step === undefined ? "" : `${file} ${step}: `}${message}`,
  );

function loaderOf(
  { title = "App", description = "", menu, scripts = {}, files = [] }: PlainApp,
  machine: CheckMachine,
) {
  const there = new Set([...Object.keys(scripts), ...files]);
  const loader: AppLoader = {
    folder: FOLDER,
    launcherRoot: "",
    facts: kernelFacts({ home: "/home", scripts: {}, ...machine }, FOLDER),
    noticed: [],
    launcher: () => Promise.resolve({ title, description, value: menu === undefined ? {} : { menu }, problem: null }),
    menu: (state) => Promise.resolve(menu?.(state) ?? []),
    scriptFiles: () => Object.keys(scripts).filter((path) => !path.includes("/")),
    exists: (path) => there.has(path),
    text: () => "run method",
    script: (path) => {
      const value = scripts[path];
      if (value === undefined || value instanceof Error)
        return Promise.reject(value ?? new PinokioError("script-missing", path));
      return Promise.resolve({ file: `${FOLDER}/${path}`, value, warnings: [] });
    },
    steps: ({ value }, action) => Promise.resolve(value[action] as Step[]),
    requireFunction: () => Promise.resolve(),
    aboutToWalk: () => undefined,
  };
  return loader;
}
