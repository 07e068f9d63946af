import type { Socket } from "node:net";
import { createBirpc } from "birpc";
import { type KnownApps, withKnownApps } from "../base/app-missing.js";
import { type FrameSocket, frameSocket } from "../base/frame-socket.js";
import type { Log } from "../base/log.js";
import { isSameToken } from "../base/token.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import type { Snapshot } from "../protocol/events.js";
import { ClientFrame, type Frame, type HelloFrame, type ServerFrame } from "../protocol/frames.js";
import { MAX_FRAME_BYTES } from "../protocol/limits.js";
import type { StreamId } from "../protocol/ids.js";
import type { RequestName } from "../protocol/requests.js";
import { agreeOnProtocol, SPOKEN, VERSION } from "../protocol/version.js";
import type { EventLog } from "./event-log.js";
import type { ClientContext, Handlers } from "./handlers/handler.js";
import { CHANGING_REQUESTS, STARTING_REQUESTS } from "./handlers/index.js";
import { OutputSender } from "./output-sender.js";
import { paramsText, schemaOfParams } from "./params-schema.js";

/** What every connection shares. */
export interface ConnectionServices {
  token(): string;
  home: string;
  mode(): { mode: Snapshot["mode"]; modeReason: string | null };
  snapshot(): Promise<Snapshot>;
  /** True once everything is being stopped: nothing is started any more. */
  isGoingDown(): boolean;
  events: EventLog;
  handlers: Handlers<RequestName>;
  /** Said to whoever names an app that is not here. */
  apps?(): KnownApps;
  log: Log;
}

/** One client of the sidecar, from its first byte on. */
export interface ClientConnection {
  readonly isOpen: boolean;
  sayGoodbye(reason: string, asked: boolean): void;
  destroy(): void;
}

const AUTH_LIMIT_MS = 5_000;
/** Above this the transport is not keeping up: output waits in its file instead of in our memory. */
const FULL_BYTES = 1024 * 1024;
/** Requests of one client that are worked on at once; the rest waits at its end of the socket. */
const MOST_REQUESTS = 64;
/** Streams one client may have open. */
const MOST_STREAMS = 64;

type Stage = "auth" | "hello" | "open";

export function acceptClient(socket: Socket, services: ConnectionServices, onClosed: () => void): ClientConnection {
  const { events, log } = services;
  const streams = new Map<StreamId, OutputSender>();
  let stage: Stage = "auth";
  let clientName = "unknown";
  let stopEvents = () => {};
  let waitingForRoom: (() => void)[] = [];
  let requests = 0;
  let missedEvents = false;
  let onRpc: (message: unknown) => void = () => undefined;

  const frames: FrameSocket = frameSocket(socket, {
    onFrame: (frame) => {
      try {
        receive(frame);
      } catch (error) {
        log.write("warn", "client sent nonsense", { client: clientName, error: String(error) });
        refuse({ code: "request-invalid", message: `The sidecar cannot read a message: ${String(error)}` });
      }
    },
    onDrain: () => {
      letSend();
      slowDown();
      if (missedEvents && frames.buffered < FULL_BYTES) void sendSnapshot();
    },
    onClosed: () => {
      clearTimeout(tooSlow);
      stopEvents();
      for (const stream of streams.values()) stream.close();
      streams.clear();
      letSend();
      onClosed();
    },
  });

  const letSend = () => {
    const waiting = waitingForRoom;
    waitingForRoom = [];
    for (const resolve of waiting) resolve();
  };

  const sendText = (text: string): void => {
    if (Buffer.byteLength(text) <= MAX_FRAME_BYTES) frames.send(text);
    else log.write("error", "a message was too large to be sent", { client: clientName, start: text.slice(0, 80) });
    slowDown();
  };

  const send = (message: ServerFrame) => sendText(JSON.stringify(message));

  /** A client that does not read its answers, or asks faster than they can be found, is read no further. */
  const slowDown = () => {
    if (requests >= MOST_REQUESTS || frames.buffered > 4 * FULL_BYTES) frames.pause();
    else frames.resume();
  };

  const refuse = (error: WireError) => {
    send({ t: "refused", error });
    frames.end();
  };

  const receive = (frame: Frame) => {
    if (typeof frame !== "string") return; // clients send no binary frames
    const message: unknown = JSON.parse(frame);
    if (stage === "open" && isRpc(message)) return onRpc(message);
    const parsed = ClientFrame.parse(message);
    if (stage === "auth") {
      if (parsed.t !== "auth" || !isSameToken(parsed.token, services.token())) {
        return refuse({
          code: "not-authorised",
          message: "The sidecar did not accept the token",
          hint: "Restart what connects to it, so that it reads the token again",
        });
      }
      clearTimeout(tooSlow);
      stage = "hello";
      clientName = parsed.via;
      send({ t: "open" });
    } else if (stage === "hello" && parsed.t === "hello") {
      void welcome(parsed);
    } else if (parsed.t === "credit") {
      streams.get(parsed.stream)?.addCredit(parsed.bytes);
    } else if (parsed.t === "ping") {
      send({ t: "pong" });
    }
  };

  const welcome = async (hello: HelloFrame) => {
    const protocol = agreeOnProtocol(SPOKEN, hello.protocol);
    if (protocol === null) {
      const older = hello.protocol[1] < SPOKEN[0];
      const isPage = hello.client.name === "jupyterlab" || hello.client.name === "notebook";
      return refuse({
        code: "protocol-mismatch",
        message: `This ${isPage ? "page" : "program"} is version ${hello.client.version} of PinokioCloud, and version ${VERSION} runs on the machine: they do not understand each other`,
        hint: older
          ? isPage
            ? "Reload the page; if that does not help, update PinokioCloud where Jupyter runs"
            : "Update PinokioCloud where this program runs"
          : "Run `pinokiocloud up --replace`: apps that run go on running",
        context: { older: older ? "asker" : "sidecar" },
      });
    }
    clientName = `${hello.client.name} ${hello.client.version} via ${clientName}`;
    stage = "open";
    const { mode } = services.mode();
    send({ t: "welcome", protocol, version: VERSION, home: services.home, epoch: events.epoch, now: Date.now(), mode });
    if (hello.events) await followEvents(hello.resume);
  };

  const followEvents = async (resume: HelloFrame["resume"]) => {
    const missed = resume === null ? null : events.since(resume);
    if (missed === null) return sendSnapshot();
    for (const { text } of missed) sendText(text);
    listenToEvents();
  };

  const listenToEvents = () => {
    stopEvents();
    missedEvents = false;
    stopEvents = events.listen(({ text }) => {
      // Who cannot keep up gets how things are then, instead of all that happened until then.
      if (missedEvents || frames.buffered > FULL_BYTES) missedEvents = true;
      else sendText(text);
    });
  };

  const sendSnapshot = async () => {
    stopEvents();
    missedEvents = false;
    // Events that happen while the snapshot is made are sent after it: they replace what they name.
    const meanwhile: string[] = [];
    stopEvents = events.listen(({ text }) => void meanwhile.push(text));
    const { seq } = events;
    try {
      const state = await services.snapshot();
      if (socket.destroyed) return stopEvents();
      send({ t: "snapshot", seq, state });
      for (const text of meanwhile) sendText(text);
      listenToEvents();
    } catch (error) {
      stopEvents();
      refuse(toWireError(error));
    }
  };

  const context: ClientContext = {
    get name() {
      return clientName;
    },
    streams,
    openStream: (stream, target, credit) => {
      streams.get(stream)?.close();
      if (streams.size >= MOST_STREAMS) {
        throw new PinokioError("request-invalid", `A client may have ${MOST_STREAMS} streams open at once`);
      }
      const sender = new OutputSender(
        stream,
        target,
        {
          send: (bytes, onWritten) => void frames.send(bytes, onWritten),
          sendEnd: (ended, offset) => {
            streams.delete(ended);
            send({ t: "end", stream: ended, offset });
          },
          sendGap: (of, from, to) => send({ t: "gap", stream: of, from, to }),
          room: () =>
            frames.buffered < FULL_BYTES || socket.destroyed
              ? Promise.resolve()
              : new Promise((resolve) => waitingForRoom.push(resolve)),
        },
        credit,
      );
      streams.set(stream, sender);
      return sender;
    },
  };

  createBirpc<Record<string, never>, Record<string, never>, false>(
    {},
    {
      post: (message: { i: string }) => {
        const text = JSON.stringify(message);
        if (Buffer.byteLength(text) <= MAX_FRAME_BYTES) return void frames.send(text);
        const error: WireError = { code: "internal", message: "The answer is too large to be sent" };
        frames.send(JSON.stringify({ t: "s", i: message.i, r: { ok: false, error } }));
      },
      on: (receiver) => {
        onRpc = receiver;
      },
      proxify: false,
      resolver: (name) => async (params: unknown) => {
        requests++;
        slowDown();
        try {
          return await answer(name, params, services, context);
        } finally {
          requests--;
          slowDown();
        }
      },
    },
  );

  const tooSlow = setTimeout(() => frames.destroy(), AUTH_LIMIT_MS);

  return {
    get isOpen() {
      return stage === "open";
    },
    sayGoodbye: (reason, asked) => {
      if (stage === "open") send({ t: "bye", reason, asked });
      frames.end();
    },
    destroy: () => frames.destroy(),
  };
}

type Reply = { ok: true; value: unknown } | { ok: false; error: WireError };

/** Runs one request. Whatever happens in it becomes a reply; nothing is thrown at the transport. */
async function answer(
  name: string,
  params: unknown,
  { handlers, mode, isGoingDown, apps, log }: ConnectionServices,
  client: ClientContext,
): Promise<Reply> {
  try {
    if (!isRequestName(name, handlers)) {
      throw new PinokioError("request-invalid", `The sidecar knows no request named "${name}"`, {
        hint: "The client may be newer than the sidecar: run `pinokiocloud up --replace`",
      });
    }
    if (isGoingDown() && STARTING_REQUESTS.has(name)) {
      throw new PinokioError("sidecar-ending", "Everything is being stopped", { hint: "Try again in a moment" });
    }
    const { modeReason, mode: current } = mode();
    if (current === "read-only" && CHANGING_REQUESTS.has(name)) {
      throw new PinokioError("home-read-only", "This home can only be looked at here", {
        hint: modeReason ?? undefined,
      });
    }
    const schema = schemaOfParams(name);
    const checked = (schema instanceof Promise ? await schema : schema).safeParse(params);
    if (!checked.success) {
      const [issue] = checked.error.issues;
      throw new PinokioError(
        "request-invalid",
        issue === undefined ? `${name} is not as expected` : paramsText(name, issue),
        {
          context: { request: name },
        },
      );
    }
    const handler = handlers[name] as (params: unknown, client: ClientContext) => unknown;
    return { ok: true, value: await handler(checked.data, client) };
  } catch (error) {
    if (!(error instanceof PinokioError)) {
      log.write("error", "request failed", {
        request: name,
        error: error instanceof Error ? error.stack : String(error),
      });
    }
    return { ok: false, error: toWireError(apps === undefined ? error : withKnownApps(error, apps)) };
  }
}

const isRequestName = (name: string, handlers: Handlers<RequestName>): name is RequestName =>
  Object.hasOwn(handlers, name);

const isRpc = (message: unknown): boolean =>
  typeof message === "object" && message !== null && "t" in message && (message.t === "q" || message.t === "s");
