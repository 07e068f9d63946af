import type { SidecarEvent, Snapshot } from "../protocol/events.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import type { HelloFrame, ServerFrame } from "../protocol/frames.js";
import { type RunId, StreamId } from "../protocol/ids.js";
import type { ParamsOf, ReplyOf, RequestName } from "../protocol/requests.js";
import type { SidecarStatus } from "../protocol/sidecar.js";
import { decideAfterClose } from "./close-decision.js";
import { connect, type Connection } from "./connection.js";
import {
  DEFAULT_WINDOW_BYTES,
  type OutputListener,
  type OutputOptions,
  OutputStream,
  type StreamLink,
} from "./output-stream.js";
import { applyEvent } from "./store.js";
import type { Timers, Transport } from "./transport.js";

/** Where a client stands with the sidecar. `message` and `error` are words for the person. */
export type ConnectionState =
  | { kind: "connecting" }
  | { kind: "connected"; version: string; home: string; mode: SidecarStatus["mode"] }
  | { kind: "waiting"; message: string; hint: string | undefined; retryAt: number }
  | { kind: "given-up"; error: WireError }
  | { kind: "closed" };

/** What a view, a widget, the command line or a test holds: the sidecar, near or far. */
export interface SidecarClient {
  readonly connection: ConnectionState;
  /** How far the sidecar's clock is ahead of ours: for times that it wrote. */
  readonly clockAheadMs: number;
  /** Apps, runs and notices as last heard; null until the first snapshot. Kept while disconnected. */
  readonly state: Snapshot | null;
  /** Calls the listener after `connection` or `state` has changed. Returns how to stop that. */
  subscribe(listener: () => void): () => void;
  /** Calls the listener with every event, also those that leave no trace in `state`. Returns how to stop that. */
  onEvent(listener: (event: SidecarEvent) => void): () => void;
  /** Waits for a connection that is being made; rejects with a `PinokioError`. */
  request<Name extends RequestName>(name: Name, params: ParamsOf<Name>): Promise<ReplyOf<Name>>;
  /** Follows a run's output, over reconnections too, until it is closed or the run is over. */
  openOutput(runId: RunId, listener: OutputListener, options?: OutputOptions): { close(): void };
  /** Tries again at once, whatever the state. */
  retryNow(): void;
  close(): void;
}

export interface SidecarClientOptions {
  transport: Transport;
  timers: Timers;
  client: HelloFrame["client"];
  /** False for a client that only asks, such as a short command. Default true. */
  events?: boolean;
  /** False for a client that fails at once instead of trying again. Default true. */
  reconnect?: boolean;
}

/** Connects at once and keeps connected. */
export function createSidecarClient(options: SidecarClientOptions): SidecarClient {
  const { transport, timers, client, events = true, reconnect = true } = options;
  const listeners = new Set<() => void>();
  const eventListeners = new Set<(event: SidecarEvent) => void>();
  const outputs = new Set<OutputStream>();
  const byStream = new Map<StreamId, OutputStream>();
  let status: ConnectionState = { kind: "connecting" };
  let snapshot: Snapshot | null = null;
  let lastSeen: HelloFrame["resume"] = null;
  let current: Connection | null = null;
  let attempt = 0;
  let clockAheadMs = 0;
  let nextStream = 1;
  let generation = 0;
  let retryTimer: unknown = null;
  let farewell: (ServerFrame & { t: "bye" }) | null = null;
  let waiting: { resolve(connection: Connection): void; reject(error: unknown): void }[] = [];

  const tell = () => {
    for (const listener of [...listeners]) listener();
  };

  const setStatus = (next: ConnectionState) => {
    status = next;
    tell();
  };

  const openConnection = async (): Promise<void> => {
    const mine = ++generation;
    timers.clearTimeout(retryTimer);
    current?.close();
    current = null;
    farewell = null;
    for (const output of outputs) output.detach();
    byStream.clear();
    if (status.kind !== "connecting") setStatus({ kind: "connecting" });
    try {
      const connection = await connect({
        transport,
        timers,
        client,
        events,
        resume: lastSeen,
        listener: {
          onWelcome: ({ epoch, now }) => {
            clockAheadMs = now - timers.now();
            if (mine === generation && lastSeen?.epoch !== epoch) lastSeen = { epoch, seq: 0 };
          },
          onServerFrame: (frame) => {
            if (mine === generation) onServerFrame(frame);
          },
          onOutput: (stream, offset, bytes) => {
            if (mine === generation) byStream.get(stream)?.push(bytes, offset);
          },
          onClosed: (reason) => {
            if (mine === generation) onLost(reason);
          },
        },
      });
      if (mine !== generation) return connection.close();
      onConnected(connection);
    } catch (error) {
      if (mine === generation) onLost(toWireError(error));
    }
  };

  const onConnected = (connection: Connection) => {
    const { welcome } = connection;
    current = connection;
    attempt = 0;
    const settled = waiting;
    waiting = [];
    setStatus({ kind: "connected", version: welcome.version, home: welcome.home, mode: welcome.mode });
    for (const { resolve } of settled) resolve(connection);
    for (const output of outputs) attachOutput(output, connection);
  };

  const onLost = (reason: WireError) => {
    current = null;
    const told = farewell === null ? reason : toldByFarewell(farewell, reason);
    const decision = decideAfterClose(told, attempt++);
    const error = new PinokioError(told.code, told.message, { hint: told.hint, context: told.context });
    if (!reconnect || decision.kind === "give-up") {
      rejectWaiting(error);
      setStatus({ kind: "given-up", error: told });
      return;
    }
    if (attempt > 1) rejectWaiting(error); // a person who clicked should not wait for the third attempt
    retryTimer = timers.setTimeout(() => void openConnection(), decision.afterMs);
    setStatus({
      kind: "waiting",
      message: decision.message,
      hint: told.hint,
      retryAt: timers.now() + decision.afterMs,
    });
  };

  const rejectWaiting = (error: unknown) => {
    const rejected = waiting;
    waiting = [];
    for (const { reject } of rejected) reject(error);
  };

  const onServerFrame = (frame: ServerFrame) => {
    switch (frame.t) {
      case "snapshot":
        snapshot = frame.state;
        if (lastSeen !== null) lastSeen = { ...lastSeen, seq: frame.seq };
        tell();
        break;
      case "event":
        if (snapshot !== null) snapshot = applyEvent(snapshot, frame.event);
        if (lastSeen !== null) lastSeen = { ...lastSeen, seq: frame.seq };
        tell();
        for (const listener of [...eventListeners]) listener(frame.event);
        break;
      case "gap":
        byStream.get(frame.stream)?.gap(frame.from, frame.to);
        break;
      case "end": {
        const output = byStream.get(frame.stream);
        byStream.delete(frame.stream);
        if (output !== undefined) {
          outputs.delete(output);
          output.end(frame.offset);
        }
        break;
      }
      case "bye":
        farewell = frame;
        break;
      case "open":
      case "pong":
      case "refused":
      case "welcome":
        break; // the connection has dealt with these
    }
  };

  const connected = (): Promise<Connection> => {
    if (current !== null) return Promise.resolve(current);
    if (status.kind === "given-up") {
      const { code, message, hint } = status.error;
      return Promise.reject(new PinokioError(code, message, { hint }));
    }
    if (status.kind === "closed") return Promise.reject(new PinokioError("not-connected", "The client was closed"));
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };

  const attachOutput = (output: OutputStream, connection: Connection): void => {
    const stream = StreamId.parse(nextStream++);
    const link: StreamLink = {
      open: (wanted) => connection.request("output.open", wanted),
      credit: (to, bytes) => connection.sendCredit(to, bytes),
      close: (closing) => {
        byStream.delete(closing);
        connection.request("output.close", { stream: closing }).catch(() => undefined); // closing a closed stream is fine
      },
    };
    byStream.set(stream, output);
    void output.attach(link, stream);
  };

  void openConnection();

  return {
    get connection() {
      return status;
    },
    get clockAheadMs() {
      return clockAheadMs;
    },
    get state() {
      return snapshot;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onEvent: (listener) => {
      eventListeners.add(listener);
      return () => void eventListeners.delete(listener);
    },
    request: async (name, params) => (await connected()).request(name, params),
    openOutput: (runId, listener, outputOptions = {}) => {
      const output = new OutputStream(runId, listener, {
        windowBytes: transport.windowBytes ?? DEFAULT_WINDOW_BYTES,
        ...outputOptions,
      });
      outputs.add(output);
      if (current !== null) attachOutput(output, current);
      return {
        close: () => {
          outputs.delete(output);
          output.close();
        },
      };
    },
    retryNow: () => {
      if (status.kind === "closed") return;
      attempt = 0;
      void openConnection();
    },
    close: () => {
      generation++;
      timers.clearTimeout(retryTimer);
      current?.close();
      current = null;
      rejectWaiting(new PinokioError("not-connected", "The client was closed"));
      setStatus({ kind: "closed" });
      listeners.clear();
      eventListeners.clear();
    },
  };
}

const toldByFarewell = (
  { reason, asked }: { reason: string; asked?: boolean | undefined },
  lost: WireError,
): WireError =>
  asked === true
    ? { code: "sidecar-stopped", message: reason, hint: "It starts again when you connect again" }
    : { ...lost, message: reason };
