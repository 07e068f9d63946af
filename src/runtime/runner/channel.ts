import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type FrameSocket, frameSocket } from "../base/frame-socket.js";
import { listenOn } from "../base/listen.js";
import { isSameToken, readToken } from "../base/token.js";
import { CORE_VERSION, type FromRunner, ToRunner } from "../protocol/channel.js";
import type { WireError } from "../protocol/errors.js";
import type { Run } from "../protocol/runs.js";
import type { RunSteps } from "../protocol/steps.js";

export interface ChannelOptions {
  path: string;
  tokenFile: string;
  run(): Run;
  onStop(graceMs: number, failure: WireError | undefined): void;
  /** Somebody comes who answers requests; `onServed` once they know the state. */
  onServing?(): void;
  onServed?(): void;
  /** And is gone again: another one has to find this run. */
  onLeft?(): void;
  onReply?(reply: Extract<ToRunner, { t: "reply" }>): void;
  onScripts?(news: Extract<ToRunner, { t: "scripts" }>): void;
  onAnswer?(question: string, value: unknown): void;
  onTyped?(text: string): void;
  onResize?(columns: number, rows: number): void;
  onNice?(nice: number, because: string | null): void;
  steps?(after: number): RunSteps;
}

/** The runner's socket: whoever has the token follows the run and may ask it to stop. They may come and go. */
export interface Channel {
  /** Sends the state as it is now. */
  announceState(): void;
  announceOutput(bytes: number): void;
  announceShared(global: Record<string, unknown>, value: unknown): void;
  tell(kind: string, params: unknown): void;
  /** Sends a request to whoever answers such; nobody may be there. */
  request(id: number, name: string, params: unknown): void;
  /** Resolves when every watcher has got what was sent, and somebody what was told before they came; or after a second. */
  close(): Promise<void>;
}

const FIRST_WORD_LIMIT_MS = 5_000;
const LAST_WORD_LIMIT_MS = 1_000;

/** A watcher that reads nothing gets no more of what can be told later. */
const MOST_BUFFERED_BYTES = 1024 * 1024;

const MOST_UNTOLD = 20;

interface Watcher {
  frames: FrameSocket;
  isTrusted: boolean;
  /** Answers requests. */
  serves: boolean;
  /** Missed something while it was slow. */
  isBehind: boolean;
}

export async function openChannel(options: ChannelOptions): Promise<Channel> {
  const { path, tokenFile, run, onStop } = options;
  const watchers = new Set<Watcher>();
  /** Told while nobody was there who passes it on: a script's first steps are quicker than its sidecar. */
  let untold: FromRunner[] = [];
  let markTold: () => void = () => undefined;

  const send = (watcher: Watcher, message: FromRunner): void => {
    if (watcher.frames.buffered > MOST_BUFFERED_BYTES) watcher.isBehind = true;
    else watcher.frames.send(JSON.stringify(message));
  };
  const stateNow = (): FromRunner => ({ t: "state", core: CORE_VERSION, run: run() });
  const sendAll = (message: FromRunner): void => {
    for (const watcher of watchers) if (watcher.isTrusted) send(watcher, message);
  };
  const sendToServing = (message: FromRunner): void => {
    for (const { frames, serves } of watchers) if (serves) frames.send(JSON.stringify(message));
  };

  const accept = (socket: Socket): void => {
    const timer = setTimeout(() => watcher.frames.destroy(), FIRST_WORD_LIMIT_MS);
    const refuse = (reason: string): void => {
      watcher.frames.send(JSON.stringify({ t: "refused", reason } satisfies FromRunner));
      watcher.frames.end();
    };
    const receive = (message: ToRunner): void => {
      if (message.t !== "auth") {
        if (!watcher.isTrusted) refuse("The first message must be auth");
        else if (message.t === "stop") onStop(message.graceMs, message.failure);
        else if (message.t === "reply") options.onReply?.(message);
        else if (message.t === "scripts") options.onScripts?.(message);
        else if (message.t === "answer") options.onAnswer?.(message.question, message.value);
        else if (message.t === "type") options.onTyped?.(message.text);
        else if (message.t === "resize") options.onResize?.(message.columns, message.rows);
        else if (message.t === "nice") options.onNice?.(message.nice, message.because);
        else if (options.steps !== undefined) {
          send(watcher, { t: "steps", id: message.id, steps: options.steps(message.after) });
        }
        return;
      }
      const token = readToken(tokenFile);
      if (token === null || !isSameToken(message.token, token)) {
        refuse("The token is wrong");
        return;
      }
      clearTimeout(timer);
      watcher.isTrusted = true;
      watcher.serves = message.serves === true;
      if (watcher.serves) options.onServing?.();
      send(watcher, stateNow());
      if (!watcher.serves) return;
      options.onServed?.();
      for (const missed of untold) watcher.frames.send(JSON.stringify(missed));
      untold = [];
      markTold();
    };
    const frames = frameSocket(socket, {
      onFrame: (frame) => {
        const message = parse(frame);
        if (message !== null) receive(message);
        else if (!watcher.isTrusted) refuse("The first message must be auth");
      },
      onDrain: () => {
        if (!watcher.isBehind) return;
        watcher.isBehind = false;
        send(watcher, stateNow());
      },
      onClosed: () => {
        clearTimeout(timer);
        watchers.delete(watcher);
        if (watcher.serves) options.onLeft?.();
      },
    });
    const watcher: Watcher = { frames, isTrusted: false, serves: false, isBehind: false };
    watchers.add(watcher);
  };

  const listener = await listenOn(path, accept);
  return {
    announceState: () => sendAll(stateNow()),
    announceOutput: (bytes) => sendAll({ t: "output", bytes }),
    announceShared: (global, value) => sendToServing({ t: "shared", global, value }),
    tell: (kind, params) => {
      const message: FromRunner = { t: "tell", kind, params };
      if ([...watchers].some(({ serves }) => serves)) sendToServing(message);
      else untold = [...untold, message].slice(-MOST_UNTOLD);
    },
    request: (id, name, params) => sendToServing({ t: "request", id, name, params }),
    close: async () => {
      if (untold.length > 0) {
        const told = new Promise<void>((resolve) => (markTold = resolve));
        await Promise.race([told, delay(LAST_WORD_LIMIT_MS, undefined, { ref: false })]);
      }
      for (const { frames } of watchers) frames.end();
      const timer = setTimeout(() => {
        for (const { frames } of watchers) frames.destroy();
      }, LAST_WORD_LIMIT_MS);
      await listener.close();
      clearTimeout(timer);
    },
  };
}

/** Null for what an older runner, such as this one may be by then, does not know. */
function parse(frame: string | Uint8Array): ToRunner | null {
  if (typeof frame !== "string") return null;
  try {
    const message = ToRunner.safeParse(JSON.parse(frame));
    return message.success ? message.data : null;
  } catch {
    return null;
  }
}
