import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import { basename } from "node:path";
import { FrameError, type FrameSocket, frameSocket, type FrameSocketListener } from "../base/frame-socket.js";
import type { CheckPlace } from "../protocol/check.js";
import { PinokioError } from "../protocol/errors.js";
import { cutText, type FromLauncherHost, LAUNCHER_HOST_FD, type ToLauncherHost } from "../protocol/launcher.js";
import { LAUNCHER, MAX_ANSWER_BYTES } from "../protocol/limits.js";
import { failureOf, nonsense, readAnswer } from "./launcher-answer.js";

type DistributedOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;
export type LauncherRequest = DistributedOmit<ToLauncherHost, "id">;
export type LauncherAnswer = Extract<FromLauncherHost, { kind: "menu" | "describe" | "settings" | "check" }>;

/** A process that evaluates launchers. */
export interface Host {
  readonly isAlive: boolean;
  /** Resolves when it has started, or cannot be. */
  readonly started: Promise<unknown>;
  /** One at a time; whoever calls sees to that. Each `onAt` gives the app's code the whole time anew. */
  ask(request: LauncherRequest, limitMs: number, onAt?: (place: CheckPlace) => void): Promise<LauncherAnswer>;
  end(): void;
}

export interface HostOptions {
  node: string;
  bundle: string;
  flags: readonly string[];
  env: Readonly<Record<string, string>>;
  onEnded(): void;
}

interface Asked {
  id: number;
  kind: string;
  app: string;
  settle(outcome: LauncherAnswer | Error): void;
  moved(place: CheckPlace): void;
}

/** How long a host may take to start, on a slow disk. */
const START_MS = 10_000;

/** After its socket is closed, until its exit code is known. */
const EXIT_MS = 100;

export function startHost({ node, bundle, flags, env, onEnded }: HostOptions): Host {
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", ...flags, bundle], {
    env: { ...env },
    cwd: "/",
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    detached: true, // so that ending it ends what a launcher started too
  });
  child.unref();
  let isAlive = true;
  let isReady = false;
  let nextId = 1;
  let asked: Asked | null = null;
  let markReady: (failure: Error | null) => void = () => undefined;
  const ready = new Promise<Error | null>((resolve) => (markReady = resolve));

  const end = (): void => {
    isAlive = false;
    endGroup(child);
    frames?.destroy();
  };
  const fail = (reason: Error): void => {
    isAlive = false;
    markReady(reason);
    asked?.settle(reason);
  };
  const refuse = (): void => {
    fail(nonsense(asked?.app ?? "an app"));
    end();
  };
  /** False for what nobody asked for. */
  const take = (message: FromLauncherHost | null): boolean => {
    if (message?.kind === "ready") {
      const isFirst = !isReady;
      isReady = true;
      markReady(null);
      return isFirst;
    }
    if (message === null || asked === null || message.id !== asked.id) return false;
    if (message.kind === "at") {
      if (asked.kind !== "check" && asked.kind !== "menu") return false;
      asked.moved(message.place);
      return true;
    }
    if (message.kind !== "failed" && message.kind !== asked.kind) return false;
    asked.settle(message.kind === "failed" ? failureOf(message.error) : message);
    return true;
  };

  child.on("error", (error) => {
    fail(new PinokioError("internal", `${node} could not be started for launchers: ${error.message}`));
    onEnded();
  });
  child.on("exit", (code, signal) => {
    fail(
      new PinokioError(
        "menu-failed",
        `The launcher of ${asked?.app ?? "an app"} ended its own process (${signal ?? `exit code ${code}`})`,
        {
          hint: "Its pinokio.js calls process.exit(), or needs more memory than there is",
        },
      ),
    );
    onEnded();
  });
  const frames = openChannel(child, {
    onFrame: (frame) => {
      if (!take(readAnswer(frame))) refuse();
    },
    onClosed: (error) => {
      if (error instanceof FrameError) return refuse();
      isAlive = false;
      // "exit" comes first, unless a launcher closed the socket.
      setTimeout(() => {
        if (child.exitCode === null && child.signalCode === null) end();
      }, EXIT_MS).unref();
    },
  });
  const startTimer = setTimeout(() => {
    markReady(new PinokioError("timeout", `The process for launchers did not start within ${START_MS / 1000} s`));
    end();
  }, START_MS);
  void ready.then(() => clearTimeout(startTimer));

  const ask: Host["ask"] = async (request, limitMs, onAt) => {
    const failure = await ready;
    if (failure !== null) throw failure;
    const { kind, appDir } = request;
    const id = nextId++;
    const app = basename(appDir);
    let at: CheckPlace | null = null;
    const giveUp = (): void => {
      const message = `The launcher of ${app} did not answer within ${limitMs / 1000} s`;
      asked?.settle(new PinokioError("menu-timeout", message, whereItStands(at)));
      end();
    };
    let timer = setTimeout(giveUp, limitMs);
    const moved = (place: CheckPlace): void => {
      at = place;
      onAt?.(place);
      if (kind !== "check") return;
      clearTimeout(timer);
      timer = setTimeout(giveUp, limitMs);
    };
    const answered = new Promise<LauncherAnswer | Error>(
      (resolve) => (asked = { id, kind, app, settle: resolve, moved }),
    );
    frames?.send(JSON.stringify({ id, ...request } satisfies ToLauncherHost)); // a closed socket is followed by "exit"
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
    started: ready,
    ask,
    end,
  };
}

/** Null when the process could not be started: "error" follows. */
function openChannel(child: ChildProcess, listener: FrameSocketListener): FrameSocket | null {
  const streams = child.stdio as ChildProcess["stdio"] | undefined;
  const socket = streams?.[LAUNCHER_HOST_FD];
  if (!(socket instanceof Socket)) return null;
  socket.unref();
  return frameSocket(socket, listener, { maxFrameBytes: MAX_ANSWER_BYTES });
}

/** Which code did not come to an end, as far as the host has told. A menu's line is where its function begins. */
function whereItStands(place: CheckPlace | null): { hint: string; context?: Record<string, string> } {
  if (place === null) return { hint: "Its launcher waits for something, or never ends" };
  const file = cutText(place.file, LAUNCHER.context);
  const { what, line } = place;
  const begins = line === undefined ? "" : `, which begins on line ${line},`;
  const whose = what === "menu" ? `The menu function in ${file}${begins}` : `The code of ${file}`;
  return {
    hint: `${whose} waits for something, or never ends`,
    context: { file, ...(line === undefined ? {} : { line: String(line) }) },
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
