import { existsSync } from "node:fs";
import { graphicsOf } from "../base/graphics.js";
import type { EnvironmentFiles } from "../environments/environment-files.js";
import { shellEnvironment, type Variables } from "../environments/shell-environment.js";
import type { Activation } from "../methods/method.js";
import { RUN_TOKEN_VARIABLE, type RunRequest } from "../protocol/channel.js";
import type { Run } from "../protocol/runs.js";
import type { KernelFacts } from "../script/kernel.js";
import { type MachineNames, machineNames } from "../script/machine-names.js";
import type { KnownScripts } from "./other-scripts.js";
import type { RunSecrets } from "./run-secrets.js";

/** The script's own memory. */
export interface ScriptMemory {
  local: Record<string, unknown>;
  global: Record<string, unknown>;
}

/** What a step wishes of its shell's environment. */
export interface EnvironmentWishes {
  activation: Activation | null;
  env: Record<string, unknown>;
  without: readonly string[];
  requireVirtualenv: boolean;
}

const NO_WISHES: EnvironmentWishes = { activation: null, env: {}, without: [], requireVirtualenv: true };

/** The environment that shells of this run start from is the runner's own, then what the ENVIRONMENT files say. */
export function environmentsOf(
  home: string,
  files: EnvironmentFiles,
  ofRun: Record<string, unknown>,
  secrets: RunSecrets,
) {
  Reflect.deleteProperty(process.env, "NODE_COMPILE_CACHE"); // Node has read it; what scripts start is not ours
  const base = { ...process.env };
  // A shell gets it anew, and nobody else needs it.
  Reflect.deleteProperty(base, RUN_TOKEN_VARIABLE);
  return ({ env, ...wishes }: EnvironmentWishes = NO_WISHES): Variables => {
    const step = { ...ofRun, ...env };
    const variables = shellEnvironment({ ...wishes, base, home, files: files.files, step, exists: existsSync });
    secrets.learnVariables(variables);
    secrets.add(Object.values(files.keptApart));
    return variables;
  };
}

/** What this run's script may ask about the world. */
export function factsFor(
  request: RunRequest,
  own: ScriptMemory & {
    files: EnvironmentFiles;
    run(): Run;
    environment(): Variables;
    known: KnownScripts;
    freePort(): Promise<number>;
    call: NonNullable<KernelFacts["call"]>;
  },
): KernelFacts {
  let known: { version: string; env: Variables } | null = null;
  return {
    home: request.home,
    place: { platform: request.platform, vault: request.vault },
    machine: machineOf(request.home),
    env: () => {
      const { version } = own.files;
      if (known?.version !== version) known = { version, env: own.environment() };
      return known.env;
    },
    script: (path) => {
      if (path !== request.scriptFile) return own.known.find(path);
      const { state } = own.run();
      return { running: state !== "ended", ready: state === "ready", local: own.local, global: own.global };
    },
    scripts: () => [...new Set([...own.known.files, request.scriptFile])],
    freePort: () => own.freePort(),
    call: own.call,
  };
}

function machineOf(home: string): MachineNames {
  const graphics = graphicsOf(home);
  return machineNames({ platform: process.platform, arch: process.arch, gpu: graphics.gpu, graphics });
}
