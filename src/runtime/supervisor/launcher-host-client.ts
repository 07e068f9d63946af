import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { MenuItem } from "../protocol/apps.js";
import { PinokioError } from "../protocol/errors.js";
import type { LauncherDescription, LauncherFacts, LauncherMenu, LauncherSettings } from "../protocol/launcher.js";
import { type AskFenced, describeLauncher } from "./describe-launcher.js";
import { boundedMenu, nonsense } from "./launcher-answer.js";
import { type Host, type LauncherAnswer, startHost } from "./launcher-host-process.js";
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
  /** Both for who is about to agree: the menu, null where it fails, and what the app and `offered` of its menu run. */
  look(appDir: string, facts: LauncherFacts, offered: (menu: readonly MenuItem[]) => readonly string[]): Promise<Look>;
  /** Starts what will `look` there while the folder is still being made: a look then begins at once. */
  prepare(appDir: string): void;
  /** What can be set of an app by way of its scripts, behind the same fence. */
  settings(appDir: string): Promise<LauncherSettings>;
  close(): void;
}

interface Look {
  menu: LauncherMenu | null;
  description: LauncherDescription;
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
/** How long a process waits for a folder that is being made. */
const AHEAD_MS = 20_000;

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

  let ahead: { appDir: string; host: Host; late: NodeJS.Timeout } | null = null;
  /** What was prepared and nobody has come for, or another place was prepared since, ends. */
  const dropAhead = (): void => {
    clearTimeout(ahead?.late);
    ahead?.host.end();
    ahead = null;
  };
  const startFenced = (appDir: string): Host => {
    if (ahead?.appDir !== appDir || !ahead.host.isAlive) return start(fenceFlags(appDir), {});
    const { host, late } = ahead;
    clearTimeout(late);
    ahead = null;
    return host;
  };

  const askWarm = warmHosts({ start: () => start([], env), timeoutMs, idleMs });
  const takeFencedTurn = turns();
  /** Questions about one app behind the fence, to as few processes as may answer them. */
  const behindFence = <Value>(appDir: string, work: (ask: AskFenced) => Promise<Value>): Promise<Value> =>
    takeFencedTurn(async () => {
      let host: Host | null = null;
      try {
        return await work((request, { anew = false } = {}) => {
          if (anew || host?.isAlive !== true) {
            host?.end();
            host = startFenced(appDir);
          }
          return host.ask(request, timeoutMs);
        });
      } finally {
        (host as Host | null)?.end();
      }
    });

  return {
    menu: async (appDir, facts) => menuIn(appDir, await askWarm({ kind: "menu", appDir, facts })),
    fencedMenu: (appDir, facts) =>
      behindFence(appDir, async (ask) => menuIn(appDir, await ask({ kind: "menu", appDir, facts }))),
    describe: (appDir, scripts = []) =>
      behindFence(appDir, (ask) => describeLauncher(ask, appDir, () => Promise.resolve(scripts))),
    look: (appDir, facts, offered) =>
      behindFence(appDir, async (ask) => {
        let menu: LauncherMenu | null = null;
        const description = await describeLauncher(ask, appDir, async () => {
          const answer = ask({ kind: "menu", appDir, facts }).then((told) => menuIn(appDir, told));
          menu = await answer.catch(() => null); // the description says why
          return offered(menu?.menu ?? []);
        });
        return { menu, description };
      }),
    prepare: (appDir) => {
      dropAhead();
      ahead = { appDir, host: start(fenceFlags(appDir), {}), late: setTimeout(dropAhead, AHEAD_MS).unref() };
    },
    settings: (appDir) =>
      behindFence(appDir, async (ask) => {
        const answer = await ask({ kind: "settings", appDir });
        if (answer.kind !== "settings") throw nonsense(basename(appDir));
        return answer.value;
      }),
    close: () => {
      isClosed = true;
      for (const host of open) host.end();
    },
  };
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

/** An app's folder may be a link; both its names are allowed. It need not be there yet. */
function readable(appDir: string): string[] {
  if (appDir.includes("*")) {
    throw new PinokioError("app-invalid", `The folder name ${basename(appDir)} has a * in it`, {
      hint: "Rename the folder",
    });
  }
  const real = existsSync(appDir) ? realpathSync(appDir) : join(realpathSync(dirname(appDir)), basename(appDir));
  return [...new Set([appDir, real])].flatMap((path) => [`--allow-fs-read=${path}`, `--allow-fs-read=${path}/*`]);
}
