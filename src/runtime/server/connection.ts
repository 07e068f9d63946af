import type { Socket } from "node:net";
import { createBirpc } from "birpc";
import { type FrameSocket, frameSocket } from "../base/frame-socket.js";
import type { Log } from "../base/log.js";
import { isSameToken } from "../base/token.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import type { Snapshot } from "../protocol/events.js";
import { ClientFrame, type Frame, type HelloFrame, type ServerFrame } from "../protocol/frames.js";
import type { StreamId } from "../protocol/ids.js";
import { REQUESTS, type RequestName } from "../protocol/requests.js";
import { agreeOnProtocol, SPOKEN, VERSION } from "../protocol/version.js";
import type { EventLog } from "./event-log.js";
import type { ClientContext, Handlers } from "./handlers/handler.js";
import { CHANGING_REQUESTS } from "./handlers/index.js";
import { OutputSender } from "./output-sender.js";

/** What every connection shares. */
export interface ConnectionServices {
  token(): string;
  home: string;
  mode(): { mode: Snapshot["mode"]; modeReason: string | null };
  snapshot(): Promise<Snapshot>;
  events: EventLog;
  handlers: Handlers<RequestName>;
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

type Stage = "auth" | "hello" | "open";

export function acceptClient(socket: Socket, services: ConnectionServices, onClosed: () => void): ClientConnection {
  const { events, log } = services;
  const streams = new Map<StreamId, OutputSender>();
  let stage: Stage = "auth";
  let clientName = "unknown";
  let stopEvents = () => {};
  let waitingForRoom: (() => void)[] = [];
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
    onDrain: () => letSend(),
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

  const send = (message: ServerFrame) => frames.send(JSON.stringify(message));

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
      return refuse({
        code: "protocol-mismatch",
        message: `This is ${hello.client.name} ${hello.client.version}, the sidecar is version ${VERSION}: they cannot talk to each other`,
        hint: older
          ? "Reload the page; if that does not help, update PinokioCloud where Jupyter runs"
          : "Run `pinokiocloud up --replace`: apps that run go on running",
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
    if (missed !== null) {
      for (const numbered of missed) send({ t: "event", ...numbered });
      stopEvents = events.listen((numbered) => send({ t: "event", ...numbered }));
      return;
    }
    // Events that happen while the snapshot is made are sent after it: they replace what they name.
    const meanwhile: ServerFrame[] = [];
    const stop = events.listen((numbered) => meanwhile.push({ t: "event", ...numbered }));
    const { seq } = events;
    const state = await services.snapshot();
    stop();
    if (socket.destroyed) return;
    send({ t: "snapshot", seq, state });
    for (const event of meanwhile) send(event);
    stopEvents = events.listen((numbered) => send({ t: "event", ...numbered }));
  };

  const context: ClientContext = {
    get name() {
      return clientName;
    },
    streams,
    openStream: (stream, target, credit) => {
      streams.get(stream)?.close();
      const sender = new OutputSender(
        stream,
        target,
        {
          send: (bytes, onWritten) => void frames.send(bytes, onWritten),
          sendEnd: (ended, offset) => {
            streams.delete(ended);
            send({ t: "end", stream: ended, offset });
          },
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
      post: (message) => void frames.send(JSON.stringify(message)),
      on: (receiver) => {
        onRpc = receiver;
      },
      proxify: false,
      resolver: (name) => (params: unknown) => answer(name, params, services, context),
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
  { handlers, mode, log }: ConnectionServices,
  client: ClientContext,
): Promise<Reply> {
  try {
    if (!isRequestName(name)) {
      throw new PinokioError("request-invalid", `The sidecar knows no request named "${name}"`, {
        hint: "The client may be newer than the sidecar: run `pinokiocloud up --replace`",
      });
    }
    const { modeReason, mode: current } = mode();
    if (current === "read-only" && CHANGING_REQUESTS.has(name)) {
      throw new PinokioError("home-read-only", "This home can only be looked at here", {
        hint: modeReason ?? undefined,
      });
    }
    const checked = REQUESTS[name].params.safeParse(params);
    if (!checked.success) {
      const [issue] = checked.error.issues;
      throw new PinokioError(
        "request-invalid",
        `${name}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "is not as expected"}`.replace(/\s+/g, " "),
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
    return { ok: false, error: toWireError(error) };
  }
}

const isRequestName = (name: string): name is RequestName => Object.hasOwn(REQUESTS, name);

const isRpc = (message: unknown): boolean =>
  typeof message === "object" && message !== null && "t" in message && (message.t === "q" || message.t === "s");
