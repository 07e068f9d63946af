import { createBirpc } from "birpc";
import { fromWireError, PinokioError, type WireError } from "../protocol/errors.js";
import { type Frame, type HelloFrame, ServerFrame, unpackOutput, type WelcomeFrame } from "../protocol/frames.js";
import type { ParamsOf, ReplyOf, RequestName } from "../protocol/requests.js";
import { SPOKEN } from "../protocol/version.js";
import type { StreamId } from "../protocol/ids.js";
import type { Channel, Timers, Transport } from "./transport.js";

const HELLO_TIMEOUT_MS = 15_000;
const PING_EVERY_MS = 15_000;
/** How long a ping may stay unanswered. Counted from the ping: a hidden page is woken once a minute only. */
const PONG_LIMIT_MS = 30_000;
/** Requests that take longer than this were lost: the sidecar answers long work at once and reports by events. */
const REQUEST_TIMEOUT_MS = 120_000;

/** What a connection hands on: the rest it handles itself. */
export interface ConnectionListener {
  /** Before any other frame of this connection is handed on. */
  onWelcome(welcome: WelcomeFrame): void;
  onServerFrame(frame: ServerFrame): void;
  onOutput(stream: StreamId, offset: number, bytes: Uint8Array): void;
  /** Not called after `close`. */
  onClosed(reason: WireError): void;
}

type Reply<Value> = { ok: true; value: Value } | { ok: false; error: WireError };

/** One conversation with the sidecar, from `hello` until it closes. It is never opened again. */
export interface Connection {
  readonly welcome: WelcomeFrame;
  request<Name extends RequestName>(name: Name, params: ParamsOf<Name>): Promise<ReplyOf<Name>>;
  sendCredit(stream: StreamId, bytes: number): void;
  close(): void;
}

export interface ConnectOptions {
  transport: Transport;
  timers: Timers;
  client: HelloFrame["client"];
  events: boolean;
  resume: HelloFrame["resume"];
  listener: ConnectionListener;
}

/** Opens the transport, introduces the client and resolves once the sidecar welcomed it. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { transport, timers, listener } = options;
  let onRpc: (message: unknown) => void = () => undefined;
  let closed = false;
  let channel: Channel | null = null;
  let lastHeard = timers.now();
  let pingedAt: number | null = null;
  let heartbeat: unknown = null;
  const welcomed = deferred<WelcomeFrame>();

  const fail = (reason: WireError) => {
    if (closed) return;
    closed = true;
    timers.clearTimeout(heartbeat);
    rpc.$close(new PinokioError("not-connected", reason.message, { hint: reason.hint }));
    channel?.close();
    if (!welcomed.settled) welcomed.reject(fromWireError(reason));
    else listener.onClosed(reason);
  };

  const receive = (frame: Frame) => {
    if (closed) return;
    lastHeard = timers.now();
    if (typeof frame !== "string") {
      const output = unpackOutput(frame);
      if (output !== null) listener.onOutput(output.stream, output.offset, output.bytes);
      return;
    }
    const message: unknown = JSON.parse(frame);
    if (isRpc(message)) return onRpc(message);
    const parsed = ServerFrame.safeParse(message);
    if (!parsed.success) return; // a newer sidecar may say more than we know
    const server = parsed.data;
    if (server.t === "welcome") {
      listener.onWelcome(server);
      welcomed.resolve(server);
    } else if (server.t === "refused") fail(server.error);
    else if (server.t !== "pong" && server.t !== "open") listener.onServerFrame(server);
  };

  const send = (message: unknown) => channel?.send(JSON.stringify(message));

  const rpc = createBirpc<Record<string, (params: unknown) => Reply<unknown>>, Record<string, never>, false>(
    {},
    {
      post: send,
      on: (receiver) => {
        onRpc = receiver;
      },
      proxify: false,
      timeout: REQUEST_TIMEOUT_MS,
    },
  );

  const beat = () => {
    const silentMs = pingedAt === null || lastHeard >= pingedAt ? 0 : timers.now() - pingedAt;
    if (silentMs >= PONG_LIMIT_MS) {
      fail({
        code: "not-connected",
        message: `The sidecar has not answered for ${Math.round(silentMs / 1000)} seconds`,
      });
      return;
    }
    if (silentMs === 0) {
      pingedAt = timers.now();
      send({ t: "ping" });
    }
    heartbeat = timers.setTimeout(beat, PING_EVERY_MS);
  };

  channel = await transport.open({ onFrame: receive, onClosed: fail });
  send({
    t: "hello",
    protocol: [...SPOKEN],
    client: options.client,
    events: options.events,
    resume: options.resume,
  } satisfies HelloFrame);

  const tooSlow = timers.setTimeout(
    () => fail({ code: "not-connected", message: "The sidecar did not answer within 15 seconds" }),
    HELLO_TIMEOUT_MS,
  );
  try {
    const welcome = await welcomed.promise;
    heartbeat = timers.setTimeout(beat, PING_EVERY_MS);
    return {
      welcome,
      request: async (name, params) => {
        if (closed) throw new PinokioError("not-connected", "There is no connection to the sidecar");
        const reply = (await rpc.$call(name, params)) as Reply<ReplyOf<typeof name>>;
        if (!reply.ok) throw fromWireError(reply.error);
        return reply.value;
      },
      sendCredit: (stream, bytes) => {
        if (!closed) send({ t: "credit", stream, bytes });
      },
      close: () => {
        if (closed) return;
        closed = true;
        timers.clearTimeout(heartbeat);
        rpc.$close(new PinokioError("not-connected", "The connection was closed"));
        channel?.close();
      },
    };
  } finally {
    timers.clearTimeout(tooSlow);
  }
}

const isRpc = (message: unknown): boolean =>
  typeof message === "object" && message !== null && "t" in message && (message.t === "q" || message.t === "s");

function deferred<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  const state = {
    promise,
    settled: false,
    resolve: (value: Value) => {
      state.settled = true;
      resolve(value);
    },
    reject: (error: unknown) => {
      state.settled = true;
      reject(error);
    },
  };
  return state;
}
