import { readdirSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { PinokioError, toWireError } from "../protocol/errors.js";
import type { LauncherDescription, LauncherFacts, LauncherMenu, LauncherSettings } from "../protocol/launcher.js";
import { boundedDescription, boundedMenu, nonsense } from "./launcher-answer.js";
import { type Host, type LauncherAnswer, type LauncherRequest, startHost } from "./launcher-host-process.js";
import { warmHosts } from "./warm-hosts.js";

/** Where launchers are evaluated: never in the sidecar, and under a time limit. */
export interface LauncherHosts {
  /** The menu of an app that a person has agreed to. */
  menu(appDir: string, facts: LauncherFacts): Promise<LauncherMenu>;
  /** The same for an app nobody has agreed to yet: its code can read its own folder and nothing else. */
  fencedMenu(appDir: string, facts: LauncherFacts): Promise<LauncherMenu>;
  /**
   * What an app would run, found out behind the same fence: scripts that its menu offers too. Its code cannot make this
   * fail.
   */
  describe(appDir: string, scripts?: readonly string[]): Promise<LauncherDescription>;
  /** What can be set of an app by way of its scripts, behind the same fence. */
  settings(appDir: string): Promise<LauncherSettings>;
  close(): void;
}

export interface LauncherHostsOptions {
  /** Node 24. */
  node: string;
  /** Path of `launcher-host.mjs`. */
  bundle: string;
  /** How long an app's launcher may take. */
  timeoutMs?: number;
  /** What the code of agreed apps sees. */
  env: Readonly<Record<string, string>>;
  /** A warm host ends when nobody has asked it for this long. */
  idleMs?: number;
}

const TIMEOUT_MS = 2_000;
const IDLE_MS = 5 * 60_000;

const FENCE = [
  "--permission",
  "--no-experimental-sqlite", // opens files that the permission model does not know about
  "--no-addons",
  "--max-old-space-size=256",
];

export function createLauncherHosts(options: LauncherHostsOptions): LauncherHosts {
  const { node, bundle, env, timeoutMs = TIMEOUT_MS, idleMs = IDLE_MS } = options;
  const open = new Set<Host>();
  let isClosed = false;

  const start = (flags: readonly string[], environment: Readonly<Record<string, string>>): Host => {
    if (isClosed) throw new PinokioError("sidecar-ending", "The sidecar ends and looks at no more launchers");
    const host = startHost({ node, bundle, flags, env: environment, onEnded: () => open.delete(host) });
    open.add(host);
    return host;
  };

  const askWarm = warmHosts({ start: () => start([], env), timeoutMs, idleMs });
  const takeFencedTurn = turns();
  const askFenced = (request: LauncherRequest): Promise<LauncherAnswer> =>
    takeFencedTurn(async () => {
      const host = start(fenceFlags(request.appDir), {});
      try {
        return await host.ask(request, timeoutMs);
      } finally {
        host.end();
      }
    });

  const describe = async (
    appDir: string,
    scripts: readonly string[],
    codeProblem?: string,
  ): Promise<LauncherDescription> => {
    const answer = await askFenced({ kind: "describe", appDir, scripts: [...scripts], codeProblem });
    if (answer.kind !== "describe") throw nonsense(basename(appDir));
    return boundedDescription(appDir, answer.value);
  };

  return {
    menu: async (appDir, facts) => menuIn(appDir, await askWarm({ kind: "menu", appDir, facts })),
    fencedMenu: async (appDir, facts) => menuIn(appDir, await askFenced({ kind: "menu", appDir, facts })),
    describe: async (appDir, scripts = []) => {
      try {
        const told = await describe(appDir, scripts);
        // Code can lie about what stands beside it, but not to a process that has not loaded it.
        return hasCode(appDir) ? asWritten(told, await describe(appDir, scripts, NOT_TOLD)) : told;
      } catch (error) {
        // Its code ended, blocked or confused the process that looked at it: say so, and read the rest without it.
        return describe(appDir, scripts, toWireError(error).message);
      }
    },
    settings: async (appDir) => {
      const answer = await askFenced({ kind: "settings", appDir });
      if (answer.kind !== "settings") throw nonsense(basename(appDir));
      return answer.value;
    },
    close: () => {
      isClosed = true;
      for (const host of open) host.end();
    },
  };
}

const NOT_TOLD = "Its code does not say what it runs";

const hasCode = (appDir: string): boolean =>
  [appDir, join(appDir, "pinokio")].some((folder) => namesIn(folder).some((name) => /\.[cm]?js$/i.test(name)));

/** What code told of itself, with every script that needs no code as it is written. */
function asWritten(told: LauncherDescription, written: LauncherDescription): LauncherDescription {
  const needsCode = ({ path }: LauncherDescription["scripts"][number]): boolean => !/\.json$/i.test(path);
  const plain = written.scripts.filter((script) => !needsCode(script));
  const firstPlain = told.scripts.findIndex((script) => !needsCode(script));
  const code = told.scripts.filter(needsCode);
  // In the order in which they were told, as far as that can be kept.
  const before = firstPlain < 0 ? code.length : told.scripts.slice(0, firstPlain).length;
  return { ...told, scripts: [...code.slice(0, before), ...plain, ...code.slice(before)] };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // there is none
  }
}

function menuIn(appDir: string, answer: LauncherAnswer): LauncherMenu {
  if (answer.kind !== "menu") throw nonsense(basename(appDir));
  return boundedMenu(appDir, answer.value);
}

/** Runs what it is given one after the other. */
function turns(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** What a process is started with that loads code nobody has agreed to: it can read the app's folder and nothing else. */
export const fenceFlags = (appDir: string): string[] => [...FENCE, ...readable(appDir)];

/** An app's folder may be a link; both its names are allowed. */
function readable(appDir: string): string[] {
  if (appDir.includes("*")) {
    throw new PinokioError("app-invalid", `The folder name ${basename(appDir)} has a * in it`, {
      hint: "Rename the folder",
    });
  }
  return [...new Set([appDir, realpathSync(appDir)])].map((path) => `--allow-fs-read=${path}`);
}
