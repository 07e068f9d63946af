import * as z from "zod";
import type { Channel, ChannelListener, Timers, Transport } from "../runtime/client/transport.js";
import {
  ERROR_CODES,
  type ErrorCode,
  fromWireError,
  PinokioError,
  type WireError,
} from "../runtime/protocol/errors.js";
import type { Frame } from "../runtime/protocol/frames.js";
import { type KernelEnd, onKernelEnd } from "./kernel-end.js";

/** The part of a widget's model that this needs; anywidget's and ipywidgets' own have it. */
export interface CommModel {
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[] | ArrayBufferView[]): void;
  on(event: string, callback: (...args: unknown[]) => void): unknown;
  off(event: string, callback: (...args: unknown[]) => void): unknown;
  /** Whether a kernel stands behind it; anywidget does not tell. */
  comm_live?: boolean;
  /** The page's, where it tells more of the kernel. */
  widget_manager?: unknown;
}

/** What the kernel's bridge says. `view` is the number of the channel that `open` made up. */
const FromKernel = z.discriminatedUnion("t", [
  z.object({ t: z.literal("opened"), view: z.string() }),
  z.object({
    t: z.literal("frames"),
    view: z.string(),
    batch: z.number(),
    kinds: z.array(z.union([z.literal(0), z.literal(1)])),
  }),
  z.object({
    t: z.literal("closed"),
    view: z.string(),
    code: z.string().nullish(),
    message: z.string().nullish(),
    hint: z.string().nullish(),
  }),
]);

/** Jupyter drops messages of a comm that come much faster than this for some seconds. */
const BETWEEN_MESSAGES_MS = 50;
const OPEN_LIMIT_MS = 20_000;
/** Twenty messages a second carry enough only when each may be large. */
const WINDOW_BYTES = 4 * 1024 * 1024;

const NO_ANSWER: WireError = {
  code: "not-connected",
  message: "The kernel does not answer: it is busy or was ended",
  hint: "Wait for the running cell, or run the setup cell again",
};
const KERNEL_GONE: WireError = {
  code: "session-ended",
  message: "The kernel was restarted",
  hint: "Run the setup cell to reconnect",
};

export const KERNEL_ENDED: Record<KernelEnd, WireError> = {
  restarted: KERNEL_GONE,
  gone: {
    code: "session-ended",
    message: "The kernel was shut down",
    hint: "Run the setup cell: it starts a new one",
  },
};

/** Reaches the sidecar through the kernel: frames travel as buffers of the widget's custom messages. */
export function createCommTransport(model: CommModel, timers: Timers): Transport {
  return { name: "comm", windowBytes: WINDOW_BYTES, open: (listener) => openChannel(model, timers, listener) };
}

function openChannel(model: CommModel, timers: Timers, listener: ChannelListener): Promise<Channel> {
  const view = randomId();
  let state: "opening" | "open" | "closed" = "opening";
  const decoder = new TextDecoder();

  return new Promise((resolve, reject) => {
    const send = (message: object, buffers: Uint8Array[] = []) => {
      try {
        model.send(message, undefined, buffers);
      } catch {
        // A comm that was disposed, or a kernel that is known to be dead.
        end(KERNEL_GONE);
      }
    };
    const outbox = createOutbox(timers, (frames) =>
      send(
        { t: "frames", view, kinds: frames.map((frame) => (typeof frame === "string" ? 0 : 1)) },
        frames.map(toBuffer),
      ),
    );

    const detach = () => {
      timers.clearTimeout(tooSlow);
      outbox.close();
      model.off("msg:custom", onMessage);
      model.off("comm:close", onGone);
      model.off("comm_live_update", onLiveUpdate);
      forgetKernel();
    };
    const end = (reason: WireError) => {
      if (state === "closed") return;
      const before = state;
      state = "closed";
      detach();
      if (before === "opening") reject(fromWireError(reason));
      else listener.onClosed(reason);
    };

    const onMessage = (content: unknown, buffers: unknown) => {
      const parsed = FromKernel.safeParse(content);
      if (!parsed.success || parsed.data.view !== view || state === "closed") return;
      const message = parsed.data;
      switch (message.t) {
        case "opened":
          if (state !== "opening") return;
          state = "open";
          timers.clearTimeout(tooSlow);
          resolve(channel);
          break;
        case "frames":
          message.kinds.forEach((kind, index) => {
            const bytes = toBytes(Array.isArray(buffers) ? buffers[index] : undefined);
            listener.onFrame(kind === 0 ? decoder.decode(bytes) : bytes);
          });
          // The kernel sends more only once it knows that this was taken.
          send({ t: "ack", view, batch: message.batch });
          break;
        case "closed":
          end({
            code: toCode(message.code),
            message: message.message ?? "The connection through the kernel was closed",
            ...(message.hint == null ? {} : { hint: message.hint }),
          });
          break;
      }
    };
    const onGone = () => end(KERNEL_GONE);
    // Where the model does not tell, a change can only be for the worse: it was live when this channel opened.
    const onLiveUpdate = () => {
      if (model.comm_live !== true) end(KERNEL_GONE);
    };

    const channel: Channel = {
      send: (frame) => {
        if (state !== "closed") outbox.add(frame);
      },
      close: () => {
        if (state === "closed") return;
        send({ t: "close", view });
        state = "closed";
        detach();
      },
    };

    const forgetKernel = onKernelEnd(model.widget_manager, (how) => end(KERNEL_ENDED[how]));
    const tooSlow = timers.setTimeout(() => end(NO_ANSWER), OPEN_LIMIT_MS);
    model.on("msg:custom", onMessage);
    model.on("comm:close", onGone);
    model.on("comm_live_update", onLiveUpdate);
    if (model.comm_live === false) end(KERNEL_GONE);
    else send({ t: "open", view });
  });
}

/** Hands the first frame after a silence on at once and gathers those that follow. */
function createOutbox(timers: Timers, flush: (frames: Frame[]) => void) {
  let frames: Frame[] = [];
  let pause: unknown = null;
  let closed = false;
  const onPauseOver = () => {
    pause = null;
    if (frames.length > 0) sendNow();
  };
  const sendNow = () => {
    const batch = frames;
    frames = [];
    pause = timers.setTimeout(onPauseOver, BETWEEN_MESSAGES_MS);
    flush(batch);
  };
  return {
    add: (frame: Frame) => {
      if (closed) return;
      frames.push(frame);
      if (pause === null) sendNow();
    },
    close: () => {
      closed = true;
      frames = [];
      timers.clearTimeout(pause);
    },
  };
}

const encoder = new TextEncoder();

/** Some senders take the whole memory behind a view, so what is not exactly as long is copied. */
function toBuffer(frame: Frame): Uint8Array {
  const bytes = typeof frame === "string" ? encoder.encode(frame) : frame;
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

function toBytes(buffer: unknown): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  throw new PinokioError("internal", "A message from the kernel lacks one of its buffers");
}

const toCode = (code: string | null | undefined): ErrorCode =>
  code != null && Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : "not-connected";

const randomId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
