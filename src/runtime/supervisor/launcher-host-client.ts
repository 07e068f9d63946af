import { type ChildProcess, fork } from "node:child_process";
import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { fromWireError, PinokioError, toWireError } from "../protocol/errors.js";
import {
  FromLauncherHost,
  type LauncherDescription,
  type LauncherFacts,
  type LauncherMenu,
  type ToLauncherHost,
} from "../protocol/launcher.js";

/** Where launchers are evaluated: never in the sidecar, and under a time limit. */
export interface LauncherHosts {
  /** The menu of an app that a person has agreed to. */
  menu(appDir: string, facts: LauncherFacts): Promise<LauncherMenu>;
  /** The same for an app nobody has agreed to yet: its code can read its own folder and nothing else. */
  fencedMenu(appDir: string, facts: LauncherFacts): Promise<LauncherMenu>;
  /** What an app would run, found out behind the same fence. Its code cannot make this fail. */
  describe(appDir: string): Promise<LauncherDescription>;
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
  /** The warm host ends when nobody has asked for this long. */
  idleMs?: number;
}

const TIMEOUT_MS = 2_000;
const IDLE_MS = 5 * 60_000;

/** How long a host may take to start, on a slow disk. */
const START_MS = 10_000;

const FENCE = [
  "--permission",
  "--no-experimental-sqlite", // opens files that the permission model does not know about
  "--no-addons",
  "--max-old-space-size=256",
];

export function createLauncherHosts(options: LauncherHostsOptions): LauncherHosts {
  const { node, bundle, env, timeoutMs = TIMEOUT_MS, idleMs = IDLE_MS } = options;
  let warm: Host | null = null;
  let idle: NodeJS.Timeout | null = null;
  const open = new Set<Host>();
  const takeTurn = turns();
  const takeFencedTurn = turns();

  const start = (flags: readonly string[], environment: Readonly<Record<string, string>>): Host => {
    const host = startHost({ node, bundle, flags, env: environment, onEnded: () => open.delete(host) });
    open.add(host);
    return host;
  };

  const askWarm = (request: Request): Promise<Answer> =>
    takeTurn(async () => {
      if (idle !== null) clearTimeout(idle);
      const host = warm?.isAlive === true ? warm : start([], env);
      warm = host;
      try {
        return await host.ask(request, timeoutMs);
      } finally {
        idle = setTimeout(() => host.end(), idleMs).unref();
      }
    });

  const askFenced = (request: Request): Promise<Answer> =>
    takeFencedTurn(async () => {
      const host = start([...FENCE, ...readable(request.appDir)], {});
      try {
        return await host.ask(request, timeoutMs);
      } finally {
        host.end();
      }
    });

  return {
    menu: async (appDir, facts) => menuIn(await askWarm({ kind: "menu", appDir, facts })),
    fencedMenu: async (appDir, facts) => menuIn(await askFenced({ kind: "menu", appDir, facts })),
    describe: async (appDir) => {
      try {
        return descriptionIn(await askFenced({ kind: "describe", appDir }));
      } catch (error) {
        // Its code ended, blocked or confused the process that looked at it: say so, and read the rest without it.
        const problem = toWireError(error).message;
        const answer = await askFenced({ kind: "describe", appDir, codeProblem: problem });
        return descriptionIn(answer);
      }
    },
    close: () => {
      if (idle !== null) clearTimeout(idle);
      for (const host of open) host.end();
    },
  };
}

type DistributedOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;
type Request = DistributedOmit<ToLauncherHost, "id">;
type Answer = Extract<FromLauncherHost, { kind: "menu" | "describe" }>;

function menuIn(answer: Answer): LauncherMenu {
  if (answer.kind === "menu") return answer.value;
  throw wrongAnswer();
}

function descriptionIn(answer: Answer): LauncherDescription {
  if (answer.kind === "describe") return answer.value;
  throw wrongAnswer();
}

const wrongAnswer = (): PinokioError =>
  new PinokioError("menu-failed", "The launcher gave an answer of the wrong form");

/** Runs what it is given one after the other. */
function turns(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** An app's folder may be a link; both its names are allowed. */
function readable(appDir: string): string[] {
  if (appDir.includes("*")) {
    throw new PinokioError("app-invalid", `The folder name ${basename(appDir)} has a * in it`, {
      hint: "Rename the folder",
    });
  }
  return [...new Set([appDir, realpathSync(appDir)])].map((path) => `--allow-fs-read=${path}`);
}

interface Host {
  readonly isAlive: boolean;
  ask(request: Request, limitMs: number): Promise<Answer>;
  end(): void;
}

interface HostOptions {
  node: string;
  bundle: string;
  flags: readonly string[];
  env: Readonly<Record<string, string>>;
  onEnded(): void;
}

function startHost({ node, bundle, flags, env, onEnded }: HostOptions): Host {
  const child = fork(bundle, [], {
    execPath: node,
    execArgv: ["--disable-warning=ExperimentalWarning", ...flags],
    env: { ...env },
    cwd: "/",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    detached: true, // so that ending it ends what a launcher started too
  });
  child.unref();
  child.channel?.unref();
  let isAlive = true;
  let nextId = 1;
  let asked: { id: number; app: string; settle: (outcome: Answer | Error) => void } | null = null;
  let markReady: (failure: Error | null) => void = () => undefined;
  const ready = new Promise<Error | null>((resolve) => (markReady = resolve));

  const end = (): void => {
    isAlive = false;
    endGroup(child);
  };
  const fail = (reason: Error): void => {
    isAlive = false;
    markReady(reason);
    asked?.settle(reason);
    onEnded();
  };
  child.on("message", (message) => {
    const answer = FromLauncherHost.safeParse(message);
    if (!answer.success) return;
    if (answer.data.kind === "ready") markReady(null);
    else if (answer.data.id === asked?.id) {
      asked.settle(answer.data.kind === "failed" ? fromWireError(answer.data.error) : answer.data);
    }
  });
  child.on("error", (error) => {
    fail(new PinokioError("internal", `${node} could not be started for launchers: ${error.message}`));
  });
  child.on("exit", (code, signal) => {
    const app = asked === null ? "an app" : asked.app;
    fail(
      new PinokioError(
        "menu-failed",
        `The launcher of ${app} ended its own process (${signal ?? `exit code ${code}`})`,
        {
          hint: "Its pinokio.js calls process.exit(), or needs more memory than there is",
        },
      ),
    );
  });
  const startTimer = setTimeout(() => {
    markReady(new PinokioError("timeout", `The process for launchers did not start within ${START_MS / 1000} s`));
    end();
  }, START_MS);
  void ready.then(() => clearTimeout(startTimer));

  /** One at a time; whoever calls sees to that. */
  const ask = async (request: Request, limitMs: number): Promise<Answer> => {
    const failure = await ready;
    if (failure !== null) throw failure;
    const id = nextId++;
    const app = basename(request.appDir);
    const answered = new Promise<Answer | Error>((resolve) => (asked = { id, app, settle: resolve }));
    const timer = setTimeout(() => {
      asked?.settle(
        new PinokioError("menu-timeout", `The launcher of ${app} did not answer within ${limitMs / 1000} s`, {
          hint: "Its menu function waits for something, or never ends",
        }),
      );
      end();
    }, limitMs);
    child.send({ id, ...request } satisfies ToLauncherHost, () => undefined); // a closed channel is followed by "exit"
    const outcome = await answered;
    clearTimeout(timer);
    asked = null;
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };

  return {
    get isAlive() {
      return isAlive;
    },
    ask,
    end,
  };
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // gone already
  }
}
