import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { interpreterOf } from "../base/program-file.js";
import type { CheckFinding, CheckMachine, CheckPlace, CheckSkip } from "../protocol/check.js";
import { PinokioError } from "../protocol/errors.js";
import { scriptFiles } from "../script/describe.js";
import { createInfo, createKernel, type KernelFacts } from "../script/kernel.js";
import { ANY_PORT, kernelFacts, type Launcher, launcherRoot, loadLauncher, menuOf } from "../script/launcher.js";
import { loadFile, resolveExport } from "../script/load.js";
import { controllersOf } from "../script/machine-names.js";
import { createMemory } from "../script/memory.js";
import { listenForPrints } from "../script/prints.js";
import { loadScript, resolveSteps, type Script } from "../script/script.js";
import { explainThrown, lineIn } from "../script/source-error.js";
import type { AppLoader, MenuState } from "./app-loader.js";

export interface OpenAppOptions {
  machine: CheckMachine;
  /** Code that is not to be loaded again, since it kept an earlier try from answering. */
  skip: readonly CheckSkip[];
  /** Told before code of the app is run. */
  at(place: CheckPlace): void;
}

/** A page of the app, for menus that ask what a running script has said. */
const URL = "http://127.0.0.1:7860";

/** Reads an app's files and runs its code where that is needed to know its scripts and menus. */
export function openApp(folder: string, { machine, skip, at }: OpenAppOptions): AppLoader {
  const noticed: CheckFinding[] = [];
  const root = launcherRoot(folder);
  const main = join(root, "pinokio.js");
  const { platform, arch, gpu } = machine;
  const plain = kernelFacts({ home: dirname(dirname(folder)), platform, arch, gpu, scripts: {} }, folder, {
    mayListen: false,
  });
  const facts: KernelFacts = {
    ...plain,
    machine: { ...plain.machine, ...graphicsOf(machine) },
  };
  const kernel = createKernel(facts);
  let launcher: Promise<Launcher> | null = null;

  const enter = (place: CheckPlace): void => {
    const kept = skip.find(({ file, what }) => (file === "" || file === place.file) && what === place.what);
    if (kept === undefined) return at(place);
    const context = { file: join(folder, place.file), ...(kept.line === undefined ? {} : { line: String(kept.line) }) };
    throw new PinokioError("menu-failed", kept.message, { context });
  };
  const isCode = (path: string): boolean => !/\.json$/i.test(path);
  const readLauncher = (): Promise<Launcher> =>
    (launcher ??= (async () => {
      try {
        if (existsSync(join(folder, main))) enter({ file: main, what: "load" });
        return await heard(main, () => loadLauncher(folder));
      } catch (error) {
        if (!(error instanceof PinokioError)) throw error;
        return { ...(await loadLauncher(folder, { withCode: false })), problem: error };
      }
    })());
  const heard = <Value>(file: string, work: () => Promise<Value>): Promise<Value> =>
    listenForPrints({ folder, file, tell: (finding) => noticed.push(finding) }, work);

  return {
    folder,
    launcherRoot: root,
    facts,
    noticed,
    launcher: readLauncher,
    menu: async (state) => {
      const read = await readLauncher();
      if (read.problem !== null) return [];
      const { menu } = read.value;
      if (typeof menu === "function") enter({ file: main, what: "menu", ...lineIn(join(folder, main), menu) });
      return heard(main, () => menuOf(read, factsIn(state, facts, folder)));
    },
    scriptFiles: () => scriptFiles(folder, [root]).filter((path) => interpreterOf(join(folder, path)) === null),
    exists: (path) => existsSync(join(folder, path)),
    text: (path) => textOf(join(folder, path)),
    script: async (path) => {
      if (isCode(path)) enter({ file: path, what: "load" });
      return heard(path, () => loadScript(join(folder, path), kernel));
    },
    steps: async (script, action) => {
      if (typeof script.value[action] !== "function") return resolveSteps(script, action);
      const info = createInfo(facts, script.file, dirname(script.file));
      const context = contextFor(script, action, { facts, info });
      return resolveSteps(script, action, kernel, info, context).catch((error: unknown) => {
        throw explainThrown(error, script.file);
      });
    },
    requireFunction: async (path, name) => {
      const file = join(folder, path);
      enter({ file: path, what: "load" });
      const { exported } = await heard(path, () => loadFile(file));
      const value = await resolveExport(exported, kernel).catch((error: unknown) => {
        throw explainThrown(error, file);
      });
      const found = value === null || value === undefined ? undefined : (value as Record<string, unknown>)[name];
      if (typeof found === "function") return;
      throw new PinokioError("method-unknown", `${path} has no function named "${name}"`, { context: { file } });
    },
    aboutToWalk: (path) => enter({ file: path, what: "steps" }),
  };
}

function graphicsOf({ gpu, gpuModel, vram }: CheckMachine): Partial<KernelFacts["machine"]> {
  return {
    graphics: { controllers: controllersOf(gpu, [{ name: gpu, model: gpuModel ?? "" }]), displays: [] },
    ...(vram === null ? {} : { vram }),
    ...(gpuModel === null
      ? {}
      : { gpu_model: gpuModel.toLowerCase(), gpus: [{ name: gpu, model: gpuModel, driver: null }] }),
  };
}

function factsIn({ isInstalled, running }: MenuState, facts: KernelFacts, folder: string): KernelFacts {
  const file = running === null ? null : join(folder, running);
  return {
    ...facts,
    ...(isInstalled ? { isThere: () => true } : {}),
    script: (path) => (path === file ? { running: true, ready: true, local: { url: URL }, global: {} } : null),
    scripts: () => (file === null ? [] : [file]),
  };
}

function contextFor(script: Script, action: string, { facts, info }: { facts: KernelFacts; info: unknown }) {
  const own = () => ({});
  const memory = createMemory({
    file: script.file,
    args: {},
    facts,
    local: own,
    global: own,
    self: () => script.value,
  });
  return memory.contextFor(action, info, { port: ANY_PORT });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
