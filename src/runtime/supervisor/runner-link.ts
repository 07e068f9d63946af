import { connect } from "node:net";
import { type FrameSocket, frameSocket } from "../base/frame-socket.js";
import { FromRunner, type ToRunner } from "../protocol/channel.js";
import { toWireError, type WireError } from "../protocol/errors.js";
import type { RunId } from "../protocol/ids.js";
import type { Run } from "../protocol/runs.js";
import type { RunSteps } from "../protocol/steps.js";
import type { SharedScript } from "../protocol/shared.js";

/** The sidecar's end of a runner's socket. */
export interface RunnerLink {
  stop(graceMs: number, failure?: WireError): void;
  setNice(nice: number, because: string | null): void;
  /** Tells the runner what became known of scripts. */
  tellScripts(scripts: Record<string, SharedScript>, whole: boolean): void;
  answer(question: string, value: unknown): void;
  type(text: string): void;
  resize(columns: number, rows: number): void;
  /** The steps that changed after `after`; null when the runner does not say, as an older one. */
  steps(after: number): Promise<RunSteps | null>;
  close(): void;
}

export interface RunnerLinkListener {
  onState(run: Run): void;
  onOutput(bytes: number): void;
  onShared(global: Record<string, unknown>, value: unknown): void;
  onTold(kind: string, params: unknown): void;
  /** Resolves with what the runner asks for. */
  onRequest(name: string, params: unknown): Promise<unknown>;
  /** The runner is gone or does not answer; not called after `close`. */
  onClosed(): void;
}

const FIRST_STATE_LIMIT_MS = 5_000;
const STEPS_LIMIT_MS = 3_000;

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
    const asked = new Map<number, (steps: RunSteps | null) => void>();
    let questions = 0;
    const socket = connect(path);
    const send = (message: ToRunner) => frames.send(JSON.stringify(message));
    const link: RunnerLink = {
      stop: (graceMs, failure) => void send({ t: "stop", graceMs, ...(failure === undefined ? {} : { failure }) }),
      setNice: (nice, because) => void send({ t: "nice", nice, because }),
      tellScripts: (scripts, whole) => void send({ t: "scripts", scripts, whole }),
      answer: (question, value) => void send({ t: "answer", question, value }),
      type: (text) => void send({ t: "type", text }),
      resize: (columns, rows) => void send({ t: "resize", columns, rows }),
      steps: (after) =>
        new Promise((settle) => {
          const id = ++questions;
          const tooLong = setTimeout(() => asked.get(id)?.(null), STEPS_LIMIT_MS);
          asked.set(id, (steps) => {
            clearTimeout(tooLong);
            asked.delete(id);
            settle(steps);
          });
          send({ t: "steps", id, after });
        }),
      close: () => {
        closed = true;
        frames.destroy();
      },
    };
    const frames: FrameSocket = frameSocket(socket, {
      onFrame: (frame) => {
        if (typeof frame !== "string" || closed) return;
        const said = parseJson(frame);
        if (isOutput(said)) return listener.onOutput(said.bytes);
        const message = FromRunner.safeParse(said);
        if (!message.success) return; // a newer runner may say more than the core
        if (message.data.t === "state") {
          if (message.data.run.id !== id) return frames.destroy(); // somebody else listens there
          listener.onState(message.data.run);
          if (!answered) {
            answered = true;
            clearTimeout(timer);
            resolve(link);
          }
        } else if (message.data.t === "shared") {
          listener.onShared(message.data.global, message.data.value);
        } else if (message.data.t === "steps") {
          asked.get(message.data.id)?.(message.data.steps);
        } else if (message.data.t === "tell") {
          listener.onTold(message.data.kind, message.data.params);
        } else if (message.data.t === "request") {
          const { id, name, params } = message.data;
          listener.onRequest(name, params).then(
            (value) => void send({ t: "reply", id, value }),
            (error: unknown) => void send({ t: "reply", id, value: null, error: toWireError(error) }),
          );
        }
      },
      onClosed: () => {
        clearTimeout(timer);
        for (const settle of [...asked.values()]) settle(null);
        if (!answered) resolve(null);
        else if (!closed) listener.onClosed();
        closed = true;
      },
    });
    const timer = setTimeout(() => frames.destroy(), FIRST_STATE_LIMIT_MS);
    socket.on("connect", () => send({ t: "auth", token, serves: true }));
  });
}

/** Said many times a second, so it is looked at without the schema. */
const isOutput = (said: unknown): said is Extract<FromRunner, { t: "output" }> =>
  typeof said === "object" &&
  said !== null &&
  "t" in said &&
  said.t === "output" &&
  "bytes" in said &&
  typeof said.bytes === "number";

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
