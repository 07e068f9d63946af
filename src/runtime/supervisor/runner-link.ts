import { connect } from "node:net";
import { type FrameSocket, frameSocket } from "../base/frame-socket.js";
import { FromRunner, type ToRunner } from "../protocol/channel.js";
import type { RunId } from "../protocol/ids.js";
import type { Run } from "../protocol/runs.js";

/** The sidecar's end of a runner's socket. */
export interface RunnerLink {
  stop(graceMs: number): void;
  close(): void;
}

export interface RunnerLinkListener {
  onState(run: Run): void;
  onOutput(bytes: number): void;
  /** The runner is gone or does not answer; not called after `close`. */
  onClosed(): void;
}

const FIRST_STATE_LIMIT_MS = 5_000;

/** Resolves once the runner has told its state; null when nothing answers there. */
export function openRunnerLink(
  path: string,
  id: RunId,
  token: string,
  listener: RunnerLinkListener,
): Promise<RunnerLink | null> {
  return new Promise((resolve) => {
    let closed = false;
    let answered = false;
    const socket = connect(path);
    const send = (message: ToRunner) => frames.send(JSON.stringify(message));
    const link: RunnerLink = {
      stop: (graceMs) => void send({ t: "stop", graceMs }),
      close: () => {
        closed = true;
        frames.destroy();
      },
    };
    const frames: FrameSocket = frameSocket(socket, {
      onFrame: (frame) => {
        if (typeof frame !== "string" || closed) return;
        const message = FromRunner.safeParse(parseJson(frame));
        if (!message.success) return; // a newer runner may say more than the core
        if (message.data.t === "state") {
          if (message.data.run.id !== id) return frames.destroy(); // somebody else listens there
          listener.onState(message.data.run);
          if (!answered) {
            answered = true;
            clearTimeout(timer);
            resolve(link);
          }
        } else if (message.data.t === "output") {
          listener.onOutput(message.data.bytes);
        }
      },
      onClosed: () => {
        clearTimeout(timer);
        if (!answered) resolve(null);
        else if (!closed) listener.onClosed();
        closed = true;
      },
    });
    const timer = setTimeout(() => frames.destroy(), FIRST_STATE_LIMIT_MS);
    socket.on("connect", () => send({ t: "auth", token }));
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
