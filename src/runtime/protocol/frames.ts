import * as z from "zod";
import { WireError } from "./errors.js";
import { SidecarEvent, Snapshot } from "./events.js";
import { StreamId } from "./ids.js";
import { SidecarStatus } from "./sidecar.js";

/**
 * What travels between a client and the sidecar, over whatever transport: text frames hold one of the JSON
 * messages below or a birpc call (`t` is "q" or "s"); binary frames hold output bytes.
 *
 * The opener of a socket speaks first: `auth`, answered with `open` or `refused`. A relay does that on behalf of
 * the browser, which never sees the token. Then the client says `hello` and hears `welcome` or `refused`.
 */
export type Frame = string | Uint8Array;

export const AuthFrame = z.object({ t: z.literal("auth"), token: z.string(), via: z.string() });
export type AuthFrame = z.infer<typeof AuthFrame>;

export const HelloFrame = z.object({
  t: z.literal("hello"),
  protocol: z.tuple([z.number(), z.number()]),
  client: z.object({ name: z.string(), version: z.string() }),
  /** Whether this client follows events, and the last one it saw. */
  events: z.boolean(),
  resume: z.object({ epoch: z.string(), seq: z.number() }).nullable(),
});
export type HelloFrame = z.infer<typeof HelloFrame>;

export const WelcomeFrame = z.object({
  t: z.literal("welcome"),
  protocol: z.number(),
  version: z.string(),
  home: z.string(),
  epoch: z.string(),
  /** The sidecar's clock, in milliseconds: the browser's may differ. */
  now: z.number(),
  mode: SidecarStatus.shape.mode,
});
export type WelcomeFrame = z.infer<typeof WelcomeFrame>;

export const RefusedFrame = z.object({ t: z.literal("refused"), error: WireError });
export type RefusedFrame = z.infer<typeof RefusedFrame>;

/** From the sidecar to a client, besides birpc replies. */
export const ServerFrame = z.discriminatedUnion("t", [
  z.object({ t: z.literal("open") }),
  WelcomeFrame,
  RefusedFrame,
  z.object({ t: z.literal("snapshot"), seq: z.number(), state: Snapshot }),
  z.object({ t: z.literal("event"), seq: z.number(), event: SidecarEvent }),
  /** Bytes from..to of the stream are gone for good (the log was rotated). */
  z.object({ t: z.literal("gap"), stream: StreamId, from: z.number(), to: z.number() }),
  /** The stream is complete: nothing will follow byte `offset`. */
  z.object({ t: z.literal("end"), stream: StreamId, offset: z.number() }),
  z.object({ t: z.literal("pong") }),
  /** The sidecar ends; `reason` says why in words. */
  z.object({
    t: z.literal("bye"),
    reason: z.string(),
    /** True when a person asked for it: a client that comes back by itself would start it again. */
    asked: z.boolean().optional(),
  }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;

/** From a client to the sidecar, besides birpc requests. */
export const ClientFrame = z.discriminatedUnion("t", [
  AuthFrame,
  HelloFrame,
  z.object({ t: z.literal("credit"), stream: StreamId, bytes: z.number().int().positive() }),
  z.object({ t: z.literal("ping") }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

/** Binary frame: stream number (4 bytes), offset of the first byte (8 bytes), then the bytes. Big-endian. */
export const STREAM_HEADER_BYTES = 12;

/** Writes the header of a frame whose bytes are in place already. */
export function writeOutputHeader(frame: Uint8Array, stream: StreamId, offset: number): void {
  const view = new DataView(frame.buffer, frame.byteOffset);
  view.setUint32(0, stream);
  view.setBigUint64(4, BigInt(offset));
}

export function packOutput(stream: StreamId, offset: number, bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(STREAM_HEADER_BYTES + bytes.length);
  writeOutputHeader(frame, stream, offset);
  frame.set(bytes, STREAM_HEADER_BYTES);
  return frame;
}

/** The opposite of `packOutput`, or null when the frame is too short to be one. */
export function unpackOutput(frame: Uint8Array): { stream: StreamId; offset: number; bytes: Uint8Array } | null {
  if (frame.length < STREAM_HEADER_BYTES) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return {
    stream: view.getUint32(0) as StreamId,
    offset: Number(view.getBigUint64(4)),
    bytes: frame.subarray(STREAM_HEADER_BYTES),
  };
}
