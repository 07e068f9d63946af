import { join } from "node:path";
import { readState } from "../base/atomic-file.js";
import { isInside } from "../base/inside-folder.js";
import { resolveSettings, type Settings, SettingsSpec } from "../config/settings.js";
import type { EnvironmentTools } from "../environments/environment.js";
import { condaRoot, usualCondaSource } from "../environments/get-conda.js";
import { environmentIdsOf, noteEnvironmentUser } from "../environments/environment-users.js";
import { environmentKinds } from "../environments/index.js";
import { usualPythonPlaces } from "../environments/find-pythons.js";
import { meetRequires } from "../environments/meet-requires.js";
import { canDownloadPython } from "../environments/python-downloads.js";
import type { NeedFacts } from "../environments/requires.js";
import type { EnvironmentProvider, Programs } from "../methods/method.js";
import type { AppId } from "../protocol/ids.js";
import { homePaths } from "../storage/paths.js";

export interface EnvironmentServiceWorld {
  home: string;
  /** Whose scripts these are, or null. */
  app: AppId | null;
  /** Whether the disk of the home takes links. */
  takesLinks: boolean;
  signal: AbortSignal;
  /** What a shell without wishes sees. */
  environment(): Record<string, string>;
  programs: Programs;
  runProgram(program: string, args: readonly string[], cwd: string): Promise<number | null>;
  note(text: string): void;
  warn(message: string): void;
  /** Null where nobody is there to be asked. */
  askPerson: ((params: unknown) => Promise<unknown>) | null;
}

export interface EnvironmentService extends EnvironmentProvider {
  /** Gets what a script says it needs before its first step. */
  meetRequires(requires: unknown, facts: NeedFacts): Promise<void>;
}

/** Makes the environments that this run's steps ask for. */
export function environmentService(world: EnvironmentServiceWorld): EnvironmentService {
  const { home, app, takesLinks, signal, environment, programs, note, warn, askPerson } = world;
  const tools = (): EnvironmentTools => ({
    home,
    searchPath: environment()["PATH"] ?? "",
    pythonPlaces: usualPythonPlaces(environment()),
    takesLinks,
    signal,
    condaSource: () => {
      const { condaUrl, condaSha256 } = settingsOf(home);
      return condaUrl === null ? usualCondaSource() : { url: condaUrl, sha256: condaSha256 };
    },
    canDownloadPython: () => canDownloadPython({ home, env: environment() }),
    run: (program, args, cwd) => world.runProgram(program, args, cwd),
    ask: async (program, args, cwd) => {
      const { exitCode, stdout } = await programs.run({ program, args, cwd });
      return { exitCode, stdout: stdout.toString("utf8") };
    },
    note,
    warn,
  });
  /** One in the app's own folder is the app's. */
  const noteUser = (path: string): void => {
    if (app === null) return;
    for (const id of environmentIdsOf(home, path)) {
      if (!isInside(join("api", app), id)) noteEnvironmentUser(home, id, app);
    }
  };
  return {
    venv: async (wanted) => {
      const activation = await environmentKinds.venv.prepare(wanted, tools());
      noteUser(wanted.path);
      return activation;
    },
    conda: async (wanted) => {
      const activation = await environmentKinds.conda.prepare(wanted, tools());
      noteUser("path" in wanted.env ? wanted.env.path : condaFolder(home, wanted.env.name));
      return activation;
    },
    meetRequires: (requires, facts) =>
      meetRequires(requires, facts, { ...tools(), rule: () => settingsOf(home).systemPackages, askPerson }),
  };
}

const condaFolder = (home: string, name: string): string =>
  name === "base" ? condaRoot(home) : join(condaRoot(home), "envs", name);

function settingsOf(home: string): Settings {
  const found = readState(homePaths(home).settings, SettingsSpec);
  return resolveSettings(found.kind === "read" ? found.value : {}, process.env);
}
